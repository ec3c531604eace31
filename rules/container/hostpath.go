package container

import (
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/rule"
	"seawall/rules/internal/hostpath"
	"seawall/snapshot"
)

// hostPath is a path of the host that a container has inside.
type hostPath struct {
	source      string // on the host, cleaned
	destination string
	readOnly    bool
	how         string // what kind of mount it is: "bind mount", "volume data"
	propagation string
	origin      snapshot.Origin
}

// String describes it as part of a sentence.
func (h hostPath) String() string {
	mode := ""
	if h.readOnly {
		mode = ", read-only"
	}
	return h.source + " at " + h.destination + " (" + h.how + mode + ")"
}

// cite makes the mount the evidence.
func (h hostPath) cite(c *rule.Context) {
	o := h.origin
	o.Path += "[" + h.destination + "]"
	mode := "rw"
	if h.readOnly {
		mode = "ro"
	}
	c.Cite(o, h.source+":"+h.destination+":"+mode)
}

// eachHostPath calls visit for every host path inside the container: its bind
// mounts, volumes that are binds in disguise, what it takes from other
// containers, and what the kernel shows. It is called twice for mounts that
// both the settings and the kernel show.
func eachHostPath(c *rule.Context, ctr *snapshot.Container, visit func(hostPath)) {
	settingsPaths(c, ctr, visit, 0)
	p := confinement.ProcessOf(c, ctr)
	if !p.Runs {
		return
	}
	mounts, _ := p.HostMounts.Try(c)
	for _, m := range mounts {
		visit(hostPath{source: hostpath.Clean(m.Source), destination: m.Destination, readOnly: m.ReadOnly,
			how: "as the kernel shows it", origin: p.HostMounts.Origin()})
	}
}

// maxVolumesFrom bounds chains of containers that take each other's volumes.
const maxVolumesFrom = 16

func settingsPaths(c *rule.Context, ctr *snapshot.Container, visit func(hostPath), depth int) {
	mounts, _ := ctr.Mounts.Try(c)
	for i := range mounts {
		m := &mounts[i]
		if h := mountedPath(c, m); h.source != "" {
			h.origin = ctr.Mounts.Origin()
			visit(h)
		}
	}
	// A container that was created has taken over the mounts of others already.
	if ctr.ID != "" || depth == maxVolumesFrom {
		return
	}
	others, _ := ctr.VolumesFrom.Try(c)
	for _, ref := range others {
		name, mode, _ := strings.Cut(ref, ":")
		other := confinement.Find(c, c.Engine, name)
		if other == nil {
			c.Missed(ctr.VolumesFrom.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: "container " + name + ", whose volumes it takes, is not among the engine's containers",
				Remedy: "audit it together with that container",
			})
			continue
		}
		settingsPaths(c, other, func(h hostPath) {
			h.readOnly = h.readOnly || mode == "ro"
			h.how += " of container " + other.Name
			visit(h)
		}, depth+1)
	}
}

// mountedPath is the host path behind a mount; its source is "" if there is
// none.
func mountedPath(c *rule.Context, m *snapshot.Mount) hostPath {
	h := hostPath{source: m.HostPath(), destination: m.Destination, readOnly: m.ReadOnly, propagation: m.Propagation, how: "bind mount"}
	if m.Type == "volume" {
		h.how = "volume " + m.Volume
		if h.source == "" && m.Volume != "" && (m.Driver == "local" || m.Driver == "") {
			h.source = volumeSource(c, m.Volume)
		}
	}
	if h.source != "" {
		h.source = hostpath.Clean(h.source)
	}
	return h
}

// volumeSource is the host path that a volume of the engine binds. A volume
// that does not exist yet will be an ordinary one.
func volumeSource(c *rule.Context, name string) string {
	volumes, _ := c.Engine.Volumes.Look(c)
	// Engines with thousands of volumes list them by name.
	i, found := slices.BinarySearchFunc(volumes, name, func(v snapshot.Volume, name string) int {
		return strings.Compare(v.Name, name)
	})
	if !found {
		i = slices.IndexFunc(volumes, func(v snapshot.Volume) bool { return v.Name == name })
	}
	if i < 0 {
		return ""
	}
	return volumes[i].BindSource()
}
