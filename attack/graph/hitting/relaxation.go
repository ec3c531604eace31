package hitting

// relaxation looks for multipliers of rows: what hitting a row is worth. With
// them, the sum of the multipliers and of what elements count less than their
// rows are worth is a lower bound.
type relaxation struct {
	*matrix
	multiplier []int64
	most       []int64 // of each row: more is never needed, as its lightest element hits it
	reduced    []int64
	best       bounded
	bestCount  int64
	at         []int64 // the multipliers of the best bound

	// Room that is used again and again.
	miss         []int64 // of step
	hits         []int32 // of choose
	chosen, kept []int32
}

// closed says that nothing is left to gain: the bound is at the limit or at what
// a known solution counts.
func (r *relaxation) closed(limit int64) bool { return r.best.lower >= min(limit, r.bestCount) }

// descend sweeps over the multipliers, forth and back, as long as that helps. It
// gives the number of sweeps.
func (r *relaxation) descend(stopped func() bool, limit int64, rounds int) int {
	idle := 0
	for k := range rounds {
		before := r.best.lower
		r.sweep(k%2 == 0)
		r.evaluate()
		if k%4 == 0 {
			r.choose()
		}
		if r.best.lower-before > before/8192 {
			idle = 0
		} else {
			idle++
		}
		if idle > 6 || r.closed(limit) || stopped() {
			return k + 1
		}
	}
	return rounds
}

// sweep sets each multiplier in turn to where the bound is best for the others as
// they are: anywhere between the least and the second least of what the row's
// elements count beyond their other rows. A little above the least keeps ways
// open to further sweeps.
func (r *relaxation) sweep(forth bool) {
	n := len(r.multiplier)
	for k := range n {
		i := k
		if !forth {
			i = n - 1 - k
		}
		own, u := r.rows.of(int32(i)), r.multiplier[i]
		first, second := int64(never), int64(never)
		for _, c := range own {
			if d := r.reduced[c] + u; d < first {
				first, second = d, first
			} else if d < second {
				second = d
			}
		}
		v := min(max(0, first+(second-first)/16), r.most[i])
		r.multiplier[i] = v
		for _, c := range own {
			r.reduced[c] += u - v
		}
	}
}

// evaluate computes the bound, and keeps it if it is the best.
func (r *relaxation) evaluate() bool {
	copy(r.reduced, r.counts)
	var bound int64
	for i, u := range r.multiplier {
		bound += u
		for _, c := range r.rows.of(int32(i)) {
			r.reduced[c] -= u
		}
	}
	for _, d := range r.reduced {
		bound += min(d, 0)
	}
	if bound <= r.best.lower {
		return false
	}
	r.best.lower = bound
	r.best.reduced = append(r.best.reduced[:0], r.reduced...)
	r.at = append(r.at[:0], r.multiplier...)
	return true
}

// wander takes steps along a subgradient from the best multipliers, shorter ones
// where they do not help. Around the best bound are the good solutions. It gives
// the number of steps.
func (r *relaxation) wander(stopped func() bool, limit int64, rounds int) int {
	pace, idle := int64(longest), 0
	r.retreat()
	for k := range rounds {
		if r.closed(limit) || pace == 0 || stopped() || !r.step(min(limit, r.bestCount)-r.best.lower, pace) {
			return k
		}
		if r.evaluate() {
			idle = 0
		} else if idle++; idle >= 25 {
			idle, pace = 0, pace/2
			r.retreat()
		}
		if k%4 == 0 {
			r.choose()
		}
	}
	return rounds
}

// longest is the pace to begin with, in parts of 1024 of the step that would
// close the gap if the bound were linear.
const longest = 2048

// retreat goes back to the multipliers of the best bound.
func (r *relaxation) retreat() {
	copy(r.multiplier, r.at)
	copy(r.reduced, r.best.reduced)
}

// step moves multipliers towards rows that are hit once: up where no element is
// worth it, down where several are. It is false if there is nothing to move.
func (r *relaxation) step(gap, pace int64) bool {
	var sum int64
	if r.miss == nil {
		r.miss = make([]int64, len(r.multiplier))
	}
	miss := r.miss
	for i := range miss {
		miss[i] = 1
		for _, c := range r.rows.of(int32(i)) {
			if r.reduced[c] < 0 {
				miss[i]--
			}
		}
		sum += miss[i] * miss[i]
	}
	if sum == 0 {
		return false
	}
	size := gap / sum
	size = max(size/1024*pace+size%1024*pace/1024, 1)
	for i := range r.multiplier {
		r.multiplier[i] = min(max(0, r.multiplier[i]+miss[i]*size), r.most[i])
	}
	return true
}
