package graph

import "slices"

// Slice are the moves that lie on a way from the entries to a target, in rising
// order: whoever has all the entries can make them, and what they give leads
// there.
func (g *Graph) Slice(entries, targets []State) []int {
	had := newClosure(g, nil)
	had.start(entries)
	in := g.towards(had, targets)
	var out []int
	for m := range g.to {
		if in.has(int32(m)) {
			out = append(out, m)
		}
	}
	return out
}

// towards are the moves that can be made and lead to a target.
func (g *Graph) towards(had *closure, targets []State) set {
	in, seen := newSet(len(g.to)), newSet(g.states)
	waiting := slices.Clone(targets)
	for len(waiting) > 0 {
		s := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if seen.has(int32(s)) {
			continue
		}
		seen.add(int32(s))
		for _, m := range g.in.of(int32(s)) {
			if had.makes(m) {
				in.add(m)
				waiting = append(waiting, g.from.of(m)...)
			}
		}
	}
	return in
}
