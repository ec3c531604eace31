package livehost

import (
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
	all, err := listening(dir)
	if err != nil {
		return held{}, err
	}
	inodes := map[uint64]bool{}
	if err := dir.Sockets(func(inode uint64) { inodes[inode] = true }); err != nil {
		return held{}, err
	}
	all.unix = slices.DeleteFunc(all.unix, func(l procfs.UnixListener) bool { return !inodes[l.Inode] })
	all.tcp = slices.DeleteFunc(all.tcp, func(l procfs.TCPListener) bool { return !inodes[l.Inode] })
	return all, nil
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
	pids, err := procfs.PIDs(m.Proc)
	if err != nil {
		return nil, err
	}
	out := map[uint64][]process{}
	var hidden error
	for _, pid := range pids {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if err := addHolder(m, pid, wanted, out); err != nil && !gone(err) && hidden == nil {
			hidden = err
		}
	}
	return out, hidden
}

func addHolder(m Machine, pid int, wanted map[uint64]bool, out map[uint64][]process) error {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return err
	}
	defer dir.Close()
	var found []uint64
	err = dir.Sockets(func(inode uint64) {
		if wanted[inode] && !slices.Contains(found, inode) {
			found = append(found, inode)
		}
	})
	if len(found) == 0 {
		return err
	}
	p, err := describeProcess(dir)
	for _, inode := range found {
		out[inode] = append(out[inode], p)
	}
	return err
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
