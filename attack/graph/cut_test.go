package graph_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"seawall/attack/graph"
)

// optimum tries all sets of changes: the least weight, and the fewest changes of
// that weight.
func (s *small) optimum() (weight int64, changes int, possible bool) {
	s.each(func(made []graph.Change, w int64) {
		if (!possible || w < weight || w == weight && len(made) < changes) && s.cuts(made) {
			weight, changes, possible = w, len(made), true
		}
	})
	return weight, changes, possible
}

// check looks at a cut that may not be the cheapest.
func (s *small) check(t testing.TB, cut graph.Cut) {
	t.Helper()
	if !s.cuts(cut.Changes) {
		t.Fatalf("%+v does not cut", cut)
	}
	for i, c := range cut.Changes {
		if s.cuts(slices.Delete(slices.Clone(cut.Changes), i, i+1)) {
			t.Fatalf("%+v cuts without %d", cut, c)
		}
		if slices.Contains(s.kept, c) {
			t.Fatalf("%+v has %d, which is to be kept", cut, c)
		}
	}
	if cut.Cost != s.g.Weight(cut.Changes) || cut.Lower > cut.Cost || cut.Proven != (cut.Lower == cut.Cost) || cut.Uncuttable != nil {
		t.Fatalf("%+v contradicts itself", cut)
	}
}

// checkUncuttable looks for a derivation that no allowed change ends.
func (s *small) checkUncuttable(t testing.TB, cut graph.Cut) {
	t.Helper()
	if cut.Uncuttable == nil || cut.Changes != nil {
		t.Fatalf("there is no cut, got %+v", cut)
	}
	for _, m := range cut.Uncuttable {
		if slices.ContainsFunc(s.moves[m].Ends, func(c graph.Change) bool { return !slices.Contains(s.kept, c) }) {
			t.Fatalf("a change ends move %d of %v", m, cut.Uncuttable)
		}
	}
	given := slices.ContainsFunc(s.targets, func(t graph.State) bool { return slices.Contains(s.entries, t) })
	if given != (len(cut.Uncuttable) == 0) {
		t.Fatalf("a target is an entry: %t, got %+v", given, cut)
	}
	for _, target := range s.targets {
		if n := len(cut.Uncuttable); n > 0 && s.moves[cut.Uncuttable[n-1]].To == target {
			s.derives(t, s.entries, cut.Uncuttable, target)
			return
		}
	}
	if !given {
		t.Fatalf("%v gets to no target", cut.Uncuttable)
	}
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

// judge compares a graph's cuts with the best of all sets of changes.
func (s *small) judge(t testing.TB) {
	t.Helper()
	cut := s.g.Cut(context.Background(), s.entries, s.targets, s.kept...)
	weight, changes, possible := s.optimum()
	if cut.Possible != possible {
		t.Fatalf("possible %t, got %+v", possible, cut)
	}
	if !possible {
		s.checkUncuttable(t, cut)
		return
	}
	s.check(t, cut)
	if cut.Cost != weight || !cut.Proven || len(cut.Changes) != changes {
		t.Fatalf("got %+v, want cost %d with %d changes", cut, weight, changes)
	}
	for _, checks := range []int{0, 2, 5, 9, 14} {
		hasty := s.g.Cut(&countdown{context.Background(), checks}, s.entries, s.targets, s.kept...)
		s.check(t, hasty)
		if hasty.Lower > weight {
			t.Fatalf("ended after %d checks %+v, the optimum is %d", checks, hasty, weight)
		}
	}
	if again := s.g.Cut(context.Background(), s.entries, s.targets, s.kept...); !reflect.DeepEqual(again, cut) {
		t.Fatalf("%+v, then %+v", cut, again)
	}
}

func TestCut(t *testing.T) {
	for seed := range uint64(seeds) {
		random(t, seed).judge(t)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestCutHost: on a large host too a cut is proven, cuts, is minimal and is the
// same again; if its context ends before, it cuts as well.
func TestCutHost(t *testing.T) {
	h := newHost(1000, .2)
	g := h.build(t)
	cut := g.Cut(t.Context(), h.outside(), h.targets())
	if !cut.Proven {
		t.Errorf("cost %d, at least %d", cut.Cost, cut.Lower)
	}
	if again := g.Cut(t.Context(), h.outside(), h.targets()); !reflect.DeepEqual(again, cut) {
		t.Errorf("%+v, then %+v", cut, again)
	}
	for checks := 0; ; checks = 2*checks + 1 {
		c := &countdown{t.Context(), checks}
		some := g.Cut(c, h.outside(), h.targets())
		if g.After(some.Changes...).Reaches(h.outside(), h.targets()) || some.Lower > cut.Cost || some.Cost < cut.Cost {
			t.Errorf("ended after %d checks: %+v", checks, some)
		}
		for i := range some.Changes {
			fewer := slices.Delete(slices.Clone(some.Changes), i, i+1)
			if !g.After(fewer...).Reaches(h.outside(), h.targets()) {
				t.Errorf("ended after %d checks: cuts without %d", checks, some.Changes[i])
			}
		}
		if c.left >= 0 {
			break
		}
	}
}

// TestOrder: each change comes once, what is left is what the changes so far
// leave, and where no move needs several states, none of the rest takes more for
// its weight.
func TestOrder(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		joint := slices.ContainsFunc(s.moves, func(m graph.Move) bool { return len(m.From) != 1 })
		cut := s.g.Cut(t.Context(), s.entries, s.targets)
		steps := s.g.Order(s.entries, s.targets, cut.Changes)
		var made []graph.Change
		left := func(more ...graph.Change) int {
			return s.g.After(append(more, made...)...).Costs(s.entries, s.targets).Pairs()
		}
		before := left()
		for i, step := range steps {
			for _, other := range steps[i+1:] {
				mine, theirs := int64(before-step.Left), int64(before-left(other.Change))
				if !joint && mine*s.weights[other.Change] < theirs*s.weights[step.Change] {
					t.Fatalf("seed %d: of %v, %d takes more than step %d", seed, steps, other.Change, i)
				}
			}
			made = append(made, step.Change)
			if step.Left != left() {
				t.Fatalf("seed %d: after step %d of %v %d are left", seed, i, steps, left())
			}
			before = step.Left
		}
		slices.Sort(made)
		if !slices.Equal(made, cut.Changes) || len(made) > 0 && before != 0 {
			t.Fatalf("seed %d: steps %v for %v", seed, steps, cut.Changes)
		}
	}
}
