package attack

import (
	"seawall/confinement"
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

// sockets are the control sockets inside a container, likewise.
type sockets struct {
	list []hostpath.Socket
	gaps gaps
}

// held are a container's capabilities, likewise.
type held struct {
	confinement.Capabilities
	gaps gaps
}

// runsAs is whom its process runs as, likewise.
type runsAs struct {
	confinement.User
	gaps gaps
}

// learnt is all of that.
type learnt struct {
	mounts  mounts
	sockets sockets
	held    held
	runsAs  runsAs
}

// clear forgets, and keeps the memory.
func (l *learnt) clear() {
	*l = learnt{
		mounts:  mounts{list: l.mounts.list[:0], ways: l.mounts.ways[:0], gaps: l.mounts.gaps[:0]},
		sockets: sockets{list: l.sockets.list[:0], gaps: l.sockets.gaps[:0]},
		held:    held{gaps: l.held.gaps[:0]}, runsAs: runsAs{gaps: l.runsAs.gaps[:0]},
	}
}

// gaps is a witness that keeps what could not be read.
type gaps []gap

type gap struct {
	snapshot.Origin
	snapshot.Gap
}

func (*gaps) Saw(snapshot.Origin, any)                    {}
func (*gaps) Heeds() bool                                 { return false }
func (g *gaps) Missed(o snapshot.Origin, of snapshot.Gap) { *g = append(*g, gap{o, of}) }
func (*gaps) Stop()                                       { panic("attack: what a container has is read with Try") }

// tell tells another witness of them.
func (g gaps) tell(w snapshot.Witness) {
	for _, gap := range g {
		w.Missed(gap.Origin, gap.Gap)
	}
}

// space is where what is worked out about the site's container is kept: the room of
// those who look at many sites, else one of its own.
func (s *Site) space() *learnt {
	switch {
	case s.room != nil:
		return &s.room.learnt
	case s.own == nil:
		s.own = new(learnt)
	}
	return s.own
}

// forget drops what was worked out about the site's container.
func (s *Site) forget() {
	s.room, s.own, s.mounts, s.sockets, s.held, s.runsAs = nil, nil, nil, nil, nil, nil
}

// EachMount calls visit for every host path inside the site's container, as
// [hostpath.Inside] does. Visit must not change it.
func (s *Site) EachMount(w snapshot.Witness, visit func(*hostpath.Mounted)) {
	if q, is := w.(*Query); is && q.evidence != nil {
		hostpath.Inside(w, s.Engine, s.Container, func(m hostpath.Mounted) { visit(&m) })
		return
	}
	if s.mounts == nil {
		s.mounts = &s.space().mounts
		hostpath.Inside(&s.mounts.gaps, s.Engine, s.Container, func(m hostpath.Mounted) {
			s.mounts.list = append(s.mounts.list, m)
			s.mounts.ways = append(s.mounts.ways, hostplace.Ways(m.Source, m.ReadOnly))
		})
	}
	for i := range s.mounts.list {
		visit(&s.mounts.list[i])
	}
	s.mounts.gaps.tell(w)
}

// EachSocket calls visit for every control socket inside the site's container, as
// [hostpath.EachSocket] does. Visit must not change it.
func (s *Site) EachSocket(w snapshot.Witness, visit func(*hostpath.Socket)) {
	if q, is := w.(*Query); is && q.evidence != nil {
		hostpath.EachSocket(w, s.Snapshot, s.Engine, s.Container, func(o hostpath.Socket) { visit(&o) })
		return
	}
	if s.sockets == nil {
		s.sockets = &s.space().sockets
		hostpath.EachSocket(&s.sockets.gaps, s.Snapshot, s.Engine, s.Container, func(o hostpath.Socket) { s.sockets.list = append(s.sockets.list, o) })
	}
	for i := range s.sockets.list {
		visit(&s.sockets.list[i])
	}
	s.sockets.gaps.tell(w)
}

// Capabilities are those of the site's container, as [confinement.CapabilitiesOf] tells
// them.
func (q *Query) Capabilities() confinement.Capabilities {
	if q.evidence != nil {
		return confinement.CapabilitiesOf(q, q.Container)
	}
	if q.held == nil {
		h := &q.space().held
		h.Capabilities = confinement.CapabilitiesOf(&h.gaps, q.Container)
		q.held = h
	}
	q.held.gaps.tell(q)
	return q.held.Capabilities
}

// RunsAs is whom the process of the site's container runs as, as [confinement.UserOf]
// tells it.
func (q *Query) RunsAs() confinement.User {
	if q.evidence != nil {
		return confinement.UserOf(q, q.Engine, q.Container)
	}
	if q.runsAs == nil {
		u := &q.space().runsAs
		u.User = confinement.UserOf(&u.gaps, q.Engine, q.Container)
		q.runsAs = u
	}
	q.runsAs.gaps.tell(q)
	return q.runsAs.User
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
