package attack

import (
	"slices"

	"seawall/attack/graph"
)

// beginning is the first part of a path: a step from one entry.
type beginning struct {
	step     *Step
	from, to State
}

// beginnings are the steps that can be made from each entry alone.
func (a *Answer) beginnings(possible bool) map[beginning]bool {
	out := map[beginning]bool{}
	for _, n := range a.moves {
		m := &a.Moves[n]
		if len(m.From) == 1 && (possible || !m.Possible) {
			out[beginning{m.Step, m.From[0], m.To}] = true
		}
	}
	return out
}

// like are the other entries among starts at which a path can begin as it does at
// its own.
func (a *Answer) like(p *Path, starts []graph.State, begin map[beginning]bool) []State {
	if len(p.From) != 1 {
		return nil
	}
	var out []State
	for _, n := range starts {
		s := a.States[n]
		if s != p.From[0] && !slices.ContainsFunc(p.Moves, func(m *Move) bool {
			return slices.Contains(m.From, p.From[0]) && (len(m.From) > 1 || !begin[beginning{m.Step, s, m.To}])
		}) {
			out = append(out, s)
		}
	}
	return out
}
