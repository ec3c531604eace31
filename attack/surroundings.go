package attack

import (
	"sync"

	"seawall/confinement"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// surroundings are what is worked out once for a whole snapshot.
type surroundings struct {
	reach   func() *matrix.Matrix
	uplinks func() []UplinkOf
	// networks are those of each container, hostNetwork the containers without any.
	networks    func() map[container][]string
	hostNetwork func() []State
	sharing     map[string]*sharing // by the name of the engine
	kept        sync.Map            // what steps keep, by their keys
}

// Once works something out about the snapshot that a site is part of, once for all
// sites. Find must give the same at each.
func Once[T any](s *Site, key any, find func() T) T {
	kept, found := s.surroundings.kept.Load(key)
	if !found {
		kept, _ = s.surroundings.kept.LoadOrStore(key, sync.OnceValue(find))
	}
	return kept.(func() T)()
}

func newSurroundings(s *snapshot.Snapshot, reach func() *matrix.Matrix) *surroundings {
	a := &surroundings{reach: sync.OnceValue(reach), sharing: map[string]*sharing{}}
	a.networks = sync.OnceValue(func() map[container][]string { return networksOfContainers(s) })
	a.uplinks = sync.OnceValue(func() []UplinkOf { return newUplinks(a.reach(), a.networks()) })
	a.hostNetwork = sync.OnceValue(func() []State { return inHostNetwork(s) })
	for i := range s.Engines {
		a.sharing[s.Engines[i].Name] = newSharing(&s.Engines[i])
	}
	return a
}

// Reach is who reaches what, as the network namespaces of the snapshot tell.
func (s *Site) Reach() *matrix.Matrix { return s.surroundings.reach() }

// sharing says which containers of an engine have what in common.
type sharing struct {
	volumes  map[string]int // how many containers mount it
	networks map[string]int // how many containers are on it
	byName   map[string]*snapshot.Network
	byID     map[string]*snapshot.Network
	// unplaced are the networks of containers of which they are not known.
	unplaced []snapshot.Fact[[]snapshot.Endpoint]
	spaces   map[confinement.Kind]*spaces
	// unseen are the mounts of a container that could not be read; nil if all were.
	unseen *snapshot.Fact[[]snapshot.Mount]
}

func newSharing(e *snapshot.Engine) *sharing {
	s := &sharing{volumes: map[string]int{}, networks: map[string]int{}, byName: map[string]*snapshot.Network{}, byID: map[string]*snapshot.Network{}, spaces: newSpaces(e)}
	networks, _ := e.Networks.Peek()
	for i := range networks {
		s.byName[networks[i].Name], s.byID[networks[i].ID] = &networks[i], &networks[i]
	}
	containers, _ := e.Containers.Peek()
	for i := range containers {
		s.add(&containers[i])
	}
	return s
}

// add counts what a container has.
func (s *sharing) add(c *snapshot.Container) {
	endpoints, known := c.Networks.Peek()
	if !known {
		s.unplaced = append(s.unplaced, c.Networks)
	}
	for _, e := range endpoints {
		s.networks[e.Network]++
	}
	mounts, known := c.Mounts.Peek()
	if !known {
		s.unseen = &c.Mounts
	}
	for _, m := range mounts {
		if m.Type == "volume" {
			s.volumes[m.Volume]++
		}
	}
}

// Mounted is how many containers of the site's engine mount a volume.
func (s *Site) Mounted(volume string) int {
	return s.shares().volumes[volume]
}

// Network is the network of the site's engine with a name or id; nil for none.
func (s *Site) Network(name string) *snapshot.Network {
	if n := s.shares().byName[name]; n != nil {
		return n
	}
	return s.shares().byID[name]
}

// shares is what the containers of the site's engine have in common.
func (s *Site) shares() *sharing {
	if s.sharing == nil {
		s.sharing = s.surroundings.sharing[s.Engine.Name]
	}
	return s.sharing
}

// Others says whether several containers are on a network of the site's engine. If
// that is not known, it gives the facts that would tell.
func (s *Site) Others(network string) (Truth, []snapshot.Fact[[]snapshot.Endpoint]) {
	sharing := s.shares()
	switch {
	case sharing.networks[network] > 1:
		return Yes, nil
	case len(sharing.unplaced) > 0:
		return Unknown, sharing.unplaced
	}
	return No, nil
}

// SeesMounts reports whether the mounts of all containers of the site's engine were
// seen. What was not is recorded: a volume may be mounted by more than [Site.Mounted]
// says.
func (q *Query) SeesMounts() bool {
	unseen := q.shares().unseen
	if unseen != nil {
		unseen.Look(q)
	}
	return unseen == nil
}
