package livehost

import (
	"context"
	"path"
	"slices"
	"strings"

	"seawall/source/procfs"
)

// process is a process in brief.
type process struct {
	pid  int
	comm string // as the kernel names it, world-readable
	exe  string // "" where it may not be read
	args []string
}

// program is the best name there is for what the process runs.
func (p process) program() string {
	if p.exe != "" {
		return p.exe
	}
	return p.comm
}

// isDaemonProgram reports whether a program of this name serves the Engine API:
// dockerd, also under names like dockerd-ce, and its kin. dockerd-rootless.sh
// only starts one.
func isDaemonProgram(name string) bool {
	switch name {
	case "docker-current", "balenad", "balena-engine-d", "balena-engine-daemon", "podman":
		return true
	}
	return strings.HasPrefix(name, "dockerd") && !strings.HasPrefix(name, "dockerd-rootles")
}

// isEngine reports whether the process is an engine's daemon, by what it runs.
// It chooses candidates; which process serves a socket is asked of the socket.
func (p process) isEngine() bool {
	arg := ""
	if len(p.args) > 0 {
		arg = path.Base(p.args[0])
	}
	exe := p.exeName()
	// dockerd runs itself under other names to unpack layers: the executable
	// alone does not tell.
	if !isDaemonProgram(p.comm) && (!isDaemonProgram(exe) || strings.HasPrefix(arg, "docker-") || p.comm == "exe") {
		return false
	}
	if p.comm == "podman" || exe == "podman" {
		return slices.Contains(p.args, "system") && slices.Contains(p.args, "service")
	}
	return true
}

// namedAsEngine reports whether the process may be an engine, by its names.
func (p process) namedAsEngine() bool {
	return isDaemonProgram(p.comm) || isDaemonProgram(p.exeName())
}

// exeName is the executable without its directory.
func (p process) exeName() string { return path.Base(strings.TrimSuffix(p.exe, " (deleted)")) }

// isManager reports whether the process is a service manager, which listens on
// behalf of others.
func (p process) isManager() bool {
	return p.comm == "systemd" || path.Base(p.exe) == "systemd" || p.pid == 1 && p.comm == "init"
}

// readProcess reads a process. One that has ended or is hidden is an error;
// an executable that may not be read is left empty.
func readProcess(m Machine, pid int) (process, error) {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return process{}, err
	}
	defer dir.Close()
	return describeProcess(dir)
}

func describeProcess(dir *procfs.Dir) (process, error) {
	p, err := nameProcess(dir)
	if err == nil {
		p.readArgs(dir)
	}
	return p, err
}

// nameProcess reads what a process runs, without its arguments.
func nameProcess(dir *procfs.Dir) (process, error) {
	comm, err := dir.Read("comm", nil)
	if err != nil {
		return process{}, err
	}
	p := process{pid: dir.PID, comm: strings.TrimSuffix(string(comm), "\n")}
	p.exe, _ = dir.Link("exe")
	return p, nil
}

func (p *process) readArgs(dir *procfs.Dir) {
	if args, err := dir.Read("cmdline", nil); err == nil {
		p.args = procfs.Words(args)
	}
}

// engineProcess reads a process if it runs an engine. Of the many others it
// reads the names only.
func engineProcess(m Machine, pid int) (process, bool) {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return process{}, false
	}
	defer dir.Close()
	p, err := nameProcess(dir)
	if err != nil || !p.namedAsEngine() {
		return p, false
	}
	p.readArgs(dir)
	return p, p.isEngine()
}

// engineProcesses lists the processes of this machine that run an engine.
func engineProcesses(ctx context.Context, m Machine) ([]process, error) {
	pids, err := procfs.PIDs(m.Proc)
	if err != nil {
		return nil, err
	}
	engines := make([]*process, len(pids))
	eachShare(len(pids), func(from, to int) {
		for i := from; i < to && ctx.Err() == nil; i++ {
			if p, ok := engineProcess(m, pids[i]); ok {
				engines[i] = &p
			}
		}
	})
	var out []process
	for _, p := range engines {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, ctx.Err()
}
