package livehost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source/procfs"
)

// held are the named listening sockets of one process.
type held struct {
	unix []procfs.UnixListener
	tcp  []procfs.TCPListener
}

// heldBy joins the descriptors of a process with the socket tables of its own
// network namespace.
func heldBy(m Machine, pid int) (held, error) {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return held{}, err
	}
	defer dir.Close()
	all, err := m.listening(dir)
	if err != nil {
		return held{}, err
	}
	open := m.socketsOf(pid)
	if open.err != nil {
		return held{}, open.err
	}
	inodes := make(map[uint64]bool, len(open.inodes))
	for _, inode := range open.inodes {
		inodes[inode] = true
	}
	var mine held
	for _, l := range all.unix {
		if inodes[l.Inode] {
			mine.unix = append(mine.unix, l)
		}
	}
	for _, l := range all.tcp {
		if inodes[l.Inode] {
			mine.tcp = append(mine.tcp, l)
		}
	}
	return mine, nil
}

// listening reads the socket tables of a process's network namespace, which
// are world-readable. A kernel without IPv6 has no tcp6.
func listening(dir *procfs.Dir) (held, error) {
	var out held
	data, err := dir.Read("net/unix", nil)
	if err != nil {
		return held{}, err
	}
	out.unix = procfs.ParseUnix(data)
	for _, table := range []string{"net/tcp", "net/tcp6"} {
		data, err := dir.Read(table, data)
		if errors.Is(err, fs.ErrNotExist) && table == "net/tcp6" {
			continue
		}
		if err != nil {
			return held{}, err
		}
		list, err := procfs.ParseTCP(data)
		if err != nil {
			return held{}, fmt.Errorf("%s: %w", dir.Where(table), err)
		}
		out.tcp = append(out.tcp, list...)
	}
	return out, nil
}

// holdersOf finds the processes that hold sockets. The error says that the
// descriptors of some processes could not be read, so that there may be more.
func holdersOf(ctx context.Context, m Machine, wanted map[uint64]bool) (map[uint64][]process, error) {
	all, err := m.openSockets()
	if err != nil {
		return nil, err
	}
	out, hidden := holdersAmong(ctx, m, all, wanted)
	if m.once == nil || hidden != nil || len(out) == len(wanted) {
		return out, hidden
	}
	// One may have been opened since the descriptors were read.
	if all, err = scanSockets(m.Proc); err != nil {
		return nil, err
	}
	return holdersAmong(ctx, m, all, wanted)
}

func holdersAmong(ctx context.Context, m Machine, all []openSockets, wanted map[uint64]bool) (map[uint64][]process, error) {
	out := map[uint64][]process{}
	var hidden error
	for _, p := range all {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if err := addHolder(m, p, wanted, out); err != nil && !gone(err) && hidden == nil {
			hidden = err
		}
	}
	return out, hidden
}

func addHolder(m Machine, open openSockets, wanted map[uint64]bool, out map[uint64][]process) error {
	var found []uint64
	for _, inode := range open.inodes {
		if wanted[inode] && !slices.Contains(found, inode) {
			found = append(found, inode)
		}
	}
	if len(found) == 0 {
		return open.err
	}
	dir, err := procfs.OpenDir(m.Proc, open.pid)
	if err != nil {
		return err
	}
	defer dir.Close()
	p, err := describeProcess(dir)
	for _, inode := range found {
		out[inode] = append(out[inode], p)
	}
	return cmp.Or(open.err, err)
}

// gone reports whether an error says that a process has ended.
func gone(err error) bool {
	return errors.Is(err, unix.ESRCH) || errors.Is(err, fs.ErrNotExist)
}

func holderFacts(list []process) []snapshot.Holder {
	out := make([]snapshot.Holder, 0, len(list))
	for _, p := range list {
		out = append(out, snapshot.Holder{PID: p.pid, Executable: p.program()})
	}
	return out
}
