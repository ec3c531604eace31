package advice

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// ReadOnly says whether the root file system can be read-only, and which directories
// must stay writable then.
type ReadOnly struct {
	Setting
	Places []Place `json:"places"`
}

// Place is a directory that has to be writable.
type Place struct {
	Path string `json:"path"`
	// Tmpfs: what it holds may be lost with the container's end. Otherwise it needs a
	// volume, which begins with the image's files and their owners.
	Tmpfs bool `json:"tmpfs"`
	// UID, GID and Mode are the directory's, for a tmpfs.
	UID  int           `json:"uid"`
	GID  int           `json:"gid"`
	Mode snapshot.Mode `json:"mode"`
	// Written are a few of the paths that were written.
	Written []string `json:"written"`
}

// Options are those of a tmpfs, as docker run's --tmpfs takes them after the path.
func (p Place) Options() string {
	out := fmt.Sprintf("mode=%04o", uint32(p.Mode))
	if p.UID != 0 {
		out += fmt.Sprintf(",uid=%d", p.UID)
	}
	if p.GID != 0 {
		out += fmt.Sprintf(",gid=%d", p.GID)
	}
	return out
}

// ofTheSystem are those that hold programs and their settings.
var ofTheSystem = []string{"/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr"}

// maxWritten is how many written paths a place names.
const maxWritten = 3

func readOnly(in Input) ReadOnly {
	out := ReadOnly{Places: []Place{}}
	if set, _ := in.Container.ReadonlyRootfs.Peek(); set {
		out.Setting = setting(Already, lang.T("its root file system is read-only"))
		return out
	}
	w, gap := writingOf(in)
	if gap != "" {
		out.Setting = setting(Unknown, gap)
		return out
	}
	if against := w.against(); against != "" {
		out.Setting = setting(Fails, against)
		return out
	}
	out.Places = w.list()
	out.Setting = in.written()
	return out
}

// writingOf finds the directories that were written; gap says why it cannot.
func writingOf(in Input) (_ *writing, gap string) {
	changes, known := in.Usage.Changes.Peek()
	if !known || in.Usage.Changes.State() != snapshot.Seen {
		return nil, lang.Sprintf("which files it wrote is not known: %s", lang.T(in.Usage.Changes.Gap().Detail))
	}
	list, known := in.Usage.Directories.Peek()
	if !known {
		return nil, lang.Sprintf("whose the written directories are is not known: %s", lang.T(in.Usage.Directories.Gap().Detail))
	}
	w := &writing{changes: map[string]snapshot.ChangeKind{}, dirs: map[string]snapshot.Directory{}, places: map[string]*Place{}}
	for _, d := range list {
		w.dirs[d.Path] = d
	}
	changes = slices.DeleteFunc(slices.Clone(changes), func(c snapshot.Change) bool { return madeForMount(in.Container, c) })
	for _, c := range changes {
		w.changes[c.Path] = c.Kind
	}
	for _, c := range changes {
		w.add(c.Path)
	}
	w.seen(in)
	w.temporary(in.Container)
	return w, ""
}

// written is how far one can rely on having seen all that the container writes.
func (in Input) written() Setting {
	if in.Seen == nil || in.Seen.Watched.Starts == 0 || !in.Seen.FilesKnown() {
		s := setting(Tentative, lang.T("all that it wrote until now lies in the directories named here; what it wrote and removed again, or will write, is not seen"))
		if in.Seen == nil || in.Seen.Watched.Starts == 0 {
			s.Reasons = append(s.Reasons, lang.T("files of its first start are seen as long as they are there"))
		}
		return s
	}
	all := lang.T("all that it wrote until now, and all that it changed while it was watched, lies in the directories named here")
	if level, missing := in.Seen.Confidence(); level == observation.Low {
		return setting(Tentative, append([]string{all}, missing...)...)
	}
	return setting(Holds, all)
}

// madeForMount reports whether a change is a directory that the engine made to mount
// something on, or on the way there.
func madeForMount(c *snapshot.Container, x snapshot.Change) bool {
	mounts, _ := c.Mounts.Peek()
	return slices.ContainsFunc(mounts, func(m snapshot.Mount) bool {
		return x.Path == m.Destination || x.Kind != snapshot.ChangeDeleted && below(m.Destination, []string{x.Path})
	})
}

// writing finds the directories that were written.
type writing struct {
	changes map[string]snapshot.ChangeKind
	dirs    map[string]snapshot.Directory
	places  map[string]*Place
}

