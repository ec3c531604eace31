package graph

import "slices"

// concerned are the numbers of the entries that may pay less by one of some moves
// that do not need exactly one state.
//
// Of what the first of these moves on a way needs, all is got one state at a time,
// and costs no less than the cheapest that such moves need. If what the move gets is
// had for that much without it, it saves nothing. Of the states that a move needs two
// are looked at: the one that most of the moves need, and another.
func (g *Graph) concerned(moves []int32, entries []State, back *backward) []int {
	groups := g.grouped(moves)
	if len(groups) > manyBack {
		return g.having(groups, entries)
	}
	may := make([]bool, len(entries))
	for to, joint := range groups {
		direct := back.all(entries, waiting{state: to})
		first, second := back.all(entries, joint.first...), back.all(entries, joint.second...)
		for i := range may {
			saves := func(cost int64) bool { return direct[i] < 0 || cost < direct[i] }
			may[i] = may[i] || joint.given >= 0 && saves(joint.given) ||
				first[i] >= 0 && second[i] >= 0 && saves(min(first[i]+second[i], far))
		}
	}
	return numbersOf(may)
}

// joint is what moves to one state need: of each the state that most moves need and
// another, this with what the move costs.
type joint struct {
	first, second []waiting
	given         int64 // what the cheapest of those that need nothing costs; -1 if none does
}

// grouped are moves by what they get.
func (g *Graph) grouped(moves []int32) map[State]*joint {
	uses := map[State]int{}
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
