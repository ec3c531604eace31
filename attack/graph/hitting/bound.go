package hitting

// bounded is what relaxation tells of rows that hang together.
type bounded struct {
	lower   int64   // no solution counts less
	chosen  []int32 // a solution
	ids     []int32 // of each element of the rows
	reduced []int64 // of each: what it counts beyond what its rows are worth
}

// bound improves multipliers of rows, of two elements at least, for some rounds,
// until the bound gets to limit or to a solution. It leaves the best ones in the
// rows.
func (s *Solver) bound(rows []row, limit int64, e effort) bounded {
	r := &relaxation{matrix: s.matrix(rows), bestCount: never, multiplier: make([]int64, len(rows)), most: make([]int64, len(rows))}
	r.reduced = make([]int64, len(r.ids))
	r.best.lower, r.best.ids = -1, r.ids
	for i := range rows {
		r.multiplier[i] = rows[i].multiplier
		r.most[i] = never
		for _, c := range r.rows.of(int32(i)) {
			r.most[i] = min(r.most[i], r.counts[c])
		}
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
