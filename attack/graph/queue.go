package graph

import "slices"

// far is where costs end: a derivation that uses one state many times may cost
// more than any number holds.
const far = 1 << 60

// beyond is more than anything costs.
const beyond = far + 1

// effort is what a derivation takes: its cost and, where costs are equal, its
// number of moves. What is used twice counts twice.
type effort struct {
	cost  int64
	moves int64
}

func (e effort) plus(o effort) effort {
	return effort{min(e.cost+o.cost, far), min(e.moves+o.moves, far)}
}

func (e effort) less(o effort) bool {
	return e.cost < o.cost || e.cost == o.cost && e.moves < o.moves
}

// waiting is a state with an effort by which it can be had.
type waiting struct {
	effort
	state State
}

// queue gives what waits the least effort first, and of equal efforts the lower state
// first. Nothing may be put in that takes less than what was taken out last, and what
// takes as much as that comes in any order.
//
// Efforts of an attack's moves are few, so what waits is kept by its effort: putting in
// is a search among those, and taking out costs no comparison but those of sorting
// states once.
type queue struct {
	efforts []waitingStates // rising; those before first are empty
	first   int
	taken   int       // of the first: how many states
	room    [][]State // of those that are empty, for others
}

// waitingStates are states with the same effort.
type waitingStates struct {
	effort
	states []State
}

func (q *queue) empty() bool { return q.first == len(q.efforts) }

// least is what the next one costs.
func (q *queue) least() int64 { return q.efforts[q.first].cost }

func (q *queue) push(w waiting) {
	at := q.place(w.effort)
	if at == len(q.efforts) || q.efforts[at].effort != w.effort {
		one := waitingStates{effort: w.effort}
		if n := len(q.room); n > 0 {
			one.states, q.room = q.room[n-1], q.room[:n-1]
		}
		q.efforts = slices.Insert(q.efforts, at, one)
	}
	q.efforts[at].states = append(q.efforts[at].states, w.state)
}

// place is where an effort is, or is to be put in.
func (q *queue) place(e effort) int {
	low, high := q.first, len(q.efforts)
	for low < high {
		if middle := (low + high) / 2; q.efforts[middle].less(e) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

func (q *queue) pop() waiting {
	of := &q.efforts[q.first]
	if q.taken == 0 {
		slices.Sort(of.states)
	}
	w := waiting{of.effort, of.states[q.taken]}
	if q.taken++; q.taken == len(of.states) {
		q.next()
	}
	return w
}

// next lets the first effort go, of which nothing waits any more.
func (q *queue) next() {
	q.room = append(q.room, q.efforts[q.first].states[:0])
	q.efforts[q.first].states, q.taken = nil, 0
	if q.first++; q.empty() {
		q.efforts, q.first = q.efforts[:0], 0
	}
}

// drop empties it, and calls visit for each state that waits, or has.
func (q *queue) drop(visit func(State)) {
	for !q.empty() {
		for _, s := range q.efforts[q.first].states {
			visit(s)
		}
		q.next()
	}
}
