package hitting

import (
	"cmp"
	"slices"
)

// bounded is what relaxation tells of rows that hang together.
type bounded struct {
	lower   int64   // no solution counts less
	chosen  []int32 // a solution
	ids     []int32 // of each element of the rows
	reduced []int64 // of each: what it counts beyond what its rows are worth
}

// relaxation looks for multipliers of rows: what hitting a row is worth. With
// them, the sum of the multipliers and of what elements count less than their
// rows are worth is a lower bound.
type relaxation struct {
	*matrix
	multiplier []int64
	reduced    []int64
	best       bounded
	bestCount  int64
	at         []int64 // the multipliers of the best bound
}

// bound improves multipliers for some rounds, until the bound gets to limit or to
// a solution. It leaves the best ones in the rows.
func (s *Solver) bound(rows []row, limit int64, e effort) bounded {
	r := &relaxation{matrix: s.matrix(rows), bestCount: never, multiplier: make([]int64, len(rows))}
	r.reduced = make([]int64, len(r.ids))
	r.best.lower, r.best.ids = -1, r.ids
	for i := range rows {
		r.multiplier[i] = rows[i].multiplier
	}
	r.evaluate()
	tried := r.descend(s.stopped, limit, e.sweeps)
	tried += r.wander(s.stopped, limit, e.steps)
	s.looked += tried * len(r.rows.all)
	for i := range rows {
		rows[i].multiplier = r.at[i]
	}
	return r.best
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
		if second == never {
			second = first
		}
		v := max(0, first+(second-first)/16)
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
	miss := make([]int64, len(r.multiplier))
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
		r.multiplier[i] = max(0, r.multiplier[i]+miss[i]*size)
	}
	return true
}

// choose makes a solution: each row that is not hit yet chooses its element of
// the least reduced count, and what is needless then is left out, the heaviest
// first. It is kept if it is the best.
func (r *relaxation) choose() {
	hits := make([]int32, len(r.multiplier))
	var chosen []int32
	for i := range hits {
		if hits[i] > 0 {
			continue
		}
		c := slices.MinFunc(r.rows.of(int32(i)), r.better)
		chosen = append(chosen, c)
		for _, other := range r.cols.of(c) {
			hits[other]++
		}
	}
	slices.SortFunc(chosen, r.heavier)
	var kept []int32
	var count int64
	for _, c := range chosen {
		if slices.ContainsFunc(r.cols.of(c), func(i int32) bool { return hits[i] == 1 }) {
			kept = append(kept, r.ids[c])
			count += r.counts[c]
			continue
		}
		for _, i := range r.cols.of(c) {
			hits[i]--
		}
	}
	if count < r.bestCount {
		r.bestCount, r.best.chosen = count, kept
	}
}

func (r *relaxation) better(a, b int32) int {
	return cmp.Or(cmp.Compare(r.reduced[a], r.reduced[b]), len(r.cols.of(b))-len(r.cols.of(a)), cmp.Compare(a, b))
}

func (r *relaxation) heavier(a, b int32) int {
	return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(b, a))
}
