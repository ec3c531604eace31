package livehost

import (
	"errors"
	"io/fs"

	"seawall/snapshot"
	"seawall/source/procfs"
)

// controlSockets lists the control sockets that mounts of the host's files
// bring into the container, each with its paths there. Where permitted, a path
// is looked up through the process's root: it must be that very socket. Paths
// through the data root, where the mounts of other containers show, are told
// only of a socket that has no other.
func (v *processView) controlSockets(tree *procfs.Tree, dir *procfs.Dir, mounts []snapshot.HostMount) []snapshot.ControlSocket {
	var out []snapshot.ControlSocket
	for _, s := range v.sockets {
		var direct, roundabout []snapshot.ControlSocket
		for i, m := range tree.Mounts {
			rest, ok := procfs.Below(m.Root, s.place.Path)
			if !ok || m.Device != s.place.Device || m.Point == "/" || m.Deleted {
				continue
			}
			p := procfs.Join(m.Point, rest)
			if !tree.Shows(i, p) || !v.fromHost(m) || !isSocket(dir, p, s) {
				continue
			}
			found := snapshot.ControlSocket{Path: p, Host: s.Path, Service: s.Service, Engine: s.Engine}
			above, rest := nearest(mounts, p)
			if above != nil && v.insideDataRoot(procfs.Join(above.Source, rest)) {
				roundabout = append(roundabout, found)
			} else {
				direct = append(direct, found)
			}
		}
		if len(direct) == 0 && len(roundabout) > 0 {
			direct = roundabout[:1]
		}
		out = append(out, direct...)
	}
	return out
}

// fromHost tells a mount of the host's from a file system of the container's
// own: an engine inside a container has its socket there.
func (v *processView) fromHost(m procfs.Mount) bool {
	for _, tree := range v.trees {
		if len(tree.Paths(procfs.Place{Device: m.Device, Path: m.Root})) > 0 {
			return true
		}
	}
	return false
}

// isSocket confirms what mountinfo tells. It is believed without where the
// process's root cannot be entered.
func isSocket(dir *procfs.Dir, path string, s locatedSocket) bool {
	dev, inode, err := dir.Inode(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return err != nil || dev == s.Dev && inode == s.Inode
}
