package graph_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"seawall/attack/graph"
)

// small is a graph of a few states with what is asked of it.
type small struct {
	g                *graph.Graph
	states, changes  int
	weights          []int64
	moves            []graph.Move
	entries, targets []graph.State
	kept             []graph.Change
}

// random makes a small graph: with moves that need several states or none, moves
// that nothing ends, several targets and changes to keep.
func random(t testing.TB, seed uint64) *small {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &small{states: 2 + r.IntN(9), changes: 1 + r.IntN(10)}
	for range s.changes {
		s.weights = append(s.weights, 1+r.Int64N(5))
	}
	for range r.IntN(4 * s.states) {
		m := graph.Move{To: s.state(r), Cost: r.IntN(5)}
		for range []int{0, 1, 1, 1, 1, 1, 1, 1, 2, 3}[r.IntN(10)] {
			m.From = append(m.From, s.state(r))
		}
		for range []int{0, 1, 1, 2, 3}[r.IntN(5)] {
			m.Ends = append(m.Ends, graph.Change(r.IntN(s.changes)))
		}
		s.moves = append(s.moves, m)
	}
	for range 1 + r.IntN(3) {
		s.entries = append(s.entries, s.state(r))
	}
	for range 1 + r.IntN(2) {
		s.targets = append(s.targets, s.state(r))
	}
	for range r.IntN(3) {
		s.kept = append(s.kept, graph.Change(r.IntN(s.changes)))
	}
	s.g = s.build(t)
	return s
}

func (s *small) state(r *rand.Rand) graph.State { return graph.State(r.IntN(s.states)) }

func (s *small) build(t testing.TB) *graph.Graph {
	t.Helper()
	g, err := graph.New(s.states, s.weights, s.moves)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const never = 1 << 30

// costs finds the least cost of each state as a fixpoint, after changes.
func (s *small) costs(entries []graph.State, made []graph.Change) []int {
	cost := slices.Repeat([]int{never}, s.states)
	for _, e := range entries {
		cost[e] = 0
	}
	for again := true; again; {
		again = false
		for _, m := range s.moves {
			if c := s.price(m, cost, made); c < cost[m.To] {
				cost[m.To], again = c, true
			}
		}
	}
	return cost
}

func (s *small) price(m graph.Move, cost []int, made []graph.Change) int {
	if slices.ContainsFunc(m.Ends, func(c graph.Change) bool { return slices.Contains(made, c) }) {
		return never
	}
	sum, seen := m.Cost, map[graph.State]bool{}
	for _, p := range m.From {
		if !seen[p] {
			sum = min(never, sum+cost[p])
		}
		seen[p] = true
	}
	return sum
}

// cuts says whether no target can be had after changes.
func (s *small) cuts(made []graph.Change) bool {
	cost := s.costs(s.entries, made)
	return !slices.ContainsFunc(s.targets, func(t graph.State) bool { return cost[t] < never })
}

// each calls with each set of changes that are allowed.
func (s *small) each(visit func(made []graph.Change, weight int64)) {
	for choice := range 1 << s.changes {
		var made []graph.Change
		var weight int64
		for c := range s.changes {
			if choice>>c&1 == 1 {
				made = append(made, graph.Change(c))
				weight += s.weights[c]
			}
		}
		if !slices.ContainsFunc(made, func(c graph.Change) bool { return slices.Contains(s.kept, c) }) {
			visit(made, weight)
		}
	}
}

// derives tells whether moves are a derivation of a state, each after those that
// get what it needs, and what it costs when what is used twice counts twice.
func (s *small) derives(t testing.TB, entries []graph.State, way []int, target graph.State) int {
	t.Helper()
	cost := map[graph.State]int{}
	for _, e := range entries {
		cost[e] = 0
	}
	for i, m := range way {
		sum, seen := s.moves[m].Cost, map[graph.State]bool{}
		for _, p := range s.moves[m].From {
			c, had := cost[p]
			if !had {
				t.Fatalf("move %d of %v comes before what it needs", m, way)
			}
			if !seen[p] {
				sum += c
			}
			seen[p] = true
		}
		if slices.Contains(way[:i], m) {
			t.Fatalf("move %d is twice in %v", m, way)
		}
		cost[s.moves[m].To] = sum
	}
	c, had := cost[target]
	if !had {
		t.Fatalf("%v does not get to %d", way, target)
	}
	return c
}
