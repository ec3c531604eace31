package livehost

import (
	"path"
	"slices"
	"strings"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// managedDirs are the directories of the data root whose files the engine
// itself mounts into containers: volumes, and per container resolv.conf,
// hostname, hosts, secrets and shared memory.
var managedDirs = []string{"volumes", "containers"}

// podmanDirs are those of Podman's storage (containers/storage names the second
// after its driver).
func podmanDirs(e *snapshot.Engine) []string {
	driver, _ := e.Settings.StorageDriver.Peek()
	return []string{"volumes", driver + "-containers"}
}

// fillMounts reads the mounts of a container's process.
func (r *processReader) fillMounts(p *snapshot.Process, dir *procfs.Dir, c *snapshot.Container) {
	o := snapshot.At("mounts", dir.Where("mountinfo"))
	tree, gap := r.mounts(dir)
	if gap != nil {
		p.HostMounts = snapshot.Lost[[]snapshot.HostMount](*gap, o)
		p.ControlSockets = snapshot.Lost[[]snapshot.ControlSocket](*gap, o)
		return
	}
	mounts := r.view.hostMounts(tree, c)
	p.HostMounts = snapshot.See(mounts, o)
	sockets := r.view.controlSockets(tree, dir, mounts)
	if len(sockets) == 0 && r.view.socketsGap != nil {
		p.ControlSockets = snapshot.Lost[[]snapshot.ControlSocket](*r.view.socketsGap, o)
		return
	}
	p.ControlSockets = snapshot.See(sockets, o)
}

func (r *processReader) mounts(dir *procfs.Dir) (*procfs.Tree, *snapshot.Gap) {
	if r.view.mountGap != nil {
		return nil, r.view.mountGap
	}
	var err error
	if r.buf, err = dir.Read("mountinfo", r.buf); err != nil {
		g := source.GapFrom(err)
		return nil, &g
	}
	mounts, err := procfs.ParseMountinfo(r.buf)
	if err != nil {
		g := malformed(err, dir.Where("mountinfo"))
		return nil, &g
	}
	return procfs.NewTree(mounts), nil
}

// hostMounts lists the mounts of the host's files: those of a file system that
// the host has mounted too, except the container's own root, what the engine
// mounts of itself, and ordinary volumes.
func (v *processView) hostMounts(tree *procfs.Tree, c *snapshot.Container) []snapshot.HostMount {
	var all []snapshot.HostMount
	handles := map[string]bool{} // of namespaces: mounted files of nsfs
	for i, m := range tree.Mounts {
		if m.Point == "/" || m.Deleted || tree.Hidden(i) || v.byEngine(m, c) {
			continue
		}
		if from := v.hostPath(m, c); from != "" {
			all = append(all, snapshot.HostMount{Source: from, Destination: m.Point, ReadOnly: m.ReadOnly, Shared: m.Shared, NoSUID: m.NoSUID, NoDev: m.NoDev})
			handles[m.Point] = m.FSType == "nsfs"
		}
	}
	slices.SortFunc(all, func(a, b snapshot.HostMount) int { return strings.Compare(a.Destination, b.Destination) })
	out := make([]snapshot.HostMount, 0, len(all))
	for _, m := range all {
		if !v.repeats(m, out, handles[m.Destination]) {
			out = append(out, m)
		}
	}
	return out
}

// repeats reports whether a mount is one that came along with a directory
// mounted above it and adds nothing: the same files that the directory has
// there on the host, with the same rights, or a part of the data root (layers
// and volumes, which come and go as containers start and end), or the handle
// of a namespace. A writable /run below a read-only / is told.
func (v *processView) repeats(m snapshot.HostMount, told []snapshot.HostMount, handle bool) bool {
	above, rest := nearest(told, m.Destination)
	if above == nil {
		return false
	}
	onHost := procfs.Join(above.Source, rest)
	if onHost == m.Source && (handle || above.ReadOnly == m.ReadOnly && above.Shared == m.Shared) {
		return true
	}
	return v.insideDataRoot(onHost)
}

func (v *processView) insideDataRoot(p string) bool {
	inside, ok := procfs.Below(v.dataRoot, p)
	return v.dataRoot != "" && ok && inside != ""
}

// byEngine reports whether the engine mounts this of itself: the kernel's file
// systems and device nodes, and its init. The same destinations may be asked
// for; then inspect lists them.
func (v *processView) byEngine(m procfs.Mount, c *snapshot.Container) bool {
	for _, dir := range [...]string{"/proc", "/sys", "/dev"} {
		if _, ok := procfs.Below(dir, m.Point); ok {
			return !listed(c, m.Point)
		}
	}
	return m.Point == "/sbin/docker-init" && !listed(c, m.Point)
}

// listed reports whether inspect lists a mount at, or above, a destination.
func listed(c *snapshot.Container, point string) bool {
	mounts, _ := c.Mounts.Peek()
	for _, m := range mounts {
		if _, ok := procfs.Below(path.Clean(m.Destination), point); ok && m.Destination != "" {
			return true
		}
	}
	return false
}

// hostPath is the host's path of what is mounted; "" if the host has none, or
// it is an ordinary volume or a file the engine keeps for its containers.
func (v *processView) hostPath(m procfs.Mount, c *snapshot.Container) string {
	place := procfs.Place{Device: m.Device, Path: m.Root}
	for i, dir := range v.managed {
		rest, ok := procfs.Below(dir.Path, place.Path)
		if ok && dir.Device == place.Device && isManaged(v.managedDirs[i], rest, m.Point, c) {
			return ""
		}
	}
	for _, tree := range v.trees {
		for _, p := range tree.Paths(place) {
			if !v.managedPath(p, m.Point, c) {
				return p
			}
		}
	}
	return ""
}

// managedPath is isManaged by path: a volume may be a file system of its own
// (NFS, tmpfs), mounted in the data root.
func (v *processView) managedPath(p, point string, c *snapshot.Container) bool {
	if v.dataRoot == "" {
		return false
	}
	for _, name := range v.managedDirs {
		if rest, ok := procfs.Below(path.Join(v.dataRoot, name), p); ok {
			return isManaged(name, rest, point, c)
		}
	}
	return false
}

// isManaged judges the path below volumes/ or containers/: the data of a
// volume, or a file of a container that was not asked for as a mount.
func isManaged(dir, rest, point string, c *snapshot.Container) bool {
	name, inside, _ := strings.Cut(rest, "/")
	if dir == "volumes" {
		_, ok := procfs.Below("_data", inside)
		return ok
	}
	return inside != "" && (name == c.ID || !listed(c, point))
}

func nearest(all []snapshot.HostMount, destination string) (*snapshot.HostMount, string) {
	var best *snapshot.HostMount
	var rest string
	for i := range all {
		r, ok := procfs.Below(all[i].Destination, destination)
		if ok && (best == nil || len(all[i].Destination) > len(best.Destination)) {
			best, rest = &all[i], r
		}
	}
	return best, rest
}
