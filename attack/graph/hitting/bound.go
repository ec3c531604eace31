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
func (s *solver) bound(rows []row, limit int64, rounds int) bounded {
	r := &relaxation{matrix: s.matrix(rows), bestCount: never}
	r.best.lower = -1
	r.multiplier = make([]int64, len(rows))
	r.reduced = make([]int64, len(r.ids))
	r.start(rows)
	pace, idle := int64(1024), 0
	for round := range rounds {
		if r.evaluate() {
			idle = 0
		} else if idle++; idle >= 6 {
			idle, pace = 0, pace/2
			copy(r.multiplier, r.at)
			r.evaluate()
		}
		if round%4 == 0 {
			r.round()
		}
		s.looked += len(r.matrix.rows.all)
		goal := min(limit, r.bestCount)
		if r.best.lower >= goal || pace == 0 || !r.step(goal, pace) {
			break
		}
	}
	r.best.ids = r.ids
	for i := range rows {
		rows[i].multiplier = r.at[i]
	}
	return r.best
}

// start takes the multipliers of rows, or if they have none raises one after the
// other as far as no element counts less than its rows are worth.
func (r *relaxation) start(rows []row) {
	known := false
	for i := range rows {
		r.multiplier[i] = rows[i].multiplier
		known = known || rows[i].multiplier > 0
	}
	if known {
		return
	}
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return len(r.rows.of(a)) - len(r.rows.of(b)) })
	left := slices.Clone(r.counts)
	for _, i := range order {
		own := r.rows.of(i)
		least := left[own[0]]
		for _, c := range own {
			least = min(least, left[c])
		}
		r.multiplier[i] = least
		for _, c := range own {
			left[c] -= least
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

// step moves multipliers towards rows that are hit once: up where nothing that is
// worth it hits a row, down where several elements do. It is false if there is
// nothing to move.
func (r *relaxation) step(goal, pace int64) bool {
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
	size := max((goal-r.best.lower)/sum, 1)
	size = max(size/1024*pace+size%1024*pace/1024, 1)
	for i := range r.multiplier {
		r.multiplier[i] = max(0, r.multiplier[i]+miss[i]*size)
	}
	return true
}

// round makes a solution: each row that is not hit yet chooses its element of
// the least reduced count, and what is needless then is left out, the heaviest
// first.
func (r *relaxation) round() {
	hits := make([]int32, len(r.multiplier))
	var chosen []int32
	for i := range hits {
		if hits[i] > 0 {
			continue
		}
		c := slices.MinFunc(r.rows.of(int32(i)), func(a, b int32) int {
			return cmp.Or(cmp.Compare(r.reduced[a], r.reduced[b]), len(r.cols.of(b))-len(r.cols.of(a)), cmp.Compare(a, b))
		})
		chosen = append(chosen, c)
		for _, other := range r.cols.of(c) {
			hits[other]++
		}
	}
	slices.SortFunc(chosen, func(a, b int32) int { return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(b, a)) })
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
