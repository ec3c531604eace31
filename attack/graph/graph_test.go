package graph_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"seawall/attack/graph"
)

const seeds = 6000

// TestCheapest compares with a fixpoint, and looks at the derivations.
func TestCheapest(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		made := s.kept
		g := s.g.After(made...)
		search := g.Cheapest(s.entries...)
		want := s.costs(s.entries, made)
		var had []graph.State
		for state := range graph.State(s.states) {
			cost, ok := search.Cost(state)
			if way := search.Derivation(state); ok != (way != nil) || ok && s.derives(t, s.entries, way, state) != cost {
				t.Fatalf("seed %d: state %d costs %d (%t), its derivation is %v", seed, state, cost, ok, way)
			}
			if !ok {
				cost = never
			} else {
				had = append(had, state)
			}
			if cost != want[state] {
				t.Fatalf("seed %d: state %d costs %d, want %d", seed, state, cost, want[state])
			}
			if got := g.Reaches(s.entries, []graph.State{state}); got != ok {
				t.Fatalf("seed %d: reaches state %d: %t", seed, state, got)
			}
		}
		if got := g.Derivable(s.entries...); !slices.Equal(got, had) {
			t.Fatalf("seed %d: derivable %v, want %v", seed, got, had)
		}
	}
}

// TestCosts: what each entry alone pays, as a search from it finds it.
func TestCosts(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		entries := s.entries
		if seed%2 == 0 { // more entries than searches back, so that both ways are taken
			for state := range graph.State(s.states) {
				entries = append(entries, state)
			}
		}
		g := s.g.After(s.kept...)
		table := g.Costs(entries, s.targets)
		pairs := 0
		for i, e := range entries {
			search := g.Cheapest(e)
			for k, target := range s.targets {
				got, ok := table.Cost(i, k)
				want, reached := search.Cost(target)
				if got != want || ok != reached {
					t.Fatalf("seed %d: from %d to %d: %d (%t), want %d (%t)", seed, e, target, got, ok, want, reached)
				}
				if ok {
					pairs++
				}
			}
		}
		if table.Pairs() != pairs {
			t.Fatalf("seed %d: %d pairs, want %d", seed, table.Pairs(), pairs)
		}
	}
}

// TestMonotone: without a move nothing is cheaper, and with one nothing dearer.
func TestMonotone(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		if len(s.moves) == 0 {
			continue
		}
		left := rand.New(rand.NewPCG(seed, 2)).IntN(len(s.moves))
		all := s.g.Cheapest(s.entries...)
		fewer := s.g.Only(func(m int) bool { return m != left }).Cheapest(s.entries...)
		for state := range graph.State(s.states) {
			with, had := all.Cost(state)
			if sans, still := fewer.Cost(state); still && (!had || sans < with) {
				t.Fatalf("seed %d: without move %d, state %d costs %d, with it %d (%t)", seed, left, state, sans, with, had)
			}
		}
	}
}

// TestDifferent: ways are derivations, start with the cheapest, get no cheaper,
// and each has a kind that those after it do not have.
func TestDifferent(t *testing.T) {
	several := 0
	for seed := range uint64(seeds) {
		s := random(t, seed)
		kind := func(m int) int32 { return int32(m/2) - 1 }
		target := s.targets[0]
		kinds := make([]int32, len(s.moves))
		for m := range kinds {
			kinds[m] = kind(m)
		}
		ways := s.g.Different(s.entries, target, 4, kinds)
		least, ok := s.g.Cheapest(s.entries...).Cost(target)
		if ok != (len(ways) > 0) || len(ways) > 4 {
			t.Fatalf("seed %d: reached %t, ways %v", seed, ok, ways)
		}
		last := least
		for i, way := range ways {
			cost := s.derives(t, s.entries, way, target)
			if i == 0 && cost != least || cost < last {
				t.Fatalf("seed %d: way %d of %v costs %d after %d", seed, i, ways, cost, last)
			}
			last = cost
			own := slices.ContainsFunc(way, func(m int) bool {
				return kind(m) >= 0 && !slices.ContainsFunc(ways[i+1:], func(o []int) bool {
					return slices.ContainsFunc(o, func(n int) bool { return kind(n) == kind(m) })
				})
			})
			if i < len(ways)-1 && !own {
				t.Fatalf("seed %d: way %d of %v has nothing of its own", seed, i, ways)
			}
		}
		if len(ways) > 1 {
			several++
		}
	}
	if several < seeds/20 {
		t.Errorf("only %d graphs have several ways", several)
	}
}

// TestSlice: the moves outside of it make no difference, and each of any cheapest
// derivation is in it.
func TestSlice(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		slice := s.g.Slice(s.entries, s.targets)
		all := s.g.Cheapest(s.entries...)
		inside := s.g.Only(func(m int) bool { return slices.Contains(slice, m) }).Cheapest(s.entries...)
		for _, target := range s.targets {
			want, ok := all.Cost(target)
			if got, still := inside.Cost(target); got != want || still != ok {
				t.Fatalf("seed %d: target %d costs %d (%t) in the slice, %d (%t) in all", seed, target, got, still, want, ok)
			}
			for _, m := range all.Derivation(target) {
				if !slices.Contains(slice, m) {
					t.Fatalf("seed %d: move %d is not in %v", seed, m, slice)
				}
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	tests := map[string]struct {
		states  int
		weights []int64
		move    graph.Move
	}{
		"a state to come from":       {1, nil, graph.Move{From: []graph.State{1}}},
		"a state to get to":          {1, nil, graph.Move{To: -1}},
		"a change":                   {1, []int64{1}, graph.Move{Ends: []graph.Change{1}}},
		"a cost below 0":             {1, nil, graph.Move{Cost: -1}},
		"a weight of 0":              {1, []int64{0}, graph.Move{}},
		"weights of too large a sum": {1, []int64{graph.MaxWeight, 1}, graph.Move{}},
	}
	for name, tt := range tests {
		if _, err := graph.New(tt.states, tt.weights, []graph.Move{tt.move}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
