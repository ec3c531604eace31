package graph

// onward is the cheapest way on from every state to a target, where whatever
// else a move on the way needs is got as a search has it.
type onward struct {
	s      *Search
	target State
	effort []effort
	by     []int32 // the next move from each state; entry at the target, or none
	// settled are the states with a way on, the nearest first.
	settled []State

	// What is worked out for states, in room that is used again.
	done          set
	waiting       queue
	before, after []uint64
}

func (s *Search) onwardTo(target State) *onward {
	o := s.on
	if o == nil {
		o = &onward{effort: make([]effort, s.g.states), by: make([]int32, s.g.states), done: newSet(s.g.states), before: make([]uint64, s.g.states), after: make([]uint64, s.g.states)}
		s.on = o
	}
	o.s, o.target, o.settled = s, target, o.settled[:0]
	clear(o.done)
	for i := range o.by {
		o.by[i] = none
	}
	if s.by[target] == none {
		return o
	}
	o.offer(&o.waiting, target, effort{}, entry)
	for !o.waiting.empty() {
		if w := o.waiting.pop(); !o.done.has(int32(w.state)) {
			o.done.add(int32(w.state))
			o.settled = append(o.settled, w.state)
			o.precede(&o.waiting, w.state)
		}
	}
	return o
}

// precede offers the way on by each move to a state to those whom it needs.
func (o *onward) precede(q *queue, state State) {
	g := o.s.g
	for _, m := range g.in.of(int32(state)) {
		if !o.s.possible(m) {
			continue
		}
		from := g.from.of(m)
		on := o.effort[state].plus(effort{g.cost[m], 1})
		for i, p := range from {
			e := on
			for k, other := range from {
				if k != i {
					e = e.plus(o.s.effort[other])
				}
			}
			o.offer(q, p, e, m)
		}
	}
}

func (o *onward) offer(q *queue, state State, e effort, by int32) {
	if o.by[state] == none || e.less(o.effort[state]) {
		o.effort[state], o.by[state] = e, by
		q.push(waiting{e, state})
	}
}

// through says whether a move is on a way to the target.
func (o *onward) through(m int32) bool {
	return o.by[o.s.g.to[m]] != none && o.s.possible(m)
}
