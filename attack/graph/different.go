package graph

// Different are up to k really different ways from the entries to a target, the
// cheapest first: each a derivation as [Search.Derivation] gives it. Of each, what
// is most its own is forbidden to those that come after.
//
// kind groups moves that are the same to a reader, such as a step in a container:
// a kind is forbidden as a whole. A move whose kind is below 0 is never forbidden,
// as one that happens after all ways have met. Of a way's kinds the most its own
// is the one that the fewest moves have on the cheapest way through them, and
// without which the target can still be had; if several are, the last one.
func (g *Graph) Different(entries []State, target State, k int, kind func(move int) int32) [][]int {
	var out [][]int
	kinds := make([]int32, len(g.to))
	for m := range kinds {
		kinds[m] = kind(m)
	}
	for len(out) < k {
		s := g.Cheapest(entries...)
		way := s.Derivation(target)
		if way == nil {
			break
		}
		out = append(out, way)
		if len(out) == k {
			break
		}
		own, ok := s.mostOwn(entries, target, way, kinds)
		if !ok {
			break
		}
		g = g.Only(func(m int) bool { return kinds[m] != own })
	}
	return out
}

// mostOwn is the kind of a way that is to be forbidden; ok is false if the target
// cannot be had without any of its kinds.
func (s *Search) mostOwn(entries []State, target State, way []int, kinds []int32) (own int32, ok bool) {
	on := s.onwardTo(target)
	least := -1
	tried := map[int32]bool{}
	for i := len(way) - 1; i >= 0; i-- {
		kind := kinds[way[i]]
		if kind < 0 || tried[kind] {
			continue
		}
		tried[kind] = true
		n := on.share(kinds, kind)
		if least >= 0 && n >= least {
			continue
		}
		if s.g.Only(func(m int) bool { return kinds[m] != kind }).Reaches(entries, []State{target}) {
			own, least = kind, n
		}
	}
	return own, least >= 0
}

// share counts the moves whose cheapest way from the entries through them to the
// target has a kind.
func (o *onward) share(kinds []int32, kind int32) int {
	g := o.s.g
	before, after := newSet(g.states), newSet(g.states)
	for _, state := range o.s.settled {
		if m := o.s.by[state]; m != entry && (kinds[m] == kind || anyOf(before, g.from.of(m))) {
			before.add(int32(state))
		}
	}
	for _, state := range o.settled {
		m := o.by[state]
		if m == entry {
			continue
		}
		if kinds[m] == kind || after.has(int32(g.to[m])) {
			after.add(int32(state))
			continue
		}
		for _, p := range g.from.of(m) {
			if p != state && before.has(int32(p)) {
				after.add(int32(state))
			}
		}
	}
	n := 0
	for m := range g.to {
		if o.through(int32(m)) && (kinds[m] == kind || after.has(int32(g.to[m])) || anyOf(before, g.from.of(int32(m)))) {
			n++
		}
	}
	return n
}

func anyOf(s set, states []State) bool {
	for _, state := range states {
		if s.has(int32(state)) {
			return true
		}
	}
	return false
}
