package filter

import (
	"cmp"
	"slices"
	"sort"
)

// PortRange is ports, From and To among them.
type PortRange struct{ From, To uint16 }

// ports is a set of ports: ranges in order that neither overlap nor touch. It
// is never changed in place.
type ports []PortRange

// anyPort is all that a packet can be sent from.
var anyPort = ports{{1, 65535}}

// cut divides the set by another one.
func (p ports) cut(q ports) (in, out ports) {
	out = make(ports, 0, len(p)+len(q))
	for _, r := range p {
		from := int(r.From)
		for _, s := range q {
			lo, hi := max(from, int(s.From)), min(int(r.To), int(s.To))
			if lo > hi {
				continue
			}
			if from < lo {
				out = append(out, PortRange{uint16(from), uint16(lo - 1)})
			}
			in = append(in, PortRange{uint16(lo), uint16(hi)})
			from = hi + 1
		}
		if from <= int(r.To) {
			out = append(out, PortRange{uint16(from), r.To})
		}
	}
	return in, out
}

func (p ports) union(q ports) ports {
	if slices.Equal(p, q) {
		return p
	}
	all := slices.Concat(p, q)
	slices.SortFunc(all, func(a, b PortRange) int { return cmp.Compare(a.From, b.From) })
	out := all[:0]
	for _, r := range all {
		if n := len(out); n > 0 && int(r.From) <= int(out[n-1].To)+1 {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// meets tells whether some of p are in q, and whether some are not.
func (p ports) meets(q ports) (in, out bool) {
	for _, r := range q {
		i := sort.Search(len(p), func(i int) bool { return p[i].To >= r.From })
		in = in || i < len(p) && p[i].From <= r.To
	}
	for _, r := range p {
		i := sort.Search(len(q), func(i int) bool { return q[i].To >= r.To })
		if i == len(q) || q[i].From > r.From {
			return in, true
		}
	}
	return in, false
}

// within: all of p are in q.
func (p ports) within(q ports) bool {
	_, out := p.meets(q)
	return !out
}

func (p ports) contains(n uint16) bool { return ports{{n, n}}.within(p) }
