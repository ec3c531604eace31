package hostpath

import (
	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// Inside calls visit once for every host path inside the container: those that
// the kernel shows of a running process, else those that the settings mount. A
// bind mount that only the settings tell may follow a link to elsewhere: of a
// container that may run the kernel's view is then recorded as missed.
func Inside(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container, visit func(Mounted)) {
	shown := shownMounts(c)
	if mounts, seen := shown.Peek(); seen && shown.State() == snapshot.Seen {
		for i := range mounts {
			visit(asShown(&mounts[i], shown.Origin()))
		}
		return
	}
	mounts := false
	EachSetting(w, e, c, func(m Mounted) { mounts = true; visit(m) })
	switch {
	case !mounts || c.Process.State() == snapshot.Absent:
	case c.Process.State() == snapshot.Seen:
		shown.Try(w)
	default:
		c.Process.Try(w)
	}
}

// shownMounts are the mounts that the kernel shows of the container's process.
func shownMounts(c *snapshot.Container) snapshot.Fact[[]snapshot.HostMount] {
	p, _ := c.Process.Peek()
	return p.HostMounts
}

// eachShown calls visit for every mount that the kernel shows.
func eachShown(w snapshot.Witness, c *snapshot.Container, visit func(Mounted)) {
	p := confinement.ProcessOf(w, c)
	if !p.Runs {
		return
	}
	mounts, _ := p.HostMounts.Try(w)
	for i := range mounts {
		visit(asShown(&mounts[i], p.HostMounts.Origin()))
	}
}

func asShown(m *snapshot.HostMount, o snapshot.Origin) Mounted {
	return Mounted{Source: Clean(m.Source), Destination: m.Destination, ReadOnly: m.ReadOnly, Shared: m.Shared,
		NoSUID: m.NoSUID, NoDev: m.NoDev, Shown: true, How: lang.N("as the kernel shows it"), Origin: o}
}
