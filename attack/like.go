package attack

import (
	"slices"

	"seawall/attack/graph"
)

// like are the other entries among starts at which a way can begin as it does at its
// own: by the same steps, to the same states.
func (a *Answer) like(way []int, from []graph.State, starts []graph.State, possible bool) []State {
	if len(from) != 1 {
		return nil
	}
	own := a.states[from[0]]
	times := map[int32]int{} // of each state: how many of those steps begin there
	steps := 0
	for _, n := range way {
		needs := a.Model.moves.fromOf(a.used[n])
		if !slices.Contains(needs, own) {
			continue
		}
		if len(needs) > 1 {
			return nil
		}
		steps++
		for _, s := range a.beginnings(n, possible) {
			times[s]++
		}
	}
	var out []State
	for _, n := range starts {
		if n != from[0] && times[a.states[n]] == steps {
			out = append(out, a.state(n))
		}
	}
	return out
}

// beginnings are the states from each of which alone the step of a move leads to
// where the move does.
func (a *Answer) beginnings(n int, possible bool) []int32 {
	m := a.move(n)
	var out []int32
	for _, v := range a.in[a.inAt[m.to]:a.inAt[m.to+1]] {
		o := &a.Model.moves.list[v]
		if needs := a.Model.moves.fromOf(v); o.step == m.step && len(needs) == 1 && (possible || !o.possible) {
			out = append(out, needs[0])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
