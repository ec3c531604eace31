package livehost

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// listenerSet collects the listeners of one engine.
type listenerSet struct {
	d     *daemon
	hosts []string // where it was told to listen, for sure or not
	known bool     // hosts is for sure all of it
	out   []snapshot.Listener
	// inodes are the listening sockets of each listener, to find their holders.
	inodes []uint64
	files  []ControlSocketFile
}

// fillListeners lists the sockets through which an engine and its containerd can
// be controlled, and returns the files of those that have one.
func fillListeners(ctx context.Context, d *daemon, f found, e *snapshot.Engine) []ControlSocketFile {
	o := snapshot.At("sockets", d.dir.Where("net"))
	held, err := heldBy(d.m, d.pid)
	if err != nil {
		fillUsedListener(ctx, d.ground, f, e, *gapPtr(lang.RecordErrorf("which sockets the engine listens on: %w", err)), o)
		return nil
	}
	s := &listenerSet{d: d}
	hosts, told := e.Settings.Hosts.Peek()
	s.hosts, s.known = slices.Clone(hosts), told
	if u, ok := e.Daemon.Unit.Peek(); ok {
		for _, address := range u.Listen {
			s.hosts = append(s.hosts, listenURL(address))
		}
	}
	for _, l := range held.unix {
		s.addUnix(ctx, l, f)
	}
	for _, l := range held.tcp {
		s.addTCP(ctx, l)
	}
	e.SwarmPorts = snapshot.See(swarmPorts(held.tcp), o)
	s.addForwarded(ctx, held.tcp)
	s.addContainerd()
	s.addHolders(ctx)
	e.Listeners = snapshot.See(s.out, o)
	e.AllListeners = snapshot.See(true, snapshot.At("sockets", d.dir.Where("fd")))
	return s.files
}

// listenURL turns a ListenStream= of a socket unit into a Docker host URL.
func listenURL(address string) string {
	if strings.HasPrefix(address, "/") || strings.HasPrefix(address, "%") {
		return "unix://" + strings.ReplaceAll(address, "%t", "/run")
	}
	if !strings.Contains(address, ":") {
		address = "[::]:" + address
	}
	return "tcp://" + address
}

// addUnix adds a unix socket if the Engine API answers there, or the daemon
// was told to serve it there.
func (s *listenerSet) addUnix(ctx context.Context, l procfs.UnixListener, f found) {
	if !strings.HasPrefix(l.Path, "/") || internalSocket(l.Path) {
		return
	}
	socket, err := findSocket(s.d.view, l.Path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return // removed: nobody can connect
		}
		socket = socketFile{view: s.d.view, path: l.Path}
	}
	if pid, err := peer(ctx, socket.dial()); err == nil && pid != s.d.pid && !s.d.activated {
		return // another process has bound the path since
	}
	isFound := f.socket != nil && socket.is(*f.socket)
	if !isFound && !slices.Contains(s.hosts, "unix://"+l.Path) {
		if _, err := ping(ctx, socket.dial(), pingTimeout); err != nil {
			return
		}
	}
	if isFound && s.d.contained == nil {
		socket = *f.socket // under the name it was found by
	}
	s.append(s.d.unixListener("engine", socket), l.Inode)
	s.files = append(s.files, ControlSocketFile{Path: socket.name(), Service: "engine", Engine: f.name, Dev: socket.info.Dev, Inode: socket.info.Inode})
}

func (s *listenerSet) append(l snapshot.Listener, inode uint64) {
	s.out = append(s.out, l)
	s.inodes = append(s.inodes, inode)
}

// addTCP adds a TCP listener that serves the Engine API: it answers as one, or
// the daemon was told to serve there. Metrics and swarm ports are others; swarm's
// own are left alone, for its gossip logs every greeting it does not understand.
func (s *listenerSet) addTCP(ctx context.Context, l procfs.TCPListener) {
	if swarmPort(l.Address.Port()) && !s.toldTCP(l.Address) {
		return
	}
	to := dialAddress(l.Address).String()
	handshake := greetFact(ctx, dialFrom(s.d.m, s.d.pid, to), to)
	if h, _ := handshake.Peek(); !h.Anonymous && !s.toldTCP(l.Address) {
		return
	}
	s.append(tcpListener(l.Address.String(), handshake), l.Inode)
}

