package graph

import (
	"cmp"
	"slices"
)

// Step is a change and what it leaves.
type Step struct {
	Change Change
	// Left counts the entries and targets of which the one still reaches the other
	// after this change and those before it.
	Left int
}

// Order puts changes in an order to make them in: first what for its weight takes
// the most targets from entries, each entry taken alone, after what is made
// already. Where nothing takes any, the change comes first on which the ways of
// the most entries rest, for its weight. What moves that need several states
// still lead to is counted in what is left, but not in the choice.
func (g *Graph) Order(entries, targets []State, changes []Change) []Step {
	todo := slices.Clone(changes)
	slices.Sort(todo)
	var out []Step
	for todo = slices.Compact(todo); len(todo) > 0; {
		i := g.nextChange(entries, targets, todo)
		g = g.After(todo[i])
		out = append(out, Step{todo[i], g.Costs(entries, targets).Pairs()})
		todo = slices.Delete(todo, i, i+1)
	}
	return out
}

// effect is what a change takes for its weight.
type effect struct {
	at         int // its number
	change     Change
	weight     int64
	lost, rest int // entries that lose a target; whose ways rest on it
	ended      int // moves that it still ends
}

// nextChange is the number of the change to make first.
func (g *Graph) nextChange(entries, targets []State, changes []Change) int {
	trees := make([]*tree, len(targets))
	for i, t := range targets {
		trees[i] = g.treeTo(t, entries)
	}
	effects := make([]effect, len(changes))
	for i, c := range changes {
		effects[i] = effect{at: i, change: c, weight: g.weights[c]}
		for _, m := range g.ended.of(int32(c)) {
			if g.gone.has(m) {
				continue
			}
			effects[i].ended++
			for _, t := range trees {
				effects[i].rest += t.restsOn(m)
			}
		}
	}
	// No change takes more than what rests on it: when the rest have less, stop.
	slices.SortFunc(effects, func(a, b effect) int {
		return cmp.Or(perWeight(b.rest, b.weight, a.rest, a.weight), perWeight(b.ended, b.weight, a.ended, a.weight), cmp.Compare(a.change, b.change))
	})
	best := 0
	for i := range effects {
		e := &effects[i]
		if b := effects[best]; i > 0 && perWeight(e.rest, e.weight, b.lost, b.weight) <= 0 {
			break
		}
		for _, t := range trees {
			e.lost += t.lost(e.change)
		}
		if b := effects[best]; perWeight(e.lost, e.weight, b.lost, b.weight) > 0 {
			best = i
		}
	}
	return effects[best].at
}

// perWeight compares a for its weight with b for its.
func perWeight(a int, weightA int64, b int, weightB int64) int {
	return cmp.Compare(int64(a)*weightB, int64(b)*weightA)
}
