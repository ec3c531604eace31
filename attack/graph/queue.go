package graph

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

func (w waiting) before(o waiting) bool {
	return w.less(o.effort) || w.effort == o.effort && w.state < o.state
}

// queue is a heap: the least effort comes first, then the lower state.
type queue []waiting

func (q *queue) push(w waiting) {
	*q = append(*q, w)
	h := *q
	i := len(h) - 1
	for i > 0 && w.before(h[(i-1)/2]) {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = w
}

func (q *queue) pop() waiting {
	h := *q
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	i := 0
	for 2*i+1 < len(h) {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	if len(h) > 0 {
		h[i] = last
	}
	return first
}
