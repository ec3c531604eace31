package attack

import (
	"cmp"
	"slices"

	"seawall/attack/graph"
)

// focus makes the graph of the moves that lead to targets; with changes, if those are
// asked for. Nothing else is on a path, or ends one.
func (x *Index) focus(targets []int32, changes bool) error {
	x.lead(targets)
	m := &x.Model.moves
	for _, v := range x.moves {
		if x.numbers[m.list[v].to] != none {
			x.used = append(x.used, v)
		}
	}
	var number []graph.Change
	if changes {
		number = x.number()
	}
	moves := make([]graph.Move, len(x.used))
	var from []graph.State
	var ends []graph.Change
	for i, v := range x.used {
		start, first := len(from), len(ends)
		for _, s := range m.fromOf(v) {
			from = append(from, x.numbers[s])
		}
		if changes {
			for _, c := range m.endsOf(v) {
				ends = append(ends, number[c])
			}
		}
		moves[i] = graph.Move{From: from[start:], To: x.numbers[m.list[v].to], Cost: int(m.list[v].cost), Ends: ends[first:]}
	}
	weights := make([]int64, len(x.changes))
	for i, c := range x.changes {
		weights[i] = x.Weight(c)
	}
	g, err := graph.New(len(x.states), weights, moves)
	if err != nil {
		return err
	}
	x.graph = g
	x.certain = g.Only(func(n int) bool { return !x.move(n).possible })
	return nil
}

// lead numbers the states that some way to a target has, in their order.
func (x *Index) lead(targets []int32) {
	x.numbers = slices.Repeat([]graph.State{none}, len(x.Model.states))
	todo := slices.Clone(targets)
	for _, s := range todo {
		x.numbers[s] = 0
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, v := range x.in[x.inAt[s]:x.inAt[s+1]] {
			for _, p := range x.Model.moves.fromOf(v) {
				if x.numbers[p] == none {
					x.numbers[p] = 0
					todo = append(todo, p)
				}
			}
		}
	}
	for s, n := range x.numbers {
		if n != none {
			x.numbers[s] = graph.State(len(x.states))
			x.states = append(x.states, int32(s))
		}
	}
}

// number gives the changes that end moves of the graph numbers in their order, and
// gives that of each of the model's.
func (x *Index) number() []graph.Change {
	out := make([]graph.Change, len(x.Model.changes))
	known := map[Change]int32{}
	var changes []Change
	seen := make([]bool, len(out))
	for _, v := range x.used {
		for _, c := range x.Model.moves.endsOf(v) {
			if seen[c] {
				continue
			}
			seen[c] = true
			n, have := known[x.Model.changes[c]]
			if !have {
				n = int32(len(changes))
				known[x.Model.changes[c]] = n
				changes = append(changes, x.Model.changes[c])
			}
			out[c] = graph.Change(n)
		}
	}
	place := x.sortChanges(changes)
	for c, n := range out {
		if seen[c] {
			out[c] = place[n]
		}
	}
	return out
}

// sortChanges puts changes in their order, and gives the place of each.
func (x *Index) sortChanges(changes []Change) []graph.Change {
	kinds := map[string][]int32{}
	for i, c := range changes {
		kinds[c.Kind.ID] = append(kinds[c.Kind.ID], int32(i))
	}
	place := make([]graph.Change, len(changes))
	ids := make([]string, 0, len(kinds))
	for id := range kinds {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(a, b) })
	for _, id := range ids {
		// Sites are mostly in the order of their names, and sorting what is sorted is fast.
		slices.SortFunc(kinds[id], func(a, b int32) int { return changes[a].Compare(changes[b]) })
		for _, n := range kinds[id] {
			place[n] = graph.Change(len(x.changes))
			x.changes = append(x.changes, changes[n])
		}
	}
	return place
}
