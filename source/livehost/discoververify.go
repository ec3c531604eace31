package livehost

import (
	"sync"

	"golang.org/x/sys/unix"

	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"seawall/snapshot"
	"seawall/source/procfs"
)

// verify asks all candidates at once whether they are engines. A socket that a
// service manager holds for an engine that does not run is not touched: a
// connection would start it.
func (d *discovery) verify(ctx context.Context) []found {
	sleeping := d.sleeping(ctx)
	results := make([]*found, len(d.candidates))
	var all sync.WaitGroup
	for i := range d.candidates {
		c := &d.candidates[i]
		all.Go(func() {
			if manager, ok := sleeping[i]; ok {
				results[i] = &found{kind: kindOf(c.socket.path), gap: asleep(c.socket.name(), manager)}
				results[i].daemonGap = results[i].gap
			} else {
				results[i] = d.verifyOne(ctx, *c)
			}
			if f := results[i]; f != nil {
				f.name, f.foundBy, f.socket = "unix://"+c.socket.name(), c.foundBy, &c.socket
			}
		})
	}
	all.Wait()
	var out []found
	for i, f := range results {
		if f == nil || f.daemon.pid != 0 && d.claimed[f.daemon.pid] {
			continue
		}
		d.claimed[f.daemon.pid] = true
		if f.daemon.pid == 0 {
			for _, pid := range d.candidates[i].pids {
				d.claimed[pid] = true
			}
		}
		out = append(out, *f)
	}
	return out
}

// verifyOne returns nil for a socket that is no engine's, also for one of a
// program that forwards to an engine. One that does not answer in time and whose
// daemon may not be looked for may be an engine's.
func (d *discovery) verifyOne(ctx context.Context, c candidate) *found {
	kind, err := ping(ctx, c.socket.dial(), pingTimeout)
	if errors.Is(err, unix.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return nil // nobody listens: a file left over
	}
	f := &found{kind: kind}
	f.daemon, f.daemonGap = daemonOf(ctx, d.m, c.socket)
	if f.daemonGap != nil && f.daemonGap.Reason == snapshot.ReasonRemote {
		return nil
	}
	if f.daemon.pid != 0 && errors.Is(err, context.DeadlineExceeded) { // a busy engine
		f.kind, err = ping(ctx, c.socket.dial(), patience)
	}
	if err == nil {
		return f
	}
	slow := errors.Is(err, context.DeadlineExceeded) && f.daemonGap != nil && f.daemonGap.Reason == snapshot.ReasonPermission
	if !errors.Is(err, fs.ErrPermission) && f.daemon.pid == 0 && !slow {
		return nil // something else, or a socket that never answers
	}
	f.kind, f.gap = kindOf(c.socket.path), gapPtr(err)
	if errors.Is(err, fs.ErrPermission) {
		f.gap.Remedy = whoMay(c.socket)
		f.daemonGap = f.gap
	}
	return f
}

// whoMay says who may connect to a socket that refused this process.
func whoMay(s socketFile) string {
	file, err := s.view.Stat(s.path, "")
	if err != nil || file.Mode&0o020 == 0 || file.Group == "root" {
		return "run as root"
	}
	return "run as root or as a member of group " + groupLabel(file)
}

func groupLabel(f snapshot.File) string {
	if f.Group != "" {
		return f.Group
	}
	return fmt.Sprint(f.GID)
}

func kindOf(p string) string {
	if strings.Contains(path.Base(p), "podman") {
		return "podman"
	}
	return "docker"
}

// sleeping tells the candidates that only a service manager holds, where the
// descriptors of processes can be read.
func (d *discovery) sleeping(ctx context.Context) map[int]process {
	dir, err := procfs.OpenDir(d.m.Proc, viewerPID(d.m))
	if err != nil {
		return nil
	}
	defer dir.Close()
	table, err := d.m.listening(dir)
	if err != nil {
		return nil
	}
	wanted, of := map[uint64]bool{}, map[int][]uint64{}
	for at, bound := range boundIn(d.m.Files, table.unix) {
		inode := table.unix[at].Inode
		for i, c := range d.candidates {
			if c.socket.is(bound) {
				wanted[inode] = true
				of[i] = append(of[i], inode)
			}
		}
	}
	holders, _ := holdersOf(ctx, d.m, wanted)
	out := map[int]process{}
	for i, inodes := range of {
		var all []process
		for _, inode := range inodes {
			all = append(all, holders[inode]...)
		}
		if len(all) > 0 && !slices.ContainsFunc(all, func(p process) bool { return !p.isManager() }) {
			out[i] = all[0]
		}
	}
	return out
}
