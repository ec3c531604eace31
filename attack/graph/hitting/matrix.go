package hitting

import "slices"

// row is a set that is still to be hit.
type row struct {
	cols []int32 // its elements, rising
	// multiplier is its share in the bound: what hitting it is worth.
	multiplier int64
	set        int32 // which of the problem's sets it is of
}

// matrix is rows with their elements numbered from 0, and which rows an element
// is in.
type matrix struct {
	ids    []int32 // of each element
	counts []int64
	rows   table // of each row: its elements
	cols   table // of each element: its rows
}

// table are many lists in one array.
type table struct{ at, all []int32 }

func (t *table) of(i int32) []int32 { return t.all[t.at[i]:t.at[i+1]] }
func (t *table) len() int           { return len(t.at) - 1 }

func (s *Solver) matrix(rows []row) *matrix {
	m := &matrix{}
	all := 0
	for _, r := range rows {
		all += len(r.cols)
		for _, c := range r.cols {
			if s.local[c] < 0 {
				s.local[c] = 0
				m.ids = append(m.ids, c)
			}
		}
	}
	slices.Sort(m.ids) // so that of equals the lower element is the lower number
	m.counts = make([]int64, len(m.ids))
	for i, c := range m.ids {
		s.local[c] = int32(i)
		m.counts[i] = s.counts[c]
	}
	m.rows.at, m.rows.all = append(make([]int32, 0, len(rows)+1), 0), make([]int32, 0, all)
	for _, r := range rows {
		for _, c := range r.cols {
			m.rows.all = append(m.rows.all, s.local[c])
		}
		m.rows.at = append(m.rows.at, int32(len(m.rows.all)))
	}
	m.cols = m.rows.transpose(len(m.ids))
	for _, c := range m.ids {
		s.local[c] = -1
	}
	s.looked += len(m.rows.all)
	return m
}

func (t *table) transpose(n int) table {
	out := table{at: make([]int32, n+1), all: make([]int32, len(t.all))}
	for _, e := range t.all {
		out.at[e+1]++
	}
	for i := range n {
		out.at[i+1] += out.at[i]
	}
	next := slices.Clone(out.at)
	for i := range int32(t.len()) {
		for _, e := range t.of(i) {
			out.all[next[e]] = i
			next[e]++
		}
	}
	return out
}

// within says whether each element of a is in b; both rise.
func within(a, b []int32) bool {
	if len(a) > len(b) {
		return false
	}
	for _, x := range a {
		for len(b) > 0 && b[0] < x {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != x {
			return false
		}
	}
	return true
}

// signs are lists shrunk to a word each: if a list is within another, so are its
// bits.
func (t *table) signs() []uint64 {
	out := make([]uint64, t.len())
	for i := range out {
		for _, e := range t.of(int32(i)) {
			out[i] |= 1 << (uint32(e) * 2654435769 >> 26)
		}
	}
	return out
}

// split parts rows that share no element, directly or by others.
func (s *Solver) split(rows []row) [][]row {
	if len(rows) == 0 {
		return nil
	}
	m := s.matrix(rows)
	part := make([]int, len(rows)) // 1 and up
	seen := make([]bool, len(m.ids))
	var out [][]row
	for i := range rows {
		if part[i] > 0 {
			continue
		}
		out = append(out, nil)
		n := len(out)
		part[i] = n
		for todo := []int32{int32(i)}; len(todo) > 0; {
			r := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, c := range m.rows.of(r) {
				if seen[c] {
					continue
				}
				seen[c] = true
				for _, other := range m.cols.of(c) {
					if part[other] == 0 {
						part[other] = n
						todo = append(todo, other)
					}
				}
			}
		}
	}
	for i, r := range rows {
		out[part[i]-1] = append(out[part[i]-1], r)
	}
	return out
}
