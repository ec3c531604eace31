package attack

import (
	"strings"
	"sync"

	"seawall/confinement"
	"seawall/snapshot"
)

// spaces are the namespaces of a kind that containers of an engine share by
// joining each other's.
type spaces struct {
	kind confinement.Kind
	// owner is whose namespace a container is in that joins another's, and members
	// are all that are in an owner's, the owner first.
	owner   map[*snapshot.Container]*snapshot.Container
	members map[*snapshot.Container][]*snapshot.Container
	// unseen are those of which nobody knows what they join.
	unseen []*snapshot.Container
	all    []snapshot.Container
}

func newSpaces(e *snapshot.Engine) map[confinement.Kind]*spaces {
	containers, _ := e.Containers.Peek()
	byRef := sync.OnceValue(func() map[string]*snapshot.Container { // few hosts need it
		out := make(map[string]*snapshot.Container, 2*len(containers))
		for i := range containers {
			out[containers[i].ID], out[containers[i].Name] = &containers[i], &containers[i]
		}
		return out
	})
	out := map[confinement.Kind]*spaces{}
	for _, kind := range []confinement.Kind{confinement.PIDNS, confinement.NetNS, confinement.IPCNS} {
		s := &spaces{kind: kind, owner: map[*snapshot.Container]*snapshot.Container{}, members: map[*snapshot.Container][]*snapshot.Container{}, all: containers}
		for i := range containers {
			s.join(e, &containers[i], byRef)
		}
		out[kind] = s
	}
	return out
}

// join notes whose namespace a container joins.
func (s *spaces) join(e *snapshot.Engine, c *snapshot.Container, byRef func() map[string]*snapshot.Container) {
	owner := c
	for range maxJoins {
		mode, known := s.kind.Mode(owner).Peek()
		if !known {
			s.unseen = append(s.unseen, c)
			return
		}
		ref, joins := strings.CutPrefix(mode, "container:")
		if !joins {
			break
		}
		next := byRef()[strings.TrimPrefix(ref, "/")]
		if next == nil {
			next = confinement.Find(&Query{}, e, ref)
		}
		if next == nil {
			return
		}
		owner = next
	}
	if owner == c {
		return
	}
	if s.members[owner] == nil {
		s.members[owner] = []*snapshot.Container{owner}
	}
	s.owner[c], s.owner[owner] = owner, owner
	s.members[owner] = append(s.members[owner], c)
}

// maxJoins bounds chains of containers that join each other's namespaces.
const maxJoins = 16

// Sharer is a container that is in the same namespace as another.
type Sharer struct {
	*snapshot.Container
	// Joiner is the one of the two that asked for it.
	Joiner *snapshot.Container
	// Unseen: what one of them joins could not be read.
	Unseen bool
}

// Sharers are the other containers in the namespace of a kind that the site's is
// in, none for the host's; and those that may be.
func (s *Site) Sharers(kind confinement.Kind) []Sharer {
	in := s.shares().spaces[kind]
	var out []Sharer
	for _, c := range in.members[in.owner[s.Container]] {
		if c != s.Container {
			out = append(out, Sharer{Container: c, Joiner: in.joiner(s.Container, c)})
		}
	}
	if _, known := kind.Mode(s.Container).Peek(); !known {
		for i := range in.all {
			out = in.maybe(out, s.Container, &in.all[i])
		}
		return out
	}
	for _, c := range in.unseen {
		out = in.maybe(out, s.Container, c)
	}
	return out
}

// joiner is the one of two in a namespace that joined it: the first, unless it is
// the other that did.
func (s *spaces) joiner(a, b *snapshot.Container) *snapshot.Container {
	if s.owner[a] == a {
		return b
	}
	return a
}

// maybe adds a container that may be in one's namespace, unless the kernel shows
// that it is not.
func (s *spaces) maybe(out []Sharer, one, other *snapshot.Container) []Sharer {
	if one == other || apart(one, other, s.kind) {
		return out
	}
	return append(out, Sharer{Container: other, Joiner: one, Unseen: true})
}

func apart(a, b *snapshot.Container, kind confinement.Kind) bool {
	x, y := inode(a, kind), inode(b, kind)
	return x != 0 && y != 0 && x != y
}

func inode(c *snapshot.Container, kind confinement.Kind) uint64 {
	process, _ := c.Process.Peek()
	namespaces, _ := process.Namespaces.Peek()
	return namespaces[string(kind)].Inode
}
