package livehost

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// socketFile is a unix socket found in some view of the files.
type socketFile struct {
	view *hostfile.FS
	path string // in the view, without links
	info hostfile.Info
}

// findSocket resolves a path to the socket it leads to.
func findSocket(view *hostfile.FS, path string) (socketFile, error) {
	real, info, err := view.Find(path)
	if err != nil {
		return socketFile{}, err
	}
	if info.Mode&fs.ModeSocket == 0 {
		return socketFile{}, lang.RecordErrorf("%s is not a socket", view.Where(path))
	}
	return socketFile{view: view, path: real, info: info}, nil
}

// boundIn finds the files in a view that listening sockets are bound to, in the
// order of the listeners; one without a path, a file or a socket there is zero.
func boundIn(view *hostfile.FS, listeners []procfs.UnixListener) []socketFile {
	paths := make([]string, len(listeners))
	for i, l := range listeners {
		paths[i] = l.Path
	}
	out := make([]socketFile, len(listeners))
	view.FindEach(paths, func(i int, real string, info hostfile.Info) {
		if info.Mode&fs.ModeSocket != 0 {
			out[i] = socketFile{view: view, path: real, info: info}
		}
	})
	return out
}

// dial is the path to connect to from here.
func (s socketFile) dial() string { return s.view.Path(s.path) }

// name is the path in messages.
func (s socketFile) name() string { return s.view.Where(s.path) }

func (s socketFile) is(other socketFile) bool {
	return s.info.Dev == other.info.Dev && s.info.Inode == other.info.Inode
}

// located is the daemon behind an endpoint.
type located struct {
	process
	// activated: the service manager listens for it.
	activated bool
}

// foreign is the gap of everything this host could tell of an engine that
// lies behind a program that only forwards to it.
func foreign(p process, where string) *snapshot.Gap {
	return &snapshot.Gap{
		Reason: snapshot.ReasonRemote,
		Detail: lang.Recordf("%s is served by %s (process %d), which is no engine but leads to one elsewhere", where, p.program(), p.pid),
		Remedy: lang.N("audit the engine at its own socket, on its own host"),
	}
}

// hiddenProcess is the gap where the daemon is not among the processes that
// this process sees.
func hiddenProcess(where string) *snapshot.Gap {
	return &snapshot.Gap{
		Reason: snapshot.ReasonNamespace,
		Detail: lang.Recordf("the process that listens on %s is not visible in this pid namespace", where),
		Remedy: onHostRemedy,
	}
}

// daemonOf finds the process that serves a unix socket: the peer of a
// connection or, where that is the service manager, who else holds the
// listening socket.
func daemonOf(ctx context.Context, m Machine, s socketFile) (located, *snapshot.Gap) {
	if !ownProc(m) {
		return located{}, hiddenProcess(s.name())
	}
	pid, err := peer(ctx, s.dial())
	if err != nil {
		return located{}, gapPtr(err)
	}
	if pid == 0 {
		return located{}, hiddenProcess(s.name())
	}
	p, err := readProcess(m, pid)
	if err != nil {
		return located{}, gapPtr(lang.RecordErrorf("the process that listens on %s: %w", s.name(), err))
	}
	inodes, err := listeningInodes(m, p, s)
	switch {
	case p.isManager() && err != nil:
		return located{}, gapPtr(lang.RecordErrorf("which process serves the socket that %s holds: %w", p.comm, err))
	case p.isManager():
		return activatedDaemon(ctx, m, p, s, inodes)
	case !p.isEngine():
		return located{}, foreign(p, s.name())
	case err == nil && len(inodes) == 0:
		return located{}, &snapshot.Gap{Reason: snapshot.ReasonVanished, Detail: lang.Recordf("process %d does not hold the socket %s any more", pid, s.name())}
	}
	return located{process: p}, nil
}

// listeningInodes are the listening sockets of a process that are bound to the
// socket file.
func listeningInodes(m Machine, p process, s socketFile) (map[uint64]bool, error) {
	h, err := heldBy(m, p.pid)
	if err != nil {
		return nil, err
	}
	out := map[uint64]bool{}
	for i, bound := range boundIn(viewOf(m, p.pid), h.unix) {
		if bound.is(s) {
			out[h.unix[i].Inode] = true
		}
	}
	return out, nil
}

func activatedDaemon(ctx context.Context, m Machine, manager process, s socketFile, inodes map[uint64]bool) (located, *snapshot.Gap) {
	holders, err := holdersOf(ctx, m, inodes)
	for _, p := range byPID(holders) {
		if !p.isManager() {
			return located{process: p, activated: true}, nil
		}
	}
	if err != nil {
		return located{}, gapPtr(lang.RecordErrorf("which process serves %s: %w", s.name(), err))
	}
	return located{}, asleep(s.name(), manager)
}

// byPID lists the holders of several sockets.
func byPID(holders map[uint64][]process) []process {
	var all []process
	for _, list := range holders {
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b process) int { return a.pid - b.pid })
	return slices.CompactFunc(all, func(a, b process) bool { return a.pid == b.pid })
}

// asleep is the gap of an engine that its service manager has not started.
func asleep(where string, manager process) *snapshot.Gap {
	return &snapshot.Gap{
		Reason: snapshot.ReasonFailed,
		Detail: lang.Recordf("the engine does not run; %s (process %d) holds %s and would start it at the first connection", manager.comm, manager.pid, where),
		Remedy: lang.N("start the engine and audit again"),
	}
}

// daemonOfTCP finds the process behind a TCP endpoint of this host, which may
// have several addresses.
func daemonOfTCP(ctx context.Context, m Machine, addresses []netip.AddrPort) (located, *snapshot.Gap) {
	dir, err := procfs.OpenDir(m.Proc, selfPID(m))
	if err != nil {
		return located{}, gapPtr(err)
	}
	defer dir.Close()
	table, err := m.listening(dir)
	if err != nil {
		return located{}, gapPtr(err)
	}
	wanted, where := map[uint64]bool{}, addresses[0].String()
	for _, l := range table.tcp {
		if slices.ContainsFunc(addresses, func(a netip.AddrPort) bool { return serves(l.Address, a) }) {
			wanted[l.Inode] = true
		}
	}
	if len(wanted) == 0 {
		return located{}, hiddenProcess(where)
	}
	holders, err := holdersOf(ctx, m, wanted)
	all := byPID(holders)
	for _, p := range all {
		if p.isEngine() {
			return located{process: p, activated: slices.ContainsFunc(all, process.isManager)}, nil
		}
	}
	switch {
	case err != nil:
		return located{}, gapPtr(lang.RecordErrorf("which process listens on %s: %w", where, err))
	case len(all) > 0:
		return located{}, foreign(all[0], where)
	}
	return located{}, hiddenProcess(where)
}

// serves reports whether a listening address gets connections to another. One
// on all IPv6 addresses gets those to IPv4 too.
func serves(listening, to netip.AddrPort) bool {
	l, t := listening.Addr().Unmap(), to.Addr().Unmap()
	if listening.Port() != to.Port() {
		return false
	}
	return l == t || l.IsUnspecified() && (l.Is6() || t.Is4())
}

func gapPtr(err error) *snapshot.Gap {
	g := source.GapFrom(err)
	if gone(err) && !errors.Is(err, fs.ErrPermission) {
		g.Reason = snapshot.ReasonVanished
	}
	return &g
}