// swarmPort reports whether a port is one that swarm listens on: management,
// or node discovery (Docker documentation, Getting started with Swarm mode).
func swarmPort(port uint16) bool { return port == 2377 || port == 7946 }

// swarmPorts are the addresses of a daemon's sockets on the ports of swarm.
func swarmPorts(held []procfs.TCPListener) []string {
	out := []string{}
	for _, l := range held {
		if swarmPort(l.Address.Port()) {
			out = append(out, l.Address.String())
		}
	}
	slices.Sort(out)
	return out
}

// toldTCP reports whether the daemon was told to serve the API at a port. If
// it is not known what it was told, any may be one.
func (s *listenerSet) toldTCP(a netip.AddrPort) bool {
	if !s.known {
		return true
	}
	for _, host := range s.hosts {
		address, ok := strings.CutPrefix(host, "tcp://")
		if !ok {
			continue
		}
		address, _, _ = strings.Cut(address, "/")
		_, port, err := net.SplitHostPort(address)
		if err != nil || port == fmt.Sprint(a.Port()) {
			return true // without a port: the default one, whichever that is
		}
	}
	return false
}

// addForwarded adds the ports at which rootlesskit lets the outside reach the
// API of the engine in its network namespace.
func (s *listenerSet) addForwarded(ctx context.Context, inside []procfs.TCPListener) {
	if len(inside) == 0 || sameNamespace(s.d.m, s.d.pid, "net") {
		return
	}
	for pid := parentOf(s.d.m, s.d.pid); pid > 1; pid = parentOf(s.d.m, pid) {
		p, err := readProcess(s.d.m, pid)
		if err != nil || !sameNamespace(s.d.m, pid, "net") || p.comm != "rootlesskit" {
			continue
		}
		outer, err := heldBy(s.d.m, pid)
		if err != nil {
			return
		}
		for _, l := range outer.tcp {
			if slices.ContainsFunc(inside, func(i procfs.TCPListener) bool { return i.Address.Port() == l.Address.Port() }) {
				to := dialAddress(l.Address).String()
				if h := greetFact(ctx, dialFrom(s.d.m, pid, to), to); h.State() == snapshot.Seen {
					s.append(tcpListener(l.Address.String(), h), l.Inode)
				}
			}
		}
		return
	}
}

// addContainerd adds the socket of the containerd that the engine uses: the one
// it was given, else its own, else the system's.
func (s *listenerSet) addContainerd() {
	if s.d.kind == "podman" {
		return
	}
	table, err := s.d.m.listening(s.d.dir)
	if err != nil {
		return
	}
	bound := boundIn(s.d.view, table.unix)
	for _, p := range s.containerdPaths() {
		socket, err := findSocket(s.d.view, p)
		if err != nil {
			continue
		}
		for i, l := range table.unix {
			if bound[i].is(socket) {
				s.append(s.d.unixListener("containerd", socket), l.Inode)
				s.files = append(s.files, ControlSocketFile{Path: socket.name(), Service: "containerd", Dev: socket.info.Dev, Inode: socket.info.Inode})
				return
			}
		}
	}
}

func (s *listenerSet) containerdPaths() []string {
	if v, ok := s.d.given("containerd"); ok && v.Text != "" {
		return []string{strings.TrimPrefix(v.Text, "unix://")}
	}
	root := "/run/docker"
	if v, ok := s.d.given("exec-root"); ok && v.Text != "" {
		root = s.d.absolute(v.Text)
	} else if s.d.rootless() {
		root = path.Join(s.d.env.vars["XDG_RUNTIME_DIR"], "docker")
	}
	return []string{path.Join(root, "containerd/containerd.sock"), "/run/containerd/containerd.sock"}
}

// addHolders fills in which processes hold each listener.
func (s *listenerSet) addHolders(ctx context.Context) {
	wanted := map[uint64]bool{}
	for _, inode := range s.inodes {
		wanted[inode] = true
	}
	holders, err := holdersOf(ctx, s.d.m, wanted)
	o := snapshot.At("holders", s.d.m.Proc+"/*/fd")
	for i := range s.out {
		list := holders[s.inodes[i]]
		s.out[i].SocketActivated = slices.ContainsFunc(list, process.isManager)
		if err != nil {
			s.out[i].Holders = snapshot.Lost[[]snapshot.Holder](*gapPtr(err), o)
			continue
		}
		s.out[i].Holders = snapshot.See(holderFacts(list), o)
	}
}
