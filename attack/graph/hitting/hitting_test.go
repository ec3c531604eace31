package hitting_test

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"seawall/attack/graph/hitting"
)

// problem is some elements' weights and the sets to hit.
type problem struct {
	Weights []int64
	Sets    [][]int32
}

func (p problem) solver() *hitting.Solver {
	s := hitting.New(p.Weights)
	s.Add(p.Sets...)
	return s
}

// random is a problem of up to n elements.
func random(r *rand.Rand, n int) problem {
	p := problem{Weights: make([]int64, 1+r.IntN(n))}
	for i := range p.Weights {
		p.Weights[i] = 1 + r.Int64N(6)
	}
	for range r.IntN(2 * n) {
		var set []int32
		for range 1 + r.IntN(5) {
			set = append(set, int32(r.IntN(len(p.Weights))))
		}
		slices.Sort(set)
		p.Sets = append(p.Sets, slices.Compact(set))
	}
	return p
}

func hits(p problem, chosen []int32) bool {
	for _, set := range p.Sets {
		if !slices.ContainsFunc(set, func(c int32) bool { return slices.Contains(chosen, c) }) {
			return false
		}
	}
	return true
}

// lightest tries all choices: the least weight, and the fewest elements of it.
func lightest(p problem) (weight int64, elements int) {
	weight = 1 << 40
	for choice := range uint32(1) << len(p.Weights) {
		var chosen []int32
		var w int64
		for rest := choice; rest > 0; rest &= rest - 1 {
			c := bits.TrailingZeros32(rest)
			chosen = append(chosen, int32(c))
			w += p.Weights[c]
		}
		if (w < weight || w == weight && len(chosen) < elements) && hits(p, chosen) {
			weight, elements = w, len(chosen)
		}
	}
	return weight, elements
}

// countdown is a context that ends when it has been asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestSolve compares with all choices.
func TestSolve(t *testing.T) {
	for seed := range uint64(3000) {
		p := random(rand.New(rand.NewPCG(seed, 0)), 10)
		weight, elements := lightest(p)
		best := p.solver().Solve(t.Context())
		if !hits(p, best.Chosen) || best.Weight != weight || len(best.Chosen) != elements || !best.Proven() {
			t.Fatalf("seed %d: got %+v, want weight %d of %d elements", seed, best, weight, elements)
		}
		quick := []hitting.Solution{p.solver().Approximate(t.Context())}
		for checks := range 8 {
			quick = append(quick, p.solver().Solve(&countdown{t.Context(), checks}))
		}
		for _, q := range quick {
			if !hits(p, q.Chosen) || q.Weight < weight || q.Lower > weight {
				t.Fatalf("seed %d: got %+v, the lightest weighs %d", seed, q, weight)
			}
		}
		if again := p.solver().Solve(t.Context()); !reflect.DeepEqual(again, best) {
			t.Fatalf("seed %d: got %+v, then %+v", seed, best, again)
		}
		coarse := p.solver()
		coarse.Coarse()
		if got := coarse.Solve(t.Context()); !hits(p, got.Chosen) || got.Weight != weight || !got.Proven() {
			t.Fatalf("seed %d: looking for lighter ones only, got %+v, want weight %d", seed, got, weight)
		}
	}
}

// TestGrows: a solver that gets its sets one after the other, and solves between,
// finds what one finds that has them all.
func TestGrows(t *testing.T) {
	for seed := range uint64(500) {
		p := random(rand.New(rand.NewPCG(seed, 1)), 10)
		s := hitting.New(p.Weights)
		var last hitting.Solution
		for _, set := range p.Sets {
			s.Add(set)
			s.Approximate(t.Context())
			last = s.Solve(t.Context())
		}
		if want := p.solver().Solve(t.Context()); last.Weight != want.Weight || !hits(p, last.Chosen) || !last.Proven() {
			t.Fatalf("seed %d: got %+v, want %+v", seed, last, want)
		}
	}
}
