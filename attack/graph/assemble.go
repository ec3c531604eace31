package graph

// assembly is a small graph in the place of a large one: of the states that
// joint moves need and the targets, and of what leads to them one state at a time.
type assembly struct {
	moves []int32
	cost  []int64   // of each move
	needs [][]int   // of each move: the points that it needs
	on    [][]int64 // of each move and point: what the way costs from what the move gets; -1 if none
	first [][]int64 // of each entry and point: what the way costs without the moves; -1 if none
}

// assemble improves what the entries with the numbers of concerned pay, by moves
// that do not need exactly one state. needed are the states that those need.
func (g *Graph) assemble(t *Table, moves []int32, needed []State, entries, targets []State, concerned []int) {
	a := &assembly{moves: moves, on: make([][]int64, len(moves)), first: make([][]int64, len(concerned))}
	at := map[State]int{}
	back := newBackward(g)
	for point, p := range append(append([]State{}, needed...), targets...) {
		at[p] = point // of a target that is needed too, the later one
		back.from(p)
		for i, m := range moves {
			a.on[i] = append(a.on[i], back.cost(g.to[m]))
		}
		for i, e := range concerned {
			a.first[i] = append(a.first[i], back.cost(entries[e]))
		}
	}
	for _, m := range moves {
		a.cost = append(a.cost, g.cost[m])
		var needs []int
		for _, p := range g.from.of(m) {
			needs = append(needs, at[p])
		}
		a.needs = append(a.needs, needs)
	}
	for i, e := range concerned {
		copy(t.cost[e], a.solve(a.first[i])[len(needed):])
	}
}

// solve makes the moves in the order of what they cost, and gives what each point
// costs at last. It changes first.
func (a *assembly) solve(first []int64) []int64 {
	made := make([]bool, len(a.moves))
	for {
		next, least := -1, int64(0)
		for i := range a.moves {
			if c := a.price(i, first); !made[i] && c >= 0 && (next < 0 || c < least) {
				next, least = i, c
			}
		}
		if next < 0 {
			return first
		}
		made[next] = true
		for point, on := range a.on[next] {
			if on < 0 {
				continue
			}
			if c := min(least+on, far); first[point] < 0 || c < first[point] {
				first[point] = c
			}
		}
	}
}

// price is what a move costs with all that it needs; -1 if that cannot be had.
func (a *assembly) price(move int, points []int64) int64 {
	sum := a.cost[move]
	for _, p := range a.needs[move] {
		if points[p] < 0 {
			return -1
		}
		sum = min(sum+points[p], far)
	}
	return sum
}
