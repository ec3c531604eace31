package procfs

import (
	"path"
	"slices"
)

// Place is a file by the file system it is on and its path within. It is the
// same whatever mounts lead there.
type Place struct {
	Device string
	Path   string
}

// Tree answers questions about the mounts of one mount namespace. It is safe
// for concurrent use.
type Tree struct {
	Mounts   []Mount
	byID     map[int]int
	at       map[spot][]int
	byDevice map[string][]int
	hidden   []visibility
}

// spot is a path on a mount, where others may be mounted.
type spot struct {
	mount int // ID
	point string
}

type visibility uint8

const (
	unknown visibility = iota
	asking
	shown
	hidden
)

// NewTree indexes mounts as [ParseMountinfo] returns them.
func NewTree(mounts []Mount) *Tree {
	t := &Tree{
		Mounts: mounts, byID: make(map[int]int, len(mounts)), at: make(map[spot][]int, len(mounts)),
		byDevice: make(map[string][]int, len(mounts)), hidden: make([]visibility, len(mounts)),
	}
	for i := range mounts {
		m := &mounts[i]
		t.byID[m.ID] = i
		t.byDevice[m.Device] = append(t.byDevice[m.Device], i)
		if m.Parent != m.ID {
			t.at[spot{m.Parent, m.Point}] = append(t.at[spot{m.Parent, m.Point}], i)
		}
	}
	for i := range mounts {
		t.lost(i)
	}
	return t
}

// Hidden reports whether other mounts lie over the mount with this index, so
// that no path leads to it.
func (t *Tree) Hidden(i int) bool {
	return t.covered(i, -1) || t.lost(i)
}

// lost reports whether the place that the mount stands on cannot be reached.
// The answers are found once, by NewTree.
func (t *Tree) lost(i int) bool {
	switch t.hidden[i] {
	case shown:
		return false
	case hidden, asking: // a list that is no tree may have loops
		return true
	}
	t.hidden[i] = asking
	m := &t.Mounts[i]
	up, ok := t.byID[m.Parent]
	gone := t.besides(i) || ok && up != i && (t.covered(up, i) || t.lost(up))
	t.hidden[i] = shown
	if gone {
		t.hidden[i] = hidden
	}
	return gone
}

// covered reports whether a mount other than the given one lies exactly over
// mount i.
func (t *Tree) covered(i, except int) bool {
	m := &t.Mounts[i]
	for _, c := range t.at[spot{m.ID, m.Point}] {
		if c != except {
			return true
		}
	}
	return false
}

// besides reports whether a mount on the same parent covers a directory
// between the parent's point and this one's.
func (t *Tree) besides(i int) bool {
	m := &t.Mounts[i]
	low := "/"
	if up, ok := t.byID[m.Parent]; ok {
		low = t.Mounts[up].Point
	}
	return len(m.Point) > 1 && t.between(m.Parent, low, path.Dir(m.Point))
}

// between looks for mounts on a mount from path high up to, without, low.
func (t *Tree) between(mount int, low, high string) bool {
	for p := high; len(p) > len(low); p = path.Dir(p) {
		if len(t.at[spot{mount, p}]) > 0 {
			return true
		}
	}
	return false
}

// Shows reports whether a path that lies on mount i leads to that mount and
// not to one over it.
func (t *Tree) Shows(i int, path string) bool {
	m := &t.Mounts[i]
	return !t.Hidden(i) && !t.between(m.ID, m.Point, path)
}

// Locate finds on which file system a path lies. The path must be without
// symbolic links.
func (t *Tree) Locate(path string) (Place, bool) {
	m := t.Holding(path)
	if m == nil {
		return Place{}, false
	}
	rest, _ := Below(m.Point, path)
	return Place{Device: m.Device, Path: Join(m.Root, rest)}, true
}

// Holding finds the mount that a path lies on; nil if none shows it. The path must be
// without symbolic links.
func (t *Tree) Holding(path string) *Mount {
	for i := range t.Mounts {
		if _, ok := Below(t.Mounts[i].Point, path); ok && t.Shows(i, path) {
			return &t.Mounts[i]
		}
	}
	return nil
}

// Paths returns the paths that lead to a place: those of the mounts that start
// closest to it first, the others in the order of the mounts.
func (t *Tree) Paths(p Place) []string {
	type found struct {
		path  string
		depth int
	}
	var all []found
	for _, i := range t.byDevice[p.Device] {
		m := &t.Mounts[i]
		rest, ok := Below(m.Root, p.Path)
		if !ok || m.Deleted {
			continue
		}
		if path := Join(m.Point, rest); t.Shows(i, path) {
			all = append(all, found{path, len(m.Root)})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return b.depth - a.depth })
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.path
	}
	return out
}
