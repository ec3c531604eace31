package graph

import (
	"maps"
	"slices"

	"seawall/parallel"
)

// concerned are the numbers of the entries that may pay less by one of some moves
// that do not need exactly one state.
//
// Of what the first of these moves on a way needs, all is got one state at a time,
// and costs no less than the cheapest that such moves need. If what the move gets is
// had for that much without it, it saves nothing. Of the states that a move needs two
// are looked at: the one that most of the moves need, and another.
func (g *Graph) concerned(moves []int32, entries []State) []int {
	groups := g.grouped(moves)
	if len(groups) > manyBack {
		return g.having(groups, entries)
	}
	gets := slices.Sorted(maps.Keys(groups))
	of := make([][]bool, len(gets)) // of each: the entries that may save by it
	parallel.Each(len(gets), func(n int) { of[n] = g.saving(gets[n], groups[gets[n]], entries) })
	may := make([]bool, len(entries))
	for i := range may {
		may[i] = slices.ContainsFunc(of, func(list []bool) bool { return list[i] })
	}
	return numbersOf(may)
}

// saving says of each entry whether it may have a state for less by some moves to it.
func (g *Graph) saving(to State, moves *joint, entries []State) []bool {
	back := newBackward(g)
	direct := back.all(entries, waiting{state: to})
	first, second := back.all(entries, moves.first...), back.all(entries, moves.second...)
	out := make([]bool, len(entries))
	for i := range out {
		saves := func(cost int64) bool { return direct[i] < 0 || cost < direct[i] }
		out[i] = moves.given >= 0 && saves(moves.given) ||
			first[i] >= 0 && second[i] >= 0 && saves(min(first[i]+second[i], far))
	}
	return out
}

// joint is what moves to one state need: of each the state that most moves need and
// another, this with what the move costs.
type joint struct {
	first, second []waiting
	given         int64 // what the cheapest of those that need nothing costs; -1 if none does
}

// grouped are moves by what they get.
func (g *Graph) grouped(moves []int32) map[State]*joint {
	uses := make([]int, g.states)
	for _, m := range moves {
		for _, p := range g.from.of(m) {
			uses[p]++
		}
	}
	out := map[State]*joint{}
	for _, m := range moves {
		j := out[g.to[m]]
		if j == nil {
			j = &joint{given: -1}
			out[g.to[m]] = j
		}
		from := g.from.of(m)
		if len(from) == 0 {
			if j.given < 0 || g.cost[m] < j.given {
				j.given = g.cost[m]
			}
			continue
		}
		most := slices.MaxFunc(from, func(a, b State) int { return uses[a] - uses[b] })
		other := from[0]
		if other == most {
			other = from[1]
		}
		j.first = append(j.first, waiting{state: most})
		j.second = append(j.second, waiting{effort{cost: g.cost[m]}, other})
	}
	return out
}

// having are the numbers of the entries that have one of the states that most of the
// moves need.
func (g *Graph) having(groups map[State]*joint, entries []State) []int {
	var needs []State
	for _, j := range groups {
		if j.given >= 0 {
			needs = entries
			break
		}
		for _, w := range j.first {
			needs = append(needs, w.state)
		}
	}
	lead := g.leadingTo(needs)
	may := make([]bool, len(entries))
	for i, e := range entries {
		may[i] = lead.has(int32(e))
	}
	return numbersOf(may)
}

// numbersOf are the places of what is true.
func numbersOf(list []bool) []int {
	var out []int
	for i, is := range list {
		if is {
			out = append(out, i)
		}
	}
	return out
}
