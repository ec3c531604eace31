package graph

import "math"

// Search is the cheapest derivation of every state from some entries.
type Search struct {
	g       *Graph
	effort  []effort
	by      []int32 // the last move to each state; entry or none
	missing []int32 // of each joint move: how many states it still needs
	sum     []effort
	settled []State // the states that are had, the cheapest first
	waiting queue

	// ahead is, of each target that is aimed at, what each state costs at least from
	// there on, -1 if it does not lead there; known is what the targets cost, -1 if
	// that is not known. What leads to none for less is left out.
	ahead [][]int64
	known []int64

	done set
	on   *onward // of the last target
}

// What stands for a move where a state has none.
const (
	none  = -1 // it is not had
	entry = -2 // it is had from the beginning
)

// Cheapest finds the cheapest derivation of every state by whoever has all the
// entries. The cost of a derivation is the sum of the costs of its moves; a move
// counts as often as what it gets is needed. It is Knuth's generalization of
// Dijkstra's algorithm.
func (g *Graph) Cheapest(entries ...State) *Search {
	s := newSearch(g)
	s.run(entries, beyond)
	return s
}

// release gives the memory of a search that nobody uses any more to others.
func (s *Search) release() {
	s.waiting.drop(func(State) {})
	s.settled, s.ahead, s.known = s.settled[:0], nil, nil
	s.g.searches.Put(s)
}

func newSearch(g *Graph) *Search {
	s, _ := g.searches.Get().(*Search)
	if s == nil {
		s = &Search{effort: make([]effort, g.states), by: make([]int32, g.states), missing: make([]int32, g.joints), sum: make([]effort, g.joints), done: newSet(g.states)}
	}
	s.g = g
	clear(s.sum)
	for i := range s.by {
		s.by[i] = none
	}
	for m, j := range g.joint {
		if j >= 0 {
			s.missing[j] = int32(len(g.from.of(int32(m))))
		}
	}
	return s
}

// run finds what costs less than limit; what it has besides may be had cheaper.
func (s *Search) run(entries []State, limit int64) {
	for _, e := range entries {
		s.offer(e, effort{}, entry)
	}
	for _, m := range s.g.given {
		s.perform(m, effort{})
	}
	done := s.done
	clear(done)
	for !s.waiting.empty() && s.waiting.least() < limit {
		if w := s.waiting.pop(); !done.has(int32(w.state)) {
			done.add(int32(w.state))
			s.settled = append(s.settled, w.state)
			s.follow(w.state)
		}
	}
}

// follow makes the moves for which a state was the last that they needed.
func (s *Search) follow(state State) {
	for _, m := range s.g.out.of(int32(state)) {
		j := s.g.joint[m]
		if j < 0 {
			s.perform(m, s.effort[state])
			continue
		}
		s.sum[j] = s.sum[j].plus(s.effort[state])
		if s.missing[j]--; s.missing[j] == 0 {
			s.perform(m, s.sum[j])
		}
	}
}

// perform offers what a move gets, whose states took an effort.
func (s *Search) perform(m int32, needed effort) {
	if !s.g.gone.has(m) {
		s.offer(s.g.to[m], needed.plus(effort{s.g.cost[m], 1}), m)
	}
}

func (s *Search) offer(state State, e effort, by int32) {
	if s.ahead != nil && !s.promises(state, e.cost) {
		return
	}
	if s.by[state] == none || e.less(s.effort[state]) {
		s.effort[state], s.by[state] = e, by
		s.waiting.push(waiting{e, state})
	}
}

// again is run from other entries, in the same memory.
func (s *Search) again(entries []State, limit int64) {
	s.waiting.drop(func(state State) { s.by[state] = none })
	for _, state := range s.settled {
		s.by[state] = none
		for _, m := range s.g.out.of(int32(state)) {
			if j := s.g.joint[m]; j >= 0 {
				s.sum[j] = effort{}
				s.missing[j] = int32(len(s.g.from.of(m)))
			}
		}
	}
	s.settled = s.settled[:0]
	s.run(entries, limit)
}

// Cost is what the cheapest derivation of a state costs, at most 1<<60; ok is
// false if there is none.
func (s *Search) Cost(state State) (cost int, ok bool) {
	if s.by[state] == none {
		return 0, false
	}
	return int(min(s.effort[state].cost, math.MaxInt)), true
}

// Derivation is the cheapest derivation of a state: its moves, each once and
// after those that get what it needs. It is nil if there is none and empty for
// an entry.
func (s *Search) Derivation(state State) []int {
	if s.by[state] == none {
		return nil
	}
	out := []int{}
	seen := map[State]bool{}
	var visit func(State)
	visit = func(state State) {
		m := s.by[state]
		if m == entry || seen[state] {
			return
		}
		seen[state] = true
		for _, p := range s.g.from.of(m) {
			visit(p)
		}
		out = append(out, int(m))
	}
	visit(state)
	return out
}

// possible says whether a move is there and all it needs is had.
func (s *Search) possible(m int32) bool {
	if s.g.gone.has(m) {
		return false
	}
	for _, p := range s.g.from.of(m) {
		if s.by[p] == none {
			return false
		}
	}
	return true
}
