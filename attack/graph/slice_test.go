package graph_test

import (
	"slices"
	"testing"

	"seawall/attack/graph"
)

// TestSlice: by the moves of a slice the targets cost what they cost by all
// moves, every move of it can be made, and a target follows from what it gives.
func TestSlice(t *testing.T) {
	for seed := range uint64(seeds) {
		s := random(t, seed)
		g := s.g.After(s.kept...)
		slice := g.Slice(s.entries, s.targets)
		if !slices.IsSorted(slice) {
			t.Fatalf("seed %d: %v is not in order", seed, slice)
		}
		part, all := g.Only(func(m int) bool { return slices.Contains(slice, m) }).Cheapest(s.entries...), g.Cheapest(s.entries...)
		for _, target := range s.targets {
			got, had := part.Cost(target)
			if want, has := all.Cost(target); got != want || had != has {
				t.Fatalf("seed %d: target %d costs %d (%t) by the slice, %d (%t) by all", seed, target, got, had, want, has)
			}
		}
		had := g.Derivable(s.entries...)
		for _, m := range slice {
			move := s.moves[m]
			made := !slices.ContainsFunc(move.From, func(p graph.State) bool { return !slices.Contains(had, p) })
			if !made || !slices.Contains(s.targets, move.To) && !slices.ContainsFunc(slice, func(n int) bool { return slices.Contains(s.moves[n].From, move.To) }) {
				t.Fatalf("seed %d: move %d is of no way", seed, m)
			}
		}
	}
}