// add takes a changed path to the directory that has to be writable for it: the first
// above it that is of the image.
func (w *writing) add(changed string) {
	if w.changes[changed] == snapshot.ChangeModified && w.around(changed) {
		return // by what is in it
	}
	dir := changed
	if _, isDir := w.dirs[changed]; !isDir || w.changes[changed] != snapshot.ChangeModified {
		dir = path.Dir(changed)
	}
	w.place(dir, changed)
}

// seen adds the directories in which it was seen to change something: the first above each
// that is of the image, and is there.
func (w *writing) seen(in Input) {
	if in.Seen == nil {
		return
	}
	for _, x := range in.Seen.Written {
		if x.Session != observation.Workload {
			continue
		}
		dir := x.Directory
		for _, there := w.dirs[dir]; !there && dir != "/"; _, there = w.dirs[dir] {
			dir = path.Dir(dir)
		}
		if dir == "/" { // nothing on the way was looked at
			dir = x.Directory
		}
		if !w.covered(dir) {
			w.place(dir, path.Join(x.Directory, x.Name))
		}
	}
}

// covered reports whether a directory is one of the places, or was made below one.
func (w *writing) covered(dir string) bool {
	for w.changes[dir] == snapshot.ChangeAdded {
		dir = path.Dir(dir)
	}
	return w.places[dir] != nil
}

// place makes a directory writable, or the first above it that is of the image.
func (w *writing) place(dir, changed string) {
	for w.changes[dir] == snapshot.ChangeAdded {
		dir = path.Dir(dir)
	}
	place := w.places[dir]
	if place == nil {
		d, known := w.dirs[dir]
		if !known {
			d.Mode = 0o1777
		}
		place = &Place{Path: dir, UID: max(0, d.UID), GID: max(0, d.GID), Mode: d.Mode, Tmpfs: snapshot.Passing(dir) != "" && d.Kept == 0}
		w.places[dir] = place
		if place.Tmpfs {
			w.addBelow(d)
		}
	}
	place.Written = append(place.Written, changed)
}

// addBelow adds the image's directories that a tmpfs would hide.
func (w *writing) addBelow(d snapshot.Directory) {
	for _, b := range d.Below {
		if w.places[b.Path] == nil {
			w.places[b.Path] = &Place{Path: b.Path, UID: max(0, b.UID), GID: max(0, b.GID), Mode: b.Mode, Tmpfs: true}
		}
	}
}

// around reports whether something changed below a path.
func (w *writing) around(dir string) bool {
	for p := range w.changes {
		if strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/") && p != dir {
			return true
		}
	}
	return false
}

// temporary adds /tmp, whose files are often gone again when one looks, unless something
// is mounted there.
func (w *writing) temporary(c *snapshot.Container) {
	const tmp = "/tmp"
	mounts, _ := c.Mounts.Peek()
	if slices.ContainsFunc(mounts, func(m snapshot.Mount) bool { return m.Destination == tmp }) {
		return
	}
	if w.places[tmp] == nil && w.places["/"] == nil {
		w.places[tmp] = &Place{Path: tmp, Tmpfs: true, Mode: 0o1777}
	}
}

// against is what speaks against it: files that programs and their settings are among.
func (w *writing) against() string {
	for _, dir := range w.paths() {
		p := w.places[dir]
		if dir == "/" {
			return lang.Sprintf("it writes to the root directory: %s", p.some())
		}
		if below(dir, ofTheSystem) && !p.Tmpfs {
			return lang.Sprintf("it writes among the files of the system, in %s: %s", dir, p.some())
		}
	}
	return ""
}

func (p *Place) some() string {
	text := lang.Comma(p.Written[:min(maxWritten, len(p.Written))])
	if more := len(p.Written) - maxWritten; more > 0 {
		text += lang.Sprintf(" and %d more", more)
	}
	return text
}

func (w *writing) paths() []string {
	var out []string
	for dir := range w.places {
		out = append(out, dir)
	}
	slices.Sort(out)
	return out
}

// list are the places by path, outer ones first. A place below a volume needs none of
// its own.
func (w *writing) list() []Place {
	out := []Place{}
	for _, dir := range w.paths() {
		p := *w.places[dir]
		if slices.ContainsFunc(out, func(o Place) bool { return !o.Tmpfs && below(dir, []string{o.Path}) }) {
			continue
		}
		p.Written = append([]string{}, p.Written[:min(maxWritten, len(p.Written))]...)
		out = append(out, p)
	}
	return out
}

// below reports whether a path is one of the directories or lies below one.
func below(p string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(d string) bool { return p == d || strings.HasPrefix(p, d+"/") })
}
