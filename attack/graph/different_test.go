package graph_test

import (
	"slices"
	"testing"

	"seawall/attack/graph"
)

// TestDifferentContainers: from the internet by a network to three containers, of
// which one has two ways to the host, where two ways lead from its files to its
// root. Each way shown leaves by another door. The last step, which all ways share,
// makes a difference only when no door is left, and none if it has no kind.
func TestDifferentContainers(t *testing.T) {
	const internet, network, a, b, c, files, root = 0, 1, 2, 3, 4, 5, 6
	from := func(s graph.State) []graph.State { return []graph.State{s} }
	moves := []graph.Move{
		{From: from(internet), To: network, Cost: 1},
		{From: from(network), To: a, Cost: 1},  // 1
		{From: from(network), To: b, Cost: 2},  // 2
		{From: from(network), To: c, Cost: 3},  // 3
		{From: from(a), To: files, Cost: 1},    // 4
		{From: from(a), To: files, Cost: 4},    // 5
		{From: from(b), To: files, Cost: 1},    // 6
		{From: from(c), To: files, Cost: 1},    // 7
		{From: from(files), To: root, Cost: 1}, // 8
		{From: from(files), To: root, Cost: 1}, // 9
		{From: from(a), To: network}, {From: from(b), To: network}, {From: from(c), To: network},
	}
	g, err := graph.New(7, nil, moves)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{{0, 1, 4, 8}, {0, 2, 6, 8}, {0, 3, 7, 8}, {0, 1, 5, 8}}
	kinds := make([]int32, len(moves))
	for m := range kinds {
		kinds[m] = int32(m)
	}
	ways := g.Different(from(internet), root, 4, kinds)
	if !slices.EqualFunc(ways, want, slices.Equal[[]int]) {
		t.Errorf("got %v, want %v", ways, want)
	}
	for m := 8; m < len(kinds); m++ {
		kinds[m] = -1
	}
	ways = g.Different(from(internet), root, 9, kinds)
	if !slices.EqualFunc(ways, want, slices.Equal[[]int]) {
		t.Errorf("where the last step has no kind: got %v, want %v", ways, want)
	}
}
