package hostpath

import (
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// Mounted is a path of the host that a container has inside.
type Mounted struct {
	Source      string // on the host, cleaned
	Destination string
	ReadOnly    bool
	// Shared: mounts made inside appear on the host.
	Shared bool
	// NoSUID and NoDev: setuid bits and device nodes mean nothing in it. Only the
	// kernel tells: Shown says that it did.
	NoSUID, NoDev, Shown bool

	How    string // what kind of mount it is: "bind mount", "volume"
	Volume string // its name, of a volume
	Of     string // the container that it is taken from, if that is another
	Origin snapshot.Origin
}

// String describes it as part of a sentence.
func (m Mounted) String() string {
	how := lang.T(m.How)
	if m.Volume != "" {
		how += " " + m.Volume
	}
	if m.Of != "" {
		how = lang.Sprintf("%s of container %s", how, m.Of)
	}
	if m.ReadOnly {
		how = lang.Sprintf("%s, read-only", how)
	}
	return lang.Sprintf("%s at %s (%s)", m.Source, m.Destination, how)
}

// Evidence is the mount as evidence: where it was read, and its source,
// destination and mode as -v takes them.
func (m Mounted) Evidence() (snapshot.Origin, string) {
	o := m.Origin
	o.Path += "[" + m.Destination + "]"
	mode := "rw"
	if m.ReadOnly {
		mode = "ro"
	}
	return o, m.Source + ":" + m.Destination + ":" + mode
}

// Each calls visit for every host path inside the container: its bind mounts,
// volumes that are binds in disguise, what it takes from other containers, and
// what the kernel shows. It is called twice for mounts that both the settings
// and the kernel show.
func Each(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container, visit func(Mounted)) {
	EachSetting(w, e, c, visit)
	eachShown(w, c, visit)
}

// taken is a container whose mounts count for one that takes its volumes.
type taken struct {
	from     *snapshot.Container
	readOnly bool
	name     string // of the container; "" for the first
}

// EachSetting calls visit for every host path that the settings mount, and
// those of containers whose volumes it takes.
func EachSetting(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container, visit func(Mounted)) {
	chain := []taken{{from: c}}
	for at := 0; at < len(chain); at++ {
		t := chain[at]
		mounts, _ := t.from.Mounts.Try(w)
		for i := range mounts {
			if m := mounted(w, e, &mounts[i]); m.Source != "" {
				m.Source = Clean(m.Source)
				m.Origin = t.from.Mounts.Origin()
				m.ReadOnly = m.ReadOnly || t.readOnly
				m.Of = t.name
				visit(m)
			}
		}
		// A container that was created has taken over the mounts of others already.
		if t.from.ID != "" {
			continue
		}
		for _, next := range takenBy(w, e, t) {
			if !slices.Contains(chain, next) {
				chain = append(chain, next)
			}
		}
	}
}

// takenBy are the containers whose volumes a container takes, the last first:
// of two mounts at one place the engine keeps its.
func takenBy(w snapshot.Witness, e *snapshot.Engine, t taken) []taken {
	var out []taken
	others, _ := t.from.VolumesFrom.Try(w)
	for _, ref := range slices.Backward(others) {
		name, readOnly := SplitVolumesFrom(ref)
		other := confinement.Find(w, e, name)
		if other == nil {
			w.Missed(t.from.VolumesFrom.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved,
				Detail: lang.Sprintf("container %s, whose volumes it takes, is not among the engine's containers", name),
				Remedy: lang.T("audit it together with that container"),
			})
			continue
		}
		out = append(out, taken{from: other, readOnly: readOnly || t.readOnly, name: other.Name})
	}
	return out
}

// SplitVolumesFrom splits an element of VolumesFrom, such as "db:ro,z".
func SplitVolumesFrom(ref string) (name string, readOnly bool) {
	name, mode, _ := strings.Cut(ref, ":")
	return name, slices.Contains(strings.Split(mode, ","), "ro")
}

// mounted is the host path behind a mount, as it is written; its source is ""
// if there is none.
func mounted(w snapshot.Witness, e *snapshot.Engine, m *snapshot.Mount) Mounted {
	out := Mounted{Source: m.HostPath(), Destination: m.Destination, ReadOnly: m.ReadOnly,
		Shared: strings.HasSuffix(m.Propagation, "shared"), How: lang.N("bind mount")}
	if m.Type == "volume" {
		out.How, out.Volume = lang.N("volume"), m.Volume
		if out.Source == "" && (m.Driver == "local" || m.Driver == "") {
			out.Source = volumeSource(w, e, m.Volume)
		}
	}
	return out
}

// volumeSource is the host path that a volume of the engine binds. A volume
// that does not exist yet will be an ordinary one.
func volumeSource(w snapshot.Witness, e *snapshot.Engine, name string) string {
	volumes, _ := e.Volumes.Look(w)
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
