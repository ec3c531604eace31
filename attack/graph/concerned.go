package graph

import "slices"

// concerned are the numbers of the entries that may pay less by one of some moves
// that do not need exactly one state.
//
// Of what the first of these moves on a way needs, all is got one state at a time.
// So it costs no less than the dearest of its states, and if what it gets is had
// for that much without it, it saves nothing. Of the states the one is looked at
// that most of the moves need.
func (g *Graph) concerned(moves []int32, entries []State, back *backward) []int {
	pairs := g.shortcuts(moves)
	var ends []State
	for p := range pairs {
		ends = append(ends, p.need, p.to)
	}
	slices.Sort(ends)
	ends = slices.DeleteFunc(slices.Compact(ends), func(s State) bool { return s == none })
	if len(ends) > manyBack {
		return g.having(pairs, entries)
	}
	costs := map[State][]int64{none: make([]int64, len(entries))}
	for _, s := range ends {
		back.from(s)
		list := make([]int64, len(entries))
		for i, e := range entries {
			list[i] = back.cost(e)
		}
		costs[s] = list
	}
	may := make([]bool, len(entries))
	for p, cost := range pairs {
		need, to := costs[p.need], costs[p.to]
		for i := range may {
			may[i] = may[i] || need[i] >= 0 && (to[i] < 0 || need[i]+cost < to[i])
		}
	}
	var out []int
	for i, is := range may {
		if is {
			out = append(out, i)
		}
	}
	return out
}

// shortcut is a state that a move needs, none if it needs none, and what it gets.
type shortcut struct{ need, to State }

// shortcuts are those of moves, each with what the cheapest of its moves costs.
func (g *Graph) shortcuts(moves []int32) map[shortcut]int64 {
	uses := map[State]int{}
	for _, m := range moves {
		for _, p := range g.from.of(m) {
			uses[p]++
		}
	}
	out := map[shortcut]int64{}
	for _, m := range moves {
		p := shortcut{none, g.to[m]}
		if from := g.from.of(m); len(from) > 0 {
			p.need = slices.MaxFunc(from, func(a, b State) int { return uses[a] - uses[b] })
		}
		if cost, known := out[p]; !known || g.cost[m] < cost {
			out[p] = g.cost[m]
		}
	}
	return out
}

// having are the numbers of the entries that have what one of the shortcuts needs.
func (g *Graph) having(pairs map[shortcut]int64, entries []State) []int {
	var needs []State
	for p := range pairs {
		if p.need == none {
			needs = entries
			break
		}
		needs = append(needs, p.need)
	}
	may := g.leadingTo(needs)
	var out []int
	for i, e := range entries {
		if may.has(int32(e)) {
			out = append(out, i)
		}
	}
	return out
}
