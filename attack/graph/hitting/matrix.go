package hitting

import (
	"context"
	"slices"
)

// row is a set that is still to be hit.
type row struct {
	cols []int32 // its elements, rising
	// multiplier is its share in the bound: what hitting it is worth.
	multiplier int64
}

type solver struct {
	ctx    context.Context
	counts []int64 // of each element, in units
	local  []int32 // of each element: its number in the matrix that is made, or -1
	looked int     // elements of sets that were looked at: a measure of work
}

func newSolver(ctx context.Context, p Problem) *solver {
	s := &solver{ctx: ctx, counts: make([]int64, len(p.Weights)), local: make([]int32, len(p.Weights))}
	for i, w := range p.Weights {
		s.counts[i], s.local[i] = w*unit+1, -1
	}
	return s
}

func (s *solver) rows(p Problem) []row {
	out := make([]row, len(p.Sets))
	for i, set := range p.Sets {
		out[i].cols = set
	}
	return out
}

func (s *solver) stopped() bool { return s.ctx.Err() != nil }

func (s *solver) count(chosen []int32) int64 {
	var sum int64
	for _, c := range chosen {
		sum += s.counts[c]
	}
	return sum
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

func (s *solver) matrix(rows []row) *matrix {
	m := &matrix{}
	for _, r := range rows {
		for _, c := range r.cols {
			if s.local[c] < 0 {
				s.local[c] = 0
				m.ids = append(m.ids, c)
			}
		}
	}
	slices.Sort(m.ids) // so that of equals the lower element is the lower number
	for i, c := range m.ids {
		s.local[c] = int32(i)
		m.counts = append(m.counts, s.counts[c])
	}
	m.rows.at = append(make([]int32, 0, len(rows)+1), 0)
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

// split parts rows that share no element, directly or by others.
func (s *solver) split(rows []row) [][]row {
	if len(rows) == 0 {
		return nil
	}
	m := s.matrix(rows)
	part := make([]int, len(rows)) // 1 and up
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
