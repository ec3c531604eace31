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

func TestSolve(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for seed := range uint64(3000) {
		p := random(rand.New(rand.NewPCG(seed, 0)), 10)
		weight, elements := lightest(p)
		best := p.solver().Solve(t.Context())
		if !hits(p, best.Chosen) || best.Weight != weight || len(best.Chosen) != elements || !best.Proven() {
			t.Fatalf("seed %d: got %+v, want weight %d of %d elements", seed, best, weight, elements)
		}
		for _, quick := range []hitting.Solution{p.solver().Approximate(t.Context()), p.solver().Solve(over)} {
			if !hits(p, quick.Chosen) || quick.Weight < weight || quick.Lower > weight {
				t.Fatalf("seed %d: got %+v, the lightest weighs %d", seed, quick, weight)
			}
		}
		if again := p.solver().Solve(t.Context()); !reflect.DeepEqual(again, best) {
			t.Fatalf("seed %d: got %+v, then %+v", seed, best, again)
		}
	}
}
