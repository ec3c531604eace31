package imagecontent

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// kind is what the entries of one layer make of a path.
type kind uint8

const (
	isDir     kind = 1 << iota // a directory has an entry of its own
	isParent                   // something lies below it
	isOpaque                   // a directory that hides those below it in lower layers
	isOther                    // no directory
	isRemoved                  // a whiteout: what lower layers have there is gone

	kindBits = 5
	kindMask = 1<<kindBits - 1
)

// seed is chosen anew for each run, so that no image can hold two names that
// look the same.
var seed = maphash.MakeSeed()

// key is the hash of a path, without the bits that hold the kind.
func key(p string) uint64 { return maphash.String(seed, p) &^ kindMask }

// names are the paths of a layer, eight bytes each: an audit holds those of all
// layers at once.
type names struct {
	building map[uint64]kind
	sorted   []uint64 // key and kind, once the layer is complete
}

// add notes a path and the directories above it. It is false where the layer
// makes two things of one path: which of them stays is the engine's choice.
func (n *names) add(p string, k kind) bool {
	h := key(p)
	n.building[h] |= k
	clear := !torn(n.building[h])
	for p != "/" {
		p = parent(p)
		h = key(p)
		have := n.building[h]
		if have&isParent != 0 {
			break
		}
		n.building[h] = have | isParent
		clear = clear && !torn(have|isParent)
	}
	return clear
}

// parent is the directory above a clean path.
func parent(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	}
	return "/"
}

// torn reports whether a path is more than one of directory, other file and
// whiteout.
func torn(k kind) bool {
	dir, other, removed := k&(isDir|isParent|isOpaque) != 0, k&isOther != 0, k&isRemoved != 0
	return dir && other || dir && removed || other && removed
}

// complete ends the building.
func (n *names) complete() {
	n.sorted = make([]uint64, 0, len(n.building))
	for h, k := range n.building {
		n.sorted = append(n.sorted, h|uint64(k))
	}
	slices.Sort(n.sorted)
	n.building = nil
}

func (n *names) kind(p string) kind {
	h := key(p)
	i, found := slices.BinarySearchFunc(n.sorted, h, func(have, want uint64) int { return cmp.Compare(have&^kindMask, want) })
	if !found {
		return 0
	}
	return kind(n.sorted[i] & kindMask)
}

// hides reports whether a file of a lower layer is not to be seen under this
// one: it is replaced or removed, or a directory above it is.
func (n *names) hides(p string, dir bool) bool {
	at := n.kind(p)
	if at&(isDir|isOther|isRemoved) != 0 || at&isParent != 0 && !dir {
		return true
	}
	for p != "/" {
		p = parent(p)
		if n.kind(p)&(isOther|isRemoved|isOpaque) != 0 {
			return true
		}
	}
	return false
}
