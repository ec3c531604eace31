package matrix

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Narrow leaves the sources and targets that have these names; "" leaves all.
//
// A source is "internet", "host", a container, or by a network's name or prefix,
// or by an address, who is there. A target is also "api", a container's port as
// "web:80" (its own, or the one it is published at), or an address with a port. A
// container is taken out of the source that it shares with others. Nothing is left
// for a name that is none.
func (m *Matrix) Narrow(from, to string) *Matrix {
	out := &Matrix{Gaps: m.Gaps, whole: m}
	for j := range m.Targets {
		if to == "" || m.isTarget(&m.Targets[j], to) {
			out.columns = append(out.columns, j)
			out.Targets = append(out.Targets, m.Targets[j])
		}
	}
	for i, s := range m.Sources {
		row := m.Cells[i]
		members, ok := m.isSource(&s, from)
		switch {
		case from != "" && !ok:
			continue
		case len(members) > 0 && len(members) < len(s.Members):
			s, row = s.part(members, row, m.Targets)
		}
		cells := make([]Cell, len(out.columns))
		for at, j := range out.columns {
			cells[at] = row[j].by(&s, to)
		}
		out.rows, out.Sources, out.Cells = append(out.rows, i), append(out.Sources, s), append(out.Cells, cells)
	}
	return out
}

// Whole is the matrix that m was narrowed from; m itself, if it was not.
func (m *Matrix) Whole() *Matrix {
	if m.whole == nil {
		return m
	}
	return m.whole
}

// InWhole is where a cell is in [Matrix.Whole]. The source there may stand for more
// containers.
func (m *Matrix) InWhole(at Pair) Pair {
	if m.whole == nil {
		return at
	}
	return Pair{m.rows[at.Source], m.columns[at.Target]}
}

// by leaves the ways to an address that was named or, where one like it was tried
// in its place, those of its family.
func (c Cell) by(s *Source, to string) Cell {
	a, err := netip.ParseAddr(to)
	if port, err2 := netip.ParseAddrPort(to); err2 == nil {
		a, err = port.Addr(), nil
	}
	if err != nil {
		return c
	}
	for _, is := range []func(Way) bool{
		func(w Way) bool { return w.To.Addr() == a },
		func(w Way) bool { return w.To.Addr().Is6() == a.Is6() },
	} {
		other := func(w Way) bool { return !is(w) }
		if ways := slices.DeleteFunc(slices.Clone(c.Ways), other); len(ways) > 0 {
			c.Ways = ways
			c.conclude(s)
			return c
		}
	}
	return c
}

// isSource says whether a source goes by a name and, where only some of its
// containers do, which.
func (m *Matrix) isSource(s *Source, name string) (members []int, ok bool) {
	switch {
	case name == "":
		return nil, true
	case name == "internet":
		return nil, s.Kind == Internet
	case name == "host":
		return nil, s.Kind == Host
	case name == s.Name, slices.Contains(s.Networks, name):
		return nil, true
	}
	address, err := netip.ParseAddr(name)
	for i, member := range s.Members {
		if member.Name == name || err == nil && slices.Contains(member.addresses, address) {
			members = append(members, i)
		}
	}
	if s.Kind == Host {
		return nil, len(members) > 0 || err == nil && m.hostHas(s.Name, address)
	}
	if len(members) > 0 {
		return members, true
	}
	if prefix, err := netip.ParsePrefix(name); err == nil {
		return nil, s.Kind != Internet && slices.Contains(s.links, prefix.Masked())
	}
	return nil, err == nil && s.outsideHas(address)
}

// hostHas says whether an address is one of a host's.
func (m *Matrix) hostHas(host string, a netip.Addr) bool {
	return slices.ContainsFunc(m.Targets, func(t Target) bool { return t.space == host && slices.Contains(t.Addresses, a) })
}

// outsideHas says whether an address is one of those of a source outside.
func (s *Source) outsideHas(a netip.Addr) bool {
	if s.Kind == Containers {
		return false
	}
	for _, from := range s.from {
		if from.Sources != nil && from.Sources.Contains(a) {
			return true
		}
	}
	return false
}

// isTarget says whether a target goes by a name.
func (m *Matrix) isTarget(t *Target, name string) bool {
	switch {
	case name == "api":
		return t.Kind == API
	case name == "host":
		return t.Kind == API || t.Kind == Published || t.Kind == OtherHost
	case name == t.Name, name == t.Network:
		return true
	}
	if a, err := netip.ParseAddr(name); err == nil {
		return m.targetHas(t, a)
	}
	if a, err := netip.ParseAddrPort(name); err == nil {
		return a.Port() == t.Port && m.targetHas(t, a.Addr())
	}
	if p, err := netip.ParsePrefix(name); err == nil {
		return slices.ContainsFunc(t.Addresses, p.Contains)
	}
	for _, member := range t.Members {
		switch {
		case t.hasPort(member, name), t.Kind != OtherContainer && slices.Contains(m.networksOf(member), name):
			return true
		case member.Name == name:
			return t.Kind != OtherContainer || !m.listens(name)
		}
	}
	return false
}

// listens says whether a port of a container is a target.
func (m *Matrix) listens(name string) bool {
	return slices.ContainsFunc(m.Targets, func(t Target) bool {
		return t.Kind != OtherContainer && slices.ContainsFunc(t.Members, func(member Member) bool { return member.Name == name })
	})
}

// targetHas says whether an address is one of a target or of its containers.
func (m *Matrix) targetHas(t *Target, a netip.Addr) bool {
	if slices.Contains(t.Addresses, a) {
		return true
	}
	return t.Kind == Port && slices.ContainsFunc(t.Members, func(member Member) bool {
		_, known := m.member(member)
		return slices.Contains(known.addresses, a)
	})
}

// hasPort says whether a name is that of a container and of this port.
func (t *Target) hasPort(member Member, name string) bool {
	container, text, ok := strings.Cut(name, ":")
	port, err := strconv.ParseUint(text, 10, 16)
	if !ok || err != nil || container != member.Name || t.Kind != Port && t.Kind != Published {
		return false
	}
	return uint16(port) == t.Port || t.Published != nil && port == uint64(t.Published.Port)
}

// member is a container as a source, and what is known of it there.
func (m *Matrix) member(of Member) (*Source, Member) {
	for i := range m.Sources {
		for _, member := range m.Sources[i].Members {
			if member.Engine == of.Engine && member.Name == of.Name {
				return &m.Sources[i], member
			}
		}
	}
	return nil, Member{}
}

// networksOf are the networks of a container.
func (m *Matrix) networksOf(of Member) []string {
	if s, _ := m.member(of); s != nil {
		return s.Networks
	}
	return nil
}
