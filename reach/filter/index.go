package filter

import (
	"net/netip"
	"slices"
	"sort"

	"seawall/snapshot"
)

// index finds the rules of a chain that packets in one direction may match, where
// there are many: those for a port or an address are left out for others.
type index struct {
	open  []int // rules without such a condition, in order
	ports map[uint16][]int
	addrs map[netip.Addr][]int
	// senders are the rules for one sender, in the order of the addresses.
	senders []senderRule
}

type senderRule struct {
	a    netip.Addr
	rule int
}

// manyRules is how many rules are worth an index.
const manyRules = 8

// newIndex is nil where none is of use.
func newIndex(rules []rule, reply bool) *index {
	x := &index{ports: map[uint16][]int{}, addrs: map[netip.Addr][]int{}}
	for i := range rules {
		if !x.add(&rules[i], i, directionOf(reply)) {
			x.open = append(x.open, i)
		}
	}
	if len(x.open) == len(rules) {
		return nil
	}
	slices.SortStableFunc(x.senders, func(a, b senderRule) int { return a.a.Compare(b.a) })
	return x
}

// direction is the fields of the senders, and of the other end.
type direction struct{ sender, senderPort, end, endPort snapshot.FilterField }

func directionOf(reply bool) direction {
	if reply {
		return direction{snapshot.FieldDestination, snapshot.FieldPort, snapshot.FieldSource, snapshot.FieldSourcePort}
	}
	return direction{snapshot.FieldSource, snapshot.FieldSourcePort, snapshot.FieldDestination, snapshot.FieldPort}
}

// add finds one of the conditions that a rule begins with by which to find it.
func (x *index) add(r *rule, at int, d direction) bool {
	var sender netip.Addr
	divided := false // by another condition on the senders
	for i := range r.statements {
		m := r.statements[i].match
		if m == nil {
			break
		}
		a, port := m.single()
		switch {
		case a.IsValid() && m.fields[0] == d.end:
			x.addrs[a] = append(x.addrs[a], at)
			return true
		case port != 0 && m.fields[0] == d.endPort:
			x.ports[port] = append(x.ports[port], at)
			return true
		case slices.Contains(m.fields, d.sender):
			if a.IsValid() && !divided && len(r.ports[d.senderPort]) == 0 {
				sender = a
			}
			divided = true
		}
	}
	if sender.IsValid() {
		x.senders = append(x.senders, senderRule{sender, at})
	}
	return sender.IsValid()
}

// single is the address or the port that a condition is for, if it is for one.
func (m *match) single() (a netip.Addr, port uint16) {
	if m.not || len(m.fields) != 1 || len(m.keys) != 1 {
		return a, 0
	}
	v := &m.keys[0][0]
	switch {
	case len(v.addrs) == 1 && v.addrs[0].From() == v.addrs[0].To():
		return v.addrs[0].From(), 0
	case len(v.ports) == 1 && v.ports[0].From == v.ports[0].To:
		return a, v.ports[0].From
	}
	return a, 0
}

// visited are the rules of a chain that some packets may match.
type visited struct {
	open, found []int
	rest        int // the next of all rules, where there is no index
	rules       int
}

// visited are those for some packets, and for what becomes of them in the chain.
func (v *visit) visited(c *chain, ws []*world) visited {
	x := c.indexes[b2i(v.reply)]
	if x == nil || v.walk.protocol < 0 {
		return visited{rules: len(c.rules)}
	}
	out := visited{open: x.open, rest: len(c.rules), rules: len(c.rules)}
	for _, w := range ws {
		out.found = append(append(out.found, x.addrs[w.dst.Addr()]...), x.ports[w.dst.Port()]...)
		out.found = x.from(out.found, w)
	}
	slices.Sort(out.found)
	out.found = slices.Compact(out.found)
	return out
}

// from adds the rules for the senders of a packet.
func (x *index) from(found []int, w *world) []int {
	if w.carried {
		for _, s := range x.senders {
			found = append(found, s.rule)
		}
		return found
	}
	for _, r := range w.sources {
		first := sort.Search(len(x.senders), func(i int) bool { return !x.senders[i].a.Less(r.From()) })
		for ; first < len(x.senders) && !r.To().Less(x.senders[first].a); first++ {
			found = append(found, x.senders[first].rule)
		}
	}
	return found
}

// next is the next rule; false after the last.
func (l *visited) next() (at int, ok bool) {
	switch {
	case l.rest < l.rules:
		l.rest++
		return l.rest - 1, true
	case len(l.open) == 0 && len(l.found) == 0:
		return 0, false
	case len(l.found) == 0 || len(l.open) > 0 && l.open[0] < l.found[0]:
		at, l.open = l.open[0], l.open[1:]
	default:
		at, l.found = l.found[0], l.found[1:]
	}
	return at, true
}
