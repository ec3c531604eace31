package graph

import "slices"

// tree is a way on to one target for each state that leads there by moves that
// need one state each.
type tree struct {
	g        *Graph
	by       []int32      // the move from each state; entry at the target, or none
	order    []State      // the states, the target first
	children lists[int32] // of each state: those whose move gets it
	entries  []int32      // of each state: how many entries it is
	below    []int32      // of each state: entries whose way it is on
	doubt    set          // while a loss is counted: states that may have no way any more
}

func (g *Graph) treeTo(target State, entries []State) *tree {
	t := &tree{g: g, by: slices.Repeat([]int32{none}, g.states), entries: make([]int32, g.states), doubt: newSet(g.states)}
	t.by[target] = entry
	t.order = append(t.order, target)
	for i := 0; i < len(t.order); i++ {
		for _, m := range g.in.of(int32(t.order[i])) {
			if from := g.from.of(m); len(from) == 1 && !g.gone.has(m) && t.by[from[0]] == none {
				t.by[from[0]] = m
				t.order = append(t.order, from[0])
			}
		}
	}
	for _, e := range entries {
		t.entries[e]++
	}
	t.below = slices.Clone(t.entries)
	parents := lists[State]{at: make([]int32, 1, g.states+1)}
	for s := range State(g.states) {
		if t.by[s] >= 0 {
			parents.all = append(parents.all, g.to[t.by[s]])
		}
		parents.at = append(parents.at, int32(len(parents.all)))
	}
	t.children = invert(parents, g.states)
	for _, s := range slices.Backward(t.order[1:]) {
		t.below[g.to[t.by[s]]] += t.below[s]
	}
	return t
}

// restsOn counts the entries whose way has a move.
func (t *tree) restsOn(m int32) int {
	if from := t.g.from.of(m); len(from) == 1 && t.by[from[0]] == m {
		return int(t.below[from[0]])
	}
	return 0
}

// lost counts the entries that have no way after a change. Only those whose way
// rests on it are looked at: they keep one if some move gets them to a state that
// does.
func (t *tree) lost(c Change) int {
	var below []State
	doubt := func(s State) {
		if !t.doubt.has(int32(s)) {
			t.doubt.add(int32(s))
			below = append(below, s)
		}
	}
	for _, m := range t.g.ended.of(int32(c)) {
		if t.restsOn(m) > 0 && !t.g.gone.has(m) {
			doubt(t.g.from.of(m)[0])
		}
	}
	for i := 0; i < len(below); i++ {
		for _, child := range t.children.of(int32(below[i])) {
			doubt(State(child))
		}
	}
	t.rescue(below, c)
	n := 0
	for _, s := range below {
		if t.doubt.has(int32(s)) {
			n += int(t.entries[s])
			t.doubt.drop(int32(s))
		}
	}
	return n
}

// rescue takes out of doubt what has another way.
func (t *tree) rescue(below []State, c Change) {
	var safe []State
	check := func(s State) {
		if !t.doubt.has(int32(s)) {
			return
		}
		if slices.ContainsFunc(t.g.out.of(int32(s)), func(m int32) bool { return t.leads(m, c) }) {
			t.doubt.drop(int32(s))
			safe = append(safe, s)
		}
	}
	for _, s := range below {
		check(s)
	}
	for len(safe) > 0 {
		s := safe[len(safe)-1]
		safe = safe[:len(safe)-1]
		for _, m := range t.g.in.of(int32(s)) {
			if from := t.g.from.of(m); len(from) == 1 {
				check(from[0])
			}
		}
	}
}

// leads says whether a move gets one state to another that has a way for sure,
// also after a change.
func (t *tree) leads(m int32, c Change) bool {
	to := t.g.to[m]
	return t.g.joint[m] < 0 && !t.g.gone.has(m) && t.by[to] != none && !t.doubt.has(int32(to)) && !slices.Contains(t.g.ends.of(m), c)
}
