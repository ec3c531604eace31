package livehost

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// ControlSocketFile is a unix socket through which an engine or a containerd
// of this machine can be controlled.
type ControlSocketFile struct {
	// Path is where it was found: on this host, in the mount namespace of the
	// engine, or below the root of another process ("/proc/812/root/run/…").
	Path    string
	Service string // "engine" or "containerd"
	Engine  string // the engine it controls, if it is one of the snapshot
	// Dev and Inode are those of the socket file.
	Dev, Inode uint64
}

// processWorkers read containers at the same time: enough to hide the waiting
// for the kernel's locks, few enough to leave the machine to its containers.
const processWorkers = 4

// collectProcesses completes the process facts of the running containers of a
// local engine from /proc. The engine's API has told the process number, in
// the pid namespace of the engine; the process found is believed only if its
// cgroup or its shim names the container.
func collectProcesses(ctx context.Context, m Machine, e *snapshot.Engine, sockets []ControlSocketFile) {
	containers, _ := e.Containers.Peek()
	var running []*snapshot.Container
	for i := range containers {
		if p := containers[i].Process; p.State() == snapshot.Seen {
			running = append(running, &containers[i])
		}
	}
	if len(running) == 0 {
		return
	}
	view, gap := newProcessView(m, e, sockets, running)
	if gap != nil {
		for _, c := range running {
			c.Process = snapshot.Lost[snapshot.Process](*gap, c.Process.Origin())
		}
		return
	}
	work := make(chan *snapshot.Container)
	var workers sync.WaitGroup
	for range min(processWorkers, len(running)) {
		workers.Go(func() {
			r := processReader{view: view, buf: make([]byte, 0, 16<<10)}
			for c := range work {
				c.Process = r.process(ctx, c)
			}
		})
	}
	for _, c := range running {
		work <- c
	}
	close(work)
	workers.Wait()
}

// processReader reads containers one after the other into one buffer.
type processReader struct {
	view *processView
	buf  []byte
}

// process reads the process of one container.
func (r *processReader) process(ctx context.Context, c *snapshot.Container) snapshot.Fact[snapshot.Process] {
	told, _ := c.Process.Peek()
	origin := c.Process.Origin()
	if err := ctx.Err(); err != nil {
		return snapshot.Lost[snapshot.Process](source.GapFrom(lang.RecordErrorf("process of container %s: %w", c.Name, err)), origin)
	}
	var failed error
	for _, pid := range r.view.candidates(told.PID) {
		dir, err := procfs.OpenDir(r.view.m.Proc, pid)
		if err != nil {
			failed = err
			continue
		}
		status, own, err := r.identify(dir, c.ID)
		if err == nil && own {
			p := snapshot.Process{PID: pid}
			r.fill(&p, dir, status, c)
			alive := dir.Alive()
			dir.Close()
			if !alive {
				return snapshot.Lost[snapshot.Process](vanished(c, pid), origin)
			}
			return snapshot.See(p, snapshot.At("process", dir.Where("")))
		}
		dir.Close()
		failed = err
	}
	if failed != nil && !errors.Is(failed, unix.ESRCH) && !errors.Is(failed, unix.ENOENT) {
		return snapshot.Lost[snapshot.Process](source.GapFrom(lang.RecordErrorf("process of container %s: %w", c.Name, failed)), origin)
	}
	return snapshot.Lost[snapshot.Process](vanished(c, told.PID), origin)
}

func vanished(c *snapshot.Container, pid int) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonVanished,
		Detail: lang.Recordf("process %d is not, or no longer, one of container %s: neither its cgroup nor its parent names the container", pid, c.Name),
		Remedy: lang.N("audit again: the container may have ended or restarted meanwhile"),
	}
}

// identify reads the status of a process and whether it is one of the
// container: its cgroup names it or, where the engine manages no cgroups
// (rootless on cgroup v1), the command line of its parent, the shim.
func (r *processReader) identify(dir *procfs.Dir, id string) (procfs.Status, bool, error) {
	var err error
	if r.buf, err = dir.Read("status", r.buf); err != nil {
		return procfs.Status{}, false, err
	}
	status, err := procfs.ParseStatus(r.buf)
	if err != nil || id == "" {
		return status, false, err
	}
	if r.buf, err = dir.Read("cgroup", r.buf); err == nil && strings.Contains(string(r.buf), id) {
		return status, true, nil
	}
	return status, status.PPid > 0 && r.isShim(status.PPid, id), nil
}

// isShim reports whether a process is containerd's or Docker's shim of the
// container: it is given the id as an argument of its own, or (before
// containerd 1.3) as the last element of its working directory.
func (r *processReader) isShim(pid int, id string) bool {
	dir, err := procfs.OpenDir(r.view.m.Proc, pid)
	if err != nil {
		return false
	}
	defer dir.Close()
	if r.buf, err = dir.Read("cmdline", r.buf); err != nil {
		return false
	}
	args := strings.Split(string(r.buf), "\x00")
	if !strings.Contains(filepath.Base(args[0]), "shim") && !strings.Contains(filepath.Base(args[0]), "conmon") {
		return false
	}
	for _, arg := range args[1:] {
		if filepath.Base(arg) == id {
			return true
		}
	}
	return false
}

// candidates are the processes that may be the one the engine numbers pid: it
// itself, or, for an engine in another pid namespace, those with that number
// there. Namespaces at the same depth give several.
func (v *processView) candidates(pid int) []int {
	if v.depth == 0 {
		return []int{pid}
	}
	return v.translated[pid]
}

// translate reads the numbers of all processes in the pid namespaces at a
// depth below this one's, for those that are asked for.
func translate(proc string, depth int, asked map[int]bool) (map[int][]int, error) {
	pids, err := procfs.PIDs(proc)
	if err != nil {
		return nil, err
	}
	out := make(map[int][]int, len(asked))
	var buf []byte
	for _, pid := range pids {
		inner := 0
		if inner, buf = innerPID(proc, pid, depth, buf); asked[inner] {
			out[inner] = append(out[inner], pid)
		}
	}
	return out, nil
}

// innerPID is the number of a process at a depth, 0 if it has none.
func innerPID(proc string, pid, depth int, buf []byte) (int, []byte) {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return 0, buf
	}
	defer dir.Close()
	if buf, err = dir.Read("status", buf); err != nil {
		return 0, buf
	}
	status, err := procfs.ParseStatus(buf)
	if err != nil || len(status.NSpid) <= depth {
		return 0, buf
	}
	return status.NSpid[depth], buf
}
