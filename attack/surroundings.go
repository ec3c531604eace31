package attack

import (
	"sync"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

// surroundings are what is worked out once for a whole snapshot.
type surroundings struct {
	reach   func() *matrix.Matrix
	sharing map[string]*sharing // by the name of the engine
}

func newSurroundings(s *snapshot.Snapshot, reach func() *matrix.Matrix) *surroundings {
	a := &surroundings{reach: sync.OnceValue(reach), sharing: map[string]*sharing{}}
	for i := range s.Engines {
		a.sharing[s.Engines[i].Name] = newSharing(&s.Engines[i])
	}
	return a
}

// Reach is who reaches what, as the network namespaces of the snapshot tell.
func (s *Site) Reach() *matrix.Matrix { return s.surroundings.reach() }

// sharing says which containers of an engine have what in common.
type sharing struct {
	volumes map[string]int // how many containers mount it
	// unseen are the mounts of a container that could not be read; nil if all were.
	unseen *snapshot.Fact[[]snapshot.Mount]
}

func newSharing(e *snapshot.Engine) *sharing {
	s := &sharing{volumes: map[string]int{}}
	containers, _ := e.Containers.Peek()
	for i := range containers {
		mounts, known := containers[i].Mounts.Peek()
		if !known {
			s.unseen = &containers[i].Mounts
		}
		for _, m := range mounts {
			if m.Type == "volume" {
				s.volumes[m.Volume]++
			}
		}
	}
	return s
}

// Mounted is how many containers of the site's engine mount a volume.
func (s *Site) Mounted(volume string) int {
	return s.surroundings.sharing[s.Engine.Name].volumes[volume]
}

// SeesMounts reports whether the mounts of all containers of the site's engine were
// seen. What was not is recorded: a volume may be mounted by more than [Site.Mounted]
// says.
func (q *Query) SeesMounts() bool {
	unseen := q.surroundings.sharing[q.Engine.Name].unseen
	if unseen != nil {
		unseen.Look(q)
	}
	return unseen == nil
}
