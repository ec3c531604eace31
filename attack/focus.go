package attack

import (
	"cmp"
	"maps"
	"slices"

	"seawall/attack/graph"
	"seawall/parallel"
)

// focus makes the graph of the moves that lead to targets; with changes, if those are
// asked for. Nothing else is on a path, or ends one.
func (x *Index) focus(targets []int32, changes bool) error {
	x.lead(targets)
	m := &x.Model.moves
	x.used = slices.DeleteFunc(x.moves, func(v int32) bool { return x.numbers[m.list[v].to] == none })
	x.moves = nil
	var number []graph.Change
	if changes {
		number = x.number()
	}
	var from []graph.State
	var ends []graph.Change
	weights := make([]int64, len(x.changes))
	for i := range x.changes {
		weights[i] = x.Weight(x.change(graph.Change(i)))
	}
	g, err := graph.Of(len(x.states), weights, len(x.used), func(i int) graph.Move {
		v := x.used[i]
		from, ends = from[:0], ends[:0]
		for _, s := range m.fromOf(v) {
			from = append(from, x.numbers[s])
		}
		if changes {
			for _, c := range m.endsOf(v) {
				ends = append(ends, number[c])
			}
		}
		return graph.Move{From: from, To: x.numbers[m.list[v].to], Cost: int(m.list[v].cost), Ends: ends}
	})
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
// gives that of each of the model's: the model has one at each site where it is found.
func (x *Index) number() []graph.Change {
	out := make([]graph.Change, len(x.Model.changes))
	kinds := map[*ChangeKind][]int32{}
	seen := make([]bool, len(out))
	for _, v := range x.used {
		for _, c := range x.Model.moves.endsOf(v) {
			if !seen[c] {
				seen[c] = true
				kind := x.Model.changes[c].Kind
				kinds[kind] = append(kinds[kind], c)
			}
		}
	}
	order := slices.SortedFunc(maps.Keys(kinds), func(a, b *ChangeKind) int { return cmp.Compare(a.ID, b.ID) })
	parallel.Each(len(order), func(i int) {
		// Sites are mostly in the order of their names, and sorting what is sorted is fast.
		slices.Sort(kinds[order[i]])
		slices.SortFunc(kinds[order[i]], func(a, b int32) int { return x.Model.changes[a].Compare(x.Model.changes[b]) })
	})
	for _, kind := range order {
		for i, c := range kinds[kind] {
			if i == 0 || x.Model.changes[kinds[kind][i-1]] != x.Model.changes[c] {
				x.changes = append(x.changes, c)
			}
			out[c] = graph.Change(len(x.changes) - 1)
		}
	}
	return out
}
