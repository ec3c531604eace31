package livehost

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// auditedRoles are the roles of files whose changes belong in the audit log.
var auditedRoles = []string{
	"dockerd", "containerd", "containerd-shim", "containerd-shim-runc-v1", "containerd-shim-runc-v2", "runc",
	snapshot.RoleConfig, snapshot.RoleConfigDir, snapshot.RoleUnit, snapshot.RoleDropIn, snapshot.RoleEnvironment, snapshot.RoleDefaults,
	snapshot.RoleDataRoot,
}

// errOtherMounts: the kernel's rules are about paths of the host.
var errOtherMounts = errors.New(lang.N("the engine sees other files than the host"))

// auditList gathers paths of the host, each once for each role.
type auditList struct {
	d    *daemon
	tree *procfs.Tree
	out  []snapshot.AuditPath
	err  error
}

// auditPaths lists what of an engine the audit log should watch: its programs,
// its configuration and units, its data, and its sockets and containerd's.
func (d *daemon) auditPaths(e *snapshot.Engine) snapshot.Fact[[]snapshot.AuditPath] {
	o := snapshot.At("paths to audit", "stat below "+d.host.Root())
	files, ok1 := e.Daemon.Files.Peek()
	listeners, ok2 := e.Listeners.Peek()
	switch {
	case d.kind == "podman":
		return snapshot.Lost[[]snapshot.AuditPath](podmanGap(), o)
	case d.contained != nil:
		return snapshot.Lost[[]snapshot.AuditPath](*d.contained, o)
	case !ok1:
		return snapshot.Lost[[]snapshot.AuditPath](e.Daemon.Files.Gap(), o)
	case !ok2:
		return snapshot.Lost[[]snapshot.AuditPath](e.Listeners.Gap(), o)
	}
	l := &auditList{d: d}
	l.tree, l.err = hostTree(d.m)
	for _, f := range files {
		if slices.Contains(auditedRoles, f.Role) {
			l.add(f.Role, f.Path)
		}
	}
	l.addShims()
	l.addSockets(listeners)
	if l.err != nil {
		return snapshot.Lost[[]snapshot.AuditPath](auditPathGap(l.err), o)
	}
	return snapshot.See(l.out, o)
}

func auditPathGap(err error) snapshot.Gap {
	g := *gapPtr(err)
	if errors.Is(err, errOtherMounts) {
		g.Reason = snapshot.ReasonNamespace
	}
	return g
}

// addShims adds the programs that older containerds start for a container, and
// containerd's configuration and state.
func (l *auditList) addShims() {
	for _, name := range []string{"containerd-shim", "containerd-shim-runc-v1"} {
		l.addSeen(name, l.d.lookup(name))
	}
	if l.d.rootless() { // has all of it elsewhere
		return
	}
	l.add(snapshot.RoleContainerdFile, "/etc/containerd/config.toml")
	l.add(snapshot.RoleState, "/run/containerd")
}

// addSockets adds the sockets, and the containerd that listens at its own: it
// may be another than the first in the daemon's PATH.
func (l *auditList) addSockets(listeners []snapshot.Listener) {
	for _, s := range listeners {
		switch {
		case s.Network != "unix":
		case s.Service == "engine":
			l.add(snapshot.RoleSocket, s.Address)
		default:
			l.add(snapshot.RoleContainerdSocket, s.Address)
			l.add(snapshot.RoleState, path.Dir(s.Address))
			holders, _ := s.Holders.Peek()
			for _, h := range holders {
				if path.Base(h.Executable) == "containerd" {
					l.addSeen("containerd", h.Executable)
				}
			}
		}
	}
}

// addSeen adds a path as the daemon sees it.
func (l *auditList) addSeen(role, name string) {
	if name != "" {
		l.add(role, l.d.view.Where(name))
	}
}

// add adds a path of the host, or of the daemon's view, that exists.
func (l *auditList) add(role, name string) {
	if l.err != nil || !path.IsAbs(name) {
		return
	}
	if root := l.d.view.Root(); root != "/" && strings.HasPrefix(name, root+"/") {
		if name, l.err = l.onHost(strings.TrimPrefix(name, root)); l.err != nil || name == "" {
			return
		}
	}
	found, err := l.d.host.Info(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	real := ""
	if err == nil {
		real, err = l.d.host.Real(name)
	}
	if err != nil {
		l.err = err
		return
	}
	if slices.ContainsFunc(l.out, func(p snapshot.AuditPath) bool { return p.Role == role && p.Real == real }) {
		return
	}
	l.out = append(l.out, snapshot.AuditPath{
		Role: role, Path: name, Real: real, Type: typeOfMode(found.Mode), Top: l.top(real, found), FSType: l.fsType(real),
	})
}

// onHost is where the host has a file of the daemon's view: under the same
// path, or under that of the mount that shows it; "" if the view has no such
// file.
func (l *auditList) onHost(name string) (string, error) {
	seen, err := l.d.view.Info(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	candidates := []string{name}
	real, err1 := l.d.view.Real(name)
	tree, err2 := l.d.m.tree(l.d.dir.Where("mountinfo"))
	if err1 == nil && err2 == nil {
		if place, ok := tree.Locate(real); ok {
			candidates = append(candidates, l.tree.Paths(place)...)
		}
	}
	for _, p := range candidates {
		if found, err := l.d.host.Info(p); err == nil && found.Dev == seen.Dev && found.Inode == seen.Inode {
			return p, nil
		}
	}
	return "", fmt.Errorf("%w: %s", errOtherMounts, name)
}

func typeOfMode(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "dir"
	case mode&fs.ModeSocket != 0:
		return "socket"
	}
	return "file"
}

// top climbs as long as the file system stays the same.
func (l *auditList) top(real string, found hostfile.Info) string {
	for real != "/" {
		above, err := l.d.host.Info(path.Dir(real))
		if err != nil || above.Dev != found.Dev {
			break
		}
		real = path.Dir(real)
	}
	return real
}

func (l *auditList) fsType(real string) string {
	place, _ := l.tree.Locate(real)
	for i := range l.tree.Mounts {
		if l.tree.Mounts[i].Device == place.Device {
			return l.tree.Mounts[i].FSType
		}
	}
	return ""
}
