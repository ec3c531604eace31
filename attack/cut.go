package attack

import (
	"context"
	"slices"

	"seawall/attack/graph"
)

// Cut is the cheapest set of changes after which no certain path is left.
type Cut struct {
	// Possible: there is one.
	Possible bool
	// Changes in the order in which they do most.
	Changes []CutChange
	// Cost is the sum of their weights, Lower what no such set costs less than.
	Cost, Lower int64
	Proven      bool // none costs less
	// Uncut is a path that no change ends, where there is no cut.
	Uncut []*Move
}

// Unordered stands for what is left where the order of changes was not worked out.
const Unordered = -1

// CutChange is one change of a cut.
type CutChange struct {
	Change
	Weight int64
	// Left is how many pairs of entry and target still have a path after it and
	// those before it; [Unordered] where the changes are too many to tell.
	Left int
	// Names are the containers that it is made to; nil for what is no container.
	Names []string
}

// All are the change to each of the containers that it is made to.
func (c *CutChange) All() []Change {
	if len(c.Names) == 0 {
		return []Change{c.Change}
	}
	out := make([]Change, len(c.Names))
	for i, name := range c.Names {
		out[i] = c.Change
		out[i].Subject = name
	}
	return out
}

// cut finds the changes that end all certain paths.
func (a *Answer) cut(ctx context.Context, keep func(Change) bool) {
	targets := a.targets
	entries := slices.DeleteFunc(slices.Clone(a.entries), func(s graph.State) bool {
		_, is := slices.BinarySearch(targets, s)
		return is
	})
	var kept []graph.Change
	for i := range graph.Change(len(a.changes)) {
		if keep != nil && a.any(a.change(i), keep) {
			kept = append(kept, i)
		}
	}
	cut := a.certain.Cut(ctx, entries, targets, kept...)
	a.Cut = Cut{Possible: cut.Possible, Cost: cut.Cost, Lower: cut.Lower, Proven: cut.Proven}
	for _, n := range cut.Uncuttable {
		a.Cut.Uncut = append(a.Cut.Uncut, a.write(n))
	}
	a.Cut.Changes = a.order(a.certain, cut.Changes, entries, targets)
}

// ordered is the number of changes up to which it is worked out which do most, and
// what is left after each: beyond, it takes longer than finding them.
const ordered = 100

// assumed is the cost from which a move takes a fault that is assumed.
const assumed = 4

// order puts changes in the order in which they do most: first against the worst
// targets and without faults that are assumed, then against all.
func (a *Answer) order(g *graph.Graph, changes []graph.Change, entries, targets []graph.State) []CutChange {
	out := make([]CutChange, 0, len(changes))
	if len(changes) > ordered {
		for _, n := range changes {
			out = append(out, a.cutChange(n, Unordered))
		}
		return out
	}
	worst := slices.DeleteFunc(slices.Clone(targets), func(s graph.State) bool {
		return CompareTargets(a.state(s).Kind, SwarmManager) > 0
	})
	sure := g.Only(func(move int) bool { return a.move(move).cost < assumed })
	for _, step := range sure.Order(entries, worst, changes) {
		if !sure.Reaches(entries, worst) {
			break
		}
		g, sure = g.After(step.Change), sure.After(step.Change)
		out = append(out, a.cutChange(step.Change, g.Costs(entries, targets).Pairs()))
		changes = slices.DeleteFunc(slices.Clone(changes), func(c graph.Change) bool { return c == step.Change })
	}
	for _, step := range g.Order(entries, targets, changes) {
		out = append(out, a.cutChange(step.Change, step.Left))
	}
	return out
}

func (a *Answer) cutChange(n graph.Change, left int) CutChange {
	c := CutChange{Change: a.change(n), Weight: a.graph.Weight([]graph.Change{n}), Left: left}
	if class := a.classes.at(c.Engine, c.Subject); class != nil {
		c.Names = class.Names
	}
	return c
}
