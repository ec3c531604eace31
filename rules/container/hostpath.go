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
	settingsPaths(c, ctr, visit)
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

// taken is a container whose mounts count for one that takes its volumes.
type taken struct {
	from     *snapshot.Container
	readOnly bool
	how      string // ends the description of its mounts
}

// settingsPaths calls visit for every host path that the settings mount, and
// those of containers whose volumes it takes.
func settingsPaths(c *rule.Context, ctr *snapshot.Container, visit func(hostPath)) {
	chain := []taken{{from: ctr}}
	for at := 0; at < len(chain); at++ {
		t := chain[at]
		mounts, _ := t.from.Mounts.Try(c)
		for i := range mounts {
			if h := mountedPath(c, &mounts[i]); h.source != "" {
				h.source = hostpath.Clean(h.source)
				h.origin = t.from.Mounts.Origin()
				h.readOnly = h.readOnly || t.readOnly
				h.how += t.how
				visit(h)
			}
		}
		// A container that was created has taken over the mounts of others already.
		if t.from.ID != "" {
			continue
		}
		for _, next := range takenBy(c, t) {
			if !slices.Contains(chain, next) {
				chain = append(chain, next)
			}
		}
	}
}

// takenBy are the containers whose volumes a container takes, the last first:
// of two mounts at one place the engine keeps its.
func takenBy(c *rule.Context, t taken) []taken {
	var out []taken
	others, _ := t.from.VolumesFrom.Try(c)
	for _, ref := range slices.Backward(others) {
		name, readOnly := splitVolumesFrom(ref)
		other := confinement.Find(c, c.Engine, name)
		if other == nil {
			c.Missed(t.from.VolumesFrom.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: "container " + name + ", whose volumes it takes, is not among the engine's containers",
				Remedy: "audit it together with that container",
			})
			continue
		}
		out = append(out, taken{from: other, readOnly: readOnly || t.readOnly, how: " of container " + other.Name})
	}
	return out
}

// splitVolumesFrom splits "db:ro,z".
func splitVolumesFrom(ref string) (name string, readOnly bool) {
	name, mode, _ := strings.Cut(ref, ":")
	return name, slices.Contains(strings.Split(mode, ","), "ro")
}

// mountedPath is the host path behind a mount, as it is written; its source is
// "" if there is none.
func mountedPath(c *rule.Context, m *snapshot.Mount) hostPath {
	h := hostPath{source: m.HostPath(), destination: m.Destination, readOnly: m.ReadOnly, how: "bind mount"}
	if m.Type == "volume" {
		h.how = "volume " + m.Volume
		if h.source == "" && (m.Driver == "local" || m.Driver == "") {
			h.source = volumeSource(c, m.Volume)
		}
	}
	return h
}

// volumeSource is the host path that a volume of the engine binds. A volume
// that does not exist yet will be an ordinary one.
func volumeSource(c *rule.Context, name string) string {
	volumes, _ := c.Engine.Volumes.Look(c)
	// Engines with thousands of volumes list them by name: the search begins
	// where it should be.
	at, _ := slices.BinarySearchFunc(volumes, name, func(v snapshot.Volume, name string) int {
		return strings.Compare(v.Name, name)
	})
	for i := range volumes {
		if v := &volumes[(at+i)%len(volumes)]; v.Name == name {
			return v.BindSource()
		}
	}
	return ""
}
