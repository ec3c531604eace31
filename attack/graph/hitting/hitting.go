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

// Solver holds a problem that grows.
type Solver struct {
	counts []int64 // of each element, in units
	sets   []row
	local  []int32         // of each element: its number in the matrix that is made, or -1
	ctx    context.Context // of the call that runs
	looked int             // elements of sets that were looked at in it: a measure of work
	fine   int             // up to how much work solutions of the same weight and fewer elements are looked for
}

// Solution hits every set.
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
const never = 1 << 62

// New begins a problem without sets. Weights are above 0 with a sum of at most
// 1<<30, and there are fewer than 1<<20 elements.
func New(weights []int64) *Solver {
	s := &Solver{counts: make([]int64, len(weights)), local: make([]int32, len(weights)), fine: 1 << 24}
	for i, w := range weights {
		s.counts[i], s.local[i] = w*unit+1, -1
	}
	return s
}

// Add adds sets: each of one element at least, which rise.
func (s *Solver) Add(sets ...[]int32) {
	for _, set := range sets {
		s.sets = append(s.sets, row{cols: set})
	}
}

// effort is for how many rounds multipliers are improved.
type effort struct{ sweeps, steps int }

var (
	once = effort{30, 100} // for a quick solution
	root = effort{60, 400} // before a search
	node = effort{10, 30}  // in a search
)

// Approximate gives a good solution and a bound in short time.
func (s *Solver) Approximate(ctx context.Context) Solution {
	chosen, parts, lower := s.begin(ctx)
	for _, part := range parts {
		b := s.bound(part, never, once)
		s.remember(part)
		chosen = append(chosen, b.chosen...)
		lower += b.lower
	}
	return s.solution(chosen, lower)
}

// Solve finds the lightest solution. If the context ends before, it gives the
// lightest that it found. Of solutions of one weight it prefers those of fewer
// elements, as far as that is found soon.
func (s *Solver) Solve(ctx context.Context) Solution {
	chosen, parts, lower := s.begin(ctx)
	for _, part := range parts {
		b := s.bound(part, never, root)
		s.remember(part)
		found, _ := s.part(part, b, never) // at least what the bound came with
		chosen = append(chosen, found...)
		if s.stopped() {
			lower += b.lower
		} else {
			lower += s.count(found) / unit * unit
		}
	}
	return s.solution(chosen, lower)
}

// begin reduces the problem to parts that are to be solved: to these elements,
// which count so much.
func (s *Solver) begin(ctx context.Context) (chosen []int32, parts [][]row, count int64) {
	s.ctx, s.looked = ctx, 0
	s.sets = s.leastRows(s.sets)
	for i := range s.sets {
		s.sets[i].set = int32(i)
	}
	chosen, rest, _ := s.reduce(s.sets)
	return chosen, s.split(rest), s.count(chosen)
}

// remember keeps multipliers to begin with the next time.
func (s *Solver) remember(rows []row) {
	for _, r := range rows {
		s.sets[r.set].multiplier = r.multiplier
	}
}

func (s *Solver) solution(chosen []int32, lower int64) Solution {
	slices.Sort(chosen)
	out := Solution{Chosen: chosen}
	for _, c := range chosen {
		out.Weight += s.counts[c] / unit
	}
	// What is counted of elements is no weight: without it, and rounded up.
	out.Lower = max(0, (lower-int64(len(s.counts))+unit-1)/unit)
	return out
}

func (s *Solver) stopped() bool { return s.ctx.Err() != nil }

func (s *Solver) count(chosen []int32) int64 {
	var sum int64
	for _, c := range chosen {
		sum += s.counts[c]
	}
	return sum
}
