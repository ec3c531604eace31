// Package hitting solves weighted hitting sets: the lightest choice of elements
// of which each of many sets has one.
//
// It leaves out what cannot matter (sets that hold another, elements that one
// which is no heavier replaces), splits what is left into parts that share no
// element, bounds each part by Lagrangian relaxation and decides the rest by
// branch and bound. All numbers are integers, so that results are the same on
// every machine.
package hitting

import (
	"context"
	"slices"
)

// Problem is what is to be solved. Weights are above 0 with a sum of at most
// 1<<42, and there are fewer than 1<<20 elements.
type Problem struct {
	Weights []int64   // of each element
	Sets    [][]int32 // the elements of each set: one at least, rising
}

// Solution hits every set of its problem.
type Solution struct {
	Chosen []int32 // in rising order
	Weight int64
	// Lower is a weight that no solution is below.
	Lower int64
}

// Proven says that no solution is lighter.
func (s Solution) Proven() bool { return s.Lower >= s.Weight }

// unit is what a weight of 1 counts. Each element counts 1 more, so that of
// solutions of one weight the one of fewer elements counts less.
const unit = 1 << 20

// never is more than all elements count together.
const never = 1<<62 + 1<<20

// How often multipliers are improved: where a problem is solved at once, at the
// root of a search and at its nodes.
const (
	roundsOnce = 60
	roundsRoot = 300
	roundsNode = 40
)

// Approximate gives a good solution and a bound in short time.
func Approximate(p Problem) Solution {
	s := newSolver(context.Background(), p)
	chosen, rest, _ := s.reduce(s.rows(p))
	lower := s.count(chosen)
	for _, part := range s.split(rest) {
		b := s.bound(part, never, roundsOnce)
		chosen = append(chosen, b.chosen...)
		lower += b.lower
	}
	return s.solution(chosen, lower)
}

// Solve finds the lightest solution. If the context ends before, it gives the
// lightest that it found. Of solutions of one weight it prefers those of fewer
// elements, as far as that is found soon.
func Solve(ctx context.Context, p Problem) Solution {
	s := newSolver(ctx, p)
	chosen, rest, _ := s.reduce(s.rows(p))
	lower := s.count(chosen)
	for _, part := range s.split(rest) {
		b := s.bound(part, never, roundsRoot)
		found, ok := s.part(part, b, never)
		if !ok {
			found = b.chosen
		}
		chosen = append(chosen, found...)
		if s.stopped() {
			lower += b.lower
		} else {
			lower += s.count(found) / unit * unit
		}
	}
	return s.solution(chosen, lower)
}

func (s *solver) solution(chosen []int32, lower int64) Solution {
	slices.Sort(chosen)
	out := Solution{Chosen: chosen}
	for _, c := range chosen {
		out.Weight += s.counts[c] / unit
	}
	// What is counted of elements is no weight: without it, and rounded up.
	out.Lower = max(0, (lower-int64(len(s.counts))+unit-1)/unit)
	return out
}
