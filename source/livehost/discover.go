package livehost

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/daemonconfig"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// found is an engine of this machine.
type found struct {
	name    string // endpoint, "unix:///run/docker.sock"
	kind    string // "docker" or "podman"
	foundBy string
	// gap says why the engine cannot be asked; nil if it answered.
	gap    *snapshot.Gap
	socket *socketFile // nil where no unix socket of it was found
	// addresses are those of a TCP endpoint that are of this machine.
	addresses []netip.AddrPort
	daemon    located
	// daemonGap says why the daemon's process was not found.
	daemonGap *snapshot.Gap
}

// candidate is a socket that may be an engine's.
type candidate struct {
	socket  socketFile
	foundBy string
	pids    []int // daemons that listen there, by their descriptors or flags
}

// discovery looks for engines.
type discovery struct {
	m          Machine
	engines    []process // running daemons
	candidates []candidate
	claimed    map[int]bool // daemons of which a socket was found
	refused    map[int]refusal
}

// refusal is a daemon whose socket may not be looked at.
type refusal struct {
	path string
	err  error
}

// discover finds all engines of this machine: at the well-known places, at
// sockets named like an engine's, and by the processes that run one, also in
// other namespaces. An engine is listed once, the system's first, then by name.
func discover(ctx context.Context, m Machine) ([]found, error) {
	d := &discovery{m: m, claimed: map[int]bool{}, refused: map[int]refusal{}}
	var err error
	if d.engines, err = engineProcesses(ctx, m); err != nil {
		return nil, lang.RecordErrorf("look for engines: %w", err)
	}
	for _, p := range wellKnown(m.Files) {
		d.add(m.Files, p, "socket "+p)
	}
	d.addListening()
	for _, p := range d.engines {
		d.addProcess(p)
	}
	out := d.verify(ctx)
	out = append(out, d.unreachable(out)...)
	slices.SortFunc(out, func(a, b found) int {
		if a.system() != b.system() {
			if a.system() {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return out, nil
}

// allEngines tells whether discovery can find every engine of the host: not in
// a container, and not where proc hides the processes of others (hidepid).
func allEngines(m Machine) snapshot.Fact[bool] {
	o := snapshot.At("engines", m.Proc)
	return hostFact(look(m).files, o, func() snapshot.Fact[bool] {
		if _, err := readProcess(m, 1); err != nil {
			return snapshot.Lost[bool](snapshot.Gap{
				Reason: snapshot.ReasonPermission, Detail: lang.Recordf("the processes of other users are hidden, engines among them: %s", lang.Untranslated(err)),
				Remedy: source.PermissionRemedy(),
			}, o)
		}
		return snapshot.See(true, o)
	})
}

func (f found) system() bool { return f.name == "unix:///run/docker.sock" }

// wellKnown are the paths at which engines listen by default.
func wellKnown(files *hostfile.FS) []string {
	out := []string{"/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock", "/run/balena-engine.sock"}
	users, _ := files.ReadDir("/run/user")
	for _, uid := range users {
		out = append(out, "/run/user/"+uid+"/docker.sock", "/run/user/"+uid+"/podman/podman.sock")
	}
	return out
}

// add notes a socket, once for all names it has.
func (d *discovery) add(view *hostfile.FS, path, foundBy string, pids ...int) error {
	s, err := findSocket(view, path)
	if err != nil {
		return err
	}
	for i := range d.candidates {
		if d.candidates[i].socket.is(s) {
			d.candidates[i].pids = append(d.candidates[i].pids, pids...)
			return nil
		}
	}
	d.candidates = append(d.candidates, candidate{s, foundBy, pids})
	return nil
}

// addListening notes the listening sockets of the host's network namespace that
// are named like an engine's.
func (d *discovery) addListening() {
	dir, err := procfs.OpenDir(d.m.Proc, viewerPID(d.m))
	if err != nil {
		return
	}
	defer dir.Close()
	table, err := d.m.listening(dir)
	if err != nil {
		return
	}
	for _, l := range table.unix {
		if looksLikeEngine(l.Path) {
			_ = d.add(d.m.Files, l.Path, "socket "+l.Path)
		}
	}
}

// looksLikeEngine reports whether an engine's socket might have this path.
func looksLikeEngine(p string) bool {
	name := path.Base(p)
	if !strings.HasPrefix(p, "/") || !strings.HasSuffix(name, ".sock") {
		return false
	}
	return strings.Contains(name, "docker") || strings.Contains(name, "podman") || strings.Contains(name, "balena")
}

// addProcess notes the sockets of a running daemon, as its descriptors show
// them or, where those may not be read, as its command line names them.
func (d *discovery) addProcess(p process) {
	view := viewOf(d.m, p.pid)
	for _, socket := range d.pathsOf(p) {
		err := d.add(view, socket, processName(d.m, p.pid), p.pid)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.refused[p.pid] = refusal{nameOf(view, socket), err}
		}
	}
}

// nameOf names a socket that may not be looked at: below the daemon's root,
// unless it is at a user's usual place, which mount namespaces share.
func nameOf(view *hostfile.FS, socket string) string {
	if strings.HasPrefix(socket, "/run/user/") {
		return socket
	}
	return view.Where(socket)
}

func (d *discovery) pathsOf(p process) []string {
	var out []string
	if h, err := heldBy(d.m, p.pid); err == nil {
		for _, l := range h.unix {
			if strings.HasPrefix(l.Path, "/") && !internalSocket(l.Path) {
				out = append(out, l.Path)
			}
		}
	}
	if len(out) > 0 || len(p.args) == 0 {
		return out
	}
	flags := daemonconfig.ParseArgs("", p.args[1:])
	hosts, _ := flags.Get("hosts")
	for _, h := range hosts.List {
		if socket, ok := strings.CutPrefix(h, "unix://"); ok {
			out = append(out, socket)
		}
	}
	if len(out) == 0 {
		out = append(out, defaultSocket(ownerOf(d.m, p.pid)))
	}
	return out
}

// defaultSocket is where the daemon of a user listens if it is not told.
func defaultSocket(uid int) string {
	if uid != 0 {
		return fmt.Sprintf("/run/user/%d/docker.sock", uid)
	}
	return "/run/docker.sock"
}

// internalSocket tells the sockets that dockerd opens for its own purposes:
// for the plugins' metrics, the libnetwork resolver, swarm.
func internalSocket(p string) bool {
	name := path.Base(p)
	return name == "metrics.sock" || name == "control.sock" || strings.Contains(p, "/libnetwork/") || strings.Contains(p, "/plugins/")
}
