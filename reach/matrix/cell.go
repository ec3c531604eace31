package matrix

import (
	"slices"
	"strings"

	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach/filter"
)

// rank orders verdicts: what an attacker would choose comes first.
func rank(v filter.Verdict) int {
	return slices.Index([]filter.Verdict{filter.Open, filter.Unknown, filter.Blocked}, v)
}

// conclude makes a cell's verdict of its ways.
func (c *Cell) conclude(s *Source) {
	slices.SortStableFunc(c.Ways, func(a, b Way) int { return rank(a.Verdict) - rank(b.Verdict) })
	why := s.why
	if why == "" && !c.loopback { // which takes frames to the host itself
		why = s.beside
	}
	switch {
	case len(c.Ways) > 0:
		c.Verdict = c.Ways[0].Verdict
		if why != "" && c.Verdict == filter.Blocked {
			c.Verdict, c.Why = filter.Unknown, why
		}
	case why != "":
		c.Verdict, c.Why = filter.Unknown, why
	case c.loopback && s.Kind == Internet:
		c.Verdict, c.Why = filter.Blocked, lang.T("no router forwards packets for a loopback address")
	default:
		c.Verdict, c.Why = filter.Blocked, lang.T("it has no address by which it could get there")
	}
	// Who is inside chooses its address by the target's.
	c.Partly = s.Kind != Containers && s.Kind != Host && c.Verdict == filter.Open && (c.partly(true) || c.partly(false))
}

// partly says whether a family's senders get through in part.
func (c *Cell) partly(ipv6 bool) bool {
	var all, open netipx.IPSetBuilder
	for _, w := range c.Ways {
		if w.To.Addr().Is6() == ipv6 {
			all.AddSet(w.sources())
			if w.Verdict == filter.Open {
				open.AddSet(w.sources())
			}
		}
	}
	through, _ := open.IPSet() // an error is only of ranges that are none
	all.RemoveSet(through)
	rest, _ := all.IPSet()
	return len(through.Ranges()) > 0 && len(rest.Ranges()) > 0
}

func (w *Way) sources() *netipx.IPSet {
	if w.Sources == nil {
		return &netipx.IPSet{}
	}
	return w.Sources
}

// has says whether a way is one of a member: of all members, if it is not known
// what address they send from.
func (w *Way) has(m Member) bool {
	return w.Sources == nil || slices.ContainsFunc(m.addresses, w.Sources.Contains)
}

// refine splits sources of containers that do not behave alike after all.
func (m *Matrix) refine() {
	sources, cells := m.Sources, m.Cells
	m.Sources, m.Cells = nil, nil
	for i, s := range sources {
		groups := [][]int{{}}
		if s.Kind == Containers {
			groups = m.alike(s, cells[i])
		}
		if len(groups) == 1 {
			m.Sources, m.Cells = append(m.Sources, s), append(m.Cells, cells[i])
			continue
		}
		for _, members := range groups {
			part, row := s.part(members, cells[i], m.Targets)
			m.Sources, m.Cells = append(m.Sources, part), append(m.Cells, row)
		}
	}
}

// alike groups the members of a source by what they reach.
func (m *Matrix) alike(s Source, row []Cell) [][]int {
	var out [][]int
	known := map[string]int{}
	for i, member := range s.Members {
		var verdicts strings.Builder
		for j := range row {
			verdicts.WriteString(string(row[j].of(member, m.Targets[j])))
		}
		at, ok := known[verdicts.String()]
		if !ok {
			at = len(out)
			known[verdicts.String()] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], i)
	}
	return out
}

// isOf says whether a target is one of a container's ports.
func (t *Target) isOf(m Member) bool {
	return slices.ContainsFunc(t.Members, func(r Member) bool { return r.Engine == m.Engine && r.Name == m.Name })
}

// of is what holds for a member: as for the others, if it is the receiver.
func (c *Cell) of(m Member, t Target) filter.Verdict {
	receives := t.isOf(m)
	for i := range c.Ways { // the best first
		if receives || c.Ways[i].has(m) {
			return c.Ways[i].Verdict
		}
	}
	return c.Verdict
}

// part is a source of some of the members: of one that is the receiver itself
// holds what does of the others.
func (s Source) part(members []int, row []Cell, targets []Target) (Source, []Cell) {
	out := s
	out.Members, out.spaces = nil, nil
	for _, i := range members {
		out.Members = append(out.Members, s.Members[i])
		out.spaces = append(out.spaces, s.spaces[i])
	}
	out.finish()
	cells := make([]Cell, len(row))
	for j, c := range row {
		if len(c.Ways) == 0 {
			cells[j] = c
			continue
		}
		c.Ways = slices.DeleteFunc(slices.Clone(c.Ways), func(w Way) bool {
			return !slices.ContainsFunc(out.Members, func(m Member) bool { return w.has(m) || targets[j].isOf(m) })
		})
		if len(c.Ways) == 0 {
			c.Ways = row[j].Ways
		}
		c.conclude(&out)
		cells[j] = c
	}
	return out, cells
}
