package hitting

import "slices"

// reduce leaves out what cannot matter: the only element of a set is chosen, sets
// that hold another are hit with it, and elements that one which counts no more
// replaces are not needed. ok is false if a set has no element.
func (s *Solver) reduce(rows []row) (chosen []int32, rest []row, ok bool) {
	for {
		before := len(rows)
		taken := single(rows)
		chosen = append(chosen, taken...)
		rows = without(rows, taken)
		if slices.ContainsFunc(rows, func(r row) bool { return len(r.cols) == 0 }) {
			return nil, nil, false
		}
		if len(rows) == 0 {
			return chosen, nil, true
		}
		rows = s.leastRows(rows)
		needless := s.needless(rows)
		if len(needless) > 0 {
			rows = lacking(rows, needless)
		}
		if len(rows) == before && len(needless) == 0 {
			return chosen, rows, true
		}
	}
}

// single are the elements that are the only one of a set.
func single(rows []row) []int32 {
	var out []int32
	for _, r := range rows {
		if len(r.cols) == 1 {
			out = append(out, r.cols[0])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// without are the rows that none of the chosen elements, which rise, hits.
func without(rows []row, chosen []int32) []row {
	if len(chosen) == 0 {
		return rows
	}
	var out []row
	for _, r := range rows {
		if !slices.ContainsFunc(r.cols, func(c int32) bool { return holds(chosen, c) }) {
			out = append(out, r)
		}
	}
	return out
}

// lacking are the rows with some elements, which rise, left out of each.
func lacking(rows []row, elements []int32) []row {
	out := slices.Clone(rows)
	for i, r := range out {
		if slices.ContainsFunc(r.cols, func(c int32) bool { return holds(elements, c) }) {
			out[i].cols = slices.DeleteFunc(slices.Clone(r.cols), func(c int32) bool { return holds(elements, c) })
		}
	}
	return out
}

func holds(rising []int32, c int32) bool {
	_, found := slices.BinarySearch(rising, c)
	return found
}

// leastRows are the rows that hold no other; of equals, the first.
func (s *Solver) leastRows(rows []row) []row {
	m := s.matrix(rows)
	drop := make([]bool, len(rows))
	signs := m.rows.signs()
	for i := range int32(len(rows)) {
		own := m.rows.of(i)
		if drop[i] {
			continue
		}
		rarest := slices.MinFunc(own, func(a, b int32) int { return len(m.cols.of(a)) - len(m.cols.of(b)) })
		for _, other := range m.cols.of(rarest) {
			if other != i && !drop[other] && signs[i]&^signs[other] == 0 && within(own, m.rows.of(other)) {
				drop[other] = true
			}
		}
	}
	out := make([]row, 0, len(rows))
	for i, r := range rows {
		if !drop[i] {
			out = append(out, r)
		}
	}
	return out
}

// needless are the elements in whose place another, which counts no more, hits
// all the same rows; of equals, the lower one is kept.
func (s *Solver) needless(rows []row) []int32 {
	m := s.matrix(rows)
	var out []int32
	gone := make([]bool, len(m.ids))
	signs := m.cols.signs()
	for a := range int32(len(m.ids)) {
		own := m.cols.of(a)
		shortest := slices.MinFunc(own, func(x, y int32) int { return len(m.rows.of(x)) - len(m.rows.of(y)) })
		for _, b := range m.rows.of(shortest) {
			if b == a || gone[b] || m.counts[b] > m.counts[a] || signs[a]&^signs[b] != 0 {
				continue
			}
			if theirs := m.cols.of(b); within(own, theirs) && (len(theirs) > len(own) || m.counts[b] < m.counts[a] || b < a) {
				gone[a] = true
				out = append(out, m.ids[a])
				break
			}
		}
	}
	return out
}
