package attack

import (
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/snapshot"
)

// mounts are the host paths inside a container, worked out once: many conditions ask
// for them.
type mounts struct {
	list []hostpath.Mounted
	ways []hostplace.Way // that each of them opens
	gaps gaps            // what could not be read
}

// gaps is a witness that keeps what could not be read.
type gaps []gap

type gap struct {
	snapshot.Origin
	snapshot.Gap
}

func (*gaps) Saw(snapshot.Origin, any)                    {}
func (g *gaps) Missed(o snapshot.Origin, of snapshot.Gap) { *g = append(*g, gap{o, of}) }
func (*gaps) Stop()                                       { panic("attack: mounts are read with Try") }

// EachMount calls visit for every host path inside the site's container, as
// [hostpath.Inside] does. Visit must not change it.
func (s *Site) EachMount(w snapshot.Witness, visit func(*hostpath.Mounted)) {
	if q, is := w.(*Query); is && q.evidence != nil {
		hostpath.Inside(w, s.Engine, s.Container, func(m hostpath.Mounted) { visit(&m) })
		return
	}
	if s.mounts == nil {
		s.mounts = &mounts{}
		hostpath.Inside(&s.mounts.gaps, s.Engine, s.Container, func(m hostpath.Mounted) {
			s.mounts.list = append(s.mounts.list, m)
			s.mounts.ways = append(s.mounts.ways, hostplace.Ways(m.Source, m.ReadOnly))
		})
	}
	for i := range s.mounts.list {
		visit(&s.mounts.list[i])
	}
	for _, g := range s.mounts.gaps {
		w.Missed(g.Origin, g.Gap)
	}
}

// Ways are the ways that a mount of the site's container opens.
func (s *Site) Ways(m *hostpath.Mounted) hostplace.Way {
	if s.mounts != nil {
		for i := range s.mounts.list {
			if m == &s.mounts.list[i] {
				return s.mounts.ways[i]
			}
		}
	}
	return hostplace.Ways(m.Source, m.ReadOnly)
}
