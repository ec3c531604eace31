package graph

// Slice are the moves that lead somebody with all the entries to a target, in
// rising order: those that it can make and that others lead on from.
func (g *Graph) Slice(entries, targets []State) []int {
	had := newClosure(g, nil)
	had.start(entries)
	useful := g.leadingTo(targets)
	var out []int
	for m, to := range g.to {
		if useful.has(int32(to)) && had.can(int32(m)) {
			out = append(out, m)
		}
	}
	return out
}

// leadingTo are the states that some way to a target, of all moves that are
// there, has.
func (g *Graph) leadingTo(targets []State) set {
	out := newSet(g.states)
	var todo []State
	visit := func(s State) {
		if !out.has(int32(s)) {
			out.add(int32(s))
			todo = append(todo, s)
		}
	}
	for _, t := range targets {
		visit(t)
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, m := range g.in.of(int32(s)) {
			if !g.gone.has(m) {
				for _, p := range g.from.of(m) {
					visit(p)
				}
			}
		}
	}
	return out
}
