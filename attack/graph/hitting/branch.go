package hitting

import "slices"

// below is what a solution must count less than to be better than one of a
// count: after some work, only a lighter one is.
func (s *Solver) below(count int64) int64 {
	if s.looked < s.fine {
		return count
	}
	return (count/unit-1)*unit + int64(len(s.counts)) + 1
}

// search finds the best solution that counts less than limit; ok is false if
// there is none, or none was found before the context ended.
func (s *Solver) search(rows []row, limit int64) (chosen []int32, ok bool) {
	if s.stopped() {
		return nil, false
	}
	forced, rest, ok := s.reduce(rows)
	limit -= s.count(forced)
	if !ok || limit <= 0 {
		return nil, false
	}
	parts := s.split(rest)
	bounds := make([]bounded, len(parts))
	var sum int64
	for i, p := range parts {
		bounds[i] = s.bound(p, limit-sum, node)
		if sum += bounds[i].lower; sum >= limit {
			return nil, false
		}
	}
	chosen = forced
	for i, p := range parts {
		sum -= bounds[i].lower
		found, ok := s.part(p, bounds[i], limit-sum)
		if !ok {
			return nil, false
		}
		chosen = append(chosen, found...)
		sum += s.count(found)
	}
	return chosen, true
}

// part is search in rows that hang together and have been bounded.
func (s *Solver) part(rows []row, b bounded, limit int64) (best []int32, ok bool) {
	if count := s.count(b.chosen); count < limit {
		best, ok, limit = b.chosen, true, s.below(count)
	}
	if b.lower >= limit || s.stopped() {
		return best, ok
	}
	in, out := b.decided(limit)
	if len(in)+len(out) > 0 {
		if found, better := s.search(lacking(without(rows, in), out), limit-s.count(in)); better {
			return append(in, found...), true
		}
		return best, ok
	}
	c := b.widest(s.matrix(rows))
	for _, with := range []bool{slices.Contains(b.chosen, c), !slices.Contains(b.chosen, c)} {
		if found, better := s.branch(rows, c, with, limit); better {
			best, ok, limit = found, true, s.below(s.count(found))
		}
	}
	return best, ok
}

// branch is search among the solutions with an element, or without.
func (s *Solver) branch(rows []row, c int32, with bool, limit int64) (chosen []int32, ok bool) {
	if !with {
		return s.search(lacking(rows, []int32{c}), limit)
	}
	chosen, ok = s.search(without(rows, []int32{c}), limit-s.counts[c])
	return append(chosen, c), ok
}

// decided are the elements that every solution below limit has, and those that
// none has; both rise.
func (b *bounded) decided(limit int64) (in, out []int32) {
	for i, d := range b.reduced {
		switch {
		case d >= 0 && b.lower+d >= limit:
			out = append(out, b.ids[i])
		case d < 0 && b.lower-d >= limit:
			in = append(in, b.ids[i])
		}
	}
	return in, out
}

// widest is the element of most rows; of equals, the lowest.
func (b *bounded) widest(m *matrix) int32 {
	best := int32(0)
	for c := range int32(len(m.ids)) {
		if len(m.cols.of(c)) > len(m.cols.of(best)) {
			best = c
		}
	}
	return m.ids[best]
}
