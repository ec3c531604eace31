package attack

import "seawall/attack/graph"

// slice are the moves, certain and possible, on the ways from entries to targets.
func (x *Index) slice(g *graph.Graph, entries, targets []graph.State) []*Move {
	var out []*Move
	for _, n := range g.Slice(entries, targets) {
		out = append(out, x.Move(n))
	}
	return out
}
