package graph

import (
	"context"
	"slices"

	"seawall/attack/graph/hitting"
)

// Cut is a set of changes after which no target can be had.
type Cut struct {
	// Possible: there is a set that cuts.
	Possible bool
	// Changes are a set that cuts, of which none can be left out, in rising order.
	Changes []Change
	// Cost is the sum of their weights.
	Cost int64
	// Lower is a cost that no set that cuts is below.
	Lower int64
	// Proven: no set that cuts costs less.
	Proven bool
	// Uncuttable is, where no set cuts, the cheapest derivation of a target that no
	// allowed change ends. It is empty if a target is an entry.
	Uncuttable []int
}

// Cut finds the cheapest changes after which whoever has all the entries gets to
// none of the targets. The changes to keep are not allowed. If the context ends
// before, it gives the cheapest that it found. Of cuts of one cost it prefers
// one of fewer changes.
func (g *Graph) Cut(ctx context.Context, entries, targets []State, keep ...Change) Cut {
	kept := newSet(len(g.weights))
	for _, c := range keep {
		kept.add(int32(c))
	}
	if way := g.uncuttable(entries, targets, kept); way != nil {
		return Cut{Uncuttable: way}
	}
	small, goal := g.contract(entries, targets, kept)
	c := &cutter{g: small, goal: goal, ways: hitting.New(g.weights)}
	c.run(ctx)
	changes := minimal(g, entries, targets, c.best, g.dearestFirst)
	cost := g.Weight(changes)
	return Cut{Possible: true, Changes: changes, Cost: cost, Lower: min(c.lower, cost), Proven: c.lower >= cost}
}

// Weight is the sum of the weights of changes.
func (g *Graph) Weight(changes []Change) int64 {
	var sum int64
	for _, c := range changes {
		sum += g.weights[c]
	}
	return sum
}

// uncuttable is the cheapest derivation of a target by moves that no allowed
// change ends; nil if there is none.
func (g *Graph) uncuttable(entries, targets []State, kept set) []int {
	s := g.Only(func(m int) bool {
		return !slices.ContainsFunc(g.ends.of(int32(m)), func(c Change) bool { return !kept.has(int32(c)) })
	}).Cheapest(entries...)
	best := State(none)
	for _, t := range targets {
		if s.by[t] != none && (best == none || s.effort[t].less(s.effort[best])) {
			best = t
		}
	}
	if best == none {
		return nil
	}
	return s.Derivation(best)
}

// cutter finds a cut as an implicit hitting set: it knows some ways to the goal,
// hits them at the least cost and looks for ways that are left.
type cutter struct {
	g     *Graph // contracted: without entries
	goal  State
	ways  *hitting.Solver
	best  []Change // cuts
	lower int64
}

func (c *cutter) run(ctx context.Context) {
	c.best = c.minimal(c.all(), c.g.feeblestFirst)
	c.ways.Add(c.g.ways(c.goal, nil)...)
	for {
		found := c.ways.Approximate(ctx)
		c.lower = max(c.lower, found.Lower)
		if c.add(found.Chosen) {
			if ctx.Err() != nil {
				return
			}
			continue
		}
		found = c.ways.Solve(ctx)
		c.lower = max(c.lower, found.Lower)
		if ctx.Err() != nil || !c.add(found.Chosen) {
			return
		}
	}
}

// add looks for ways that some changes leave. If there are none, they cut;
// otherwise they do with some of those that the best has.
func (c *cutter) add(chosen []int32) (some bool) {
	in := newSet(len(c.g.weights))
	changes := make([]Change, len(chosen))
	for i, x := range chosen {
		changes[i] = Change(x)
		in.add(x)
	}
	more := c.g.ways(c.goal, changes)
	c.ways.Add(more...)
	if len(more) > 0 {
		changes = append(changes, slices.DeleteFunc(slices.Clone(c.best), func(x Change) bool { return in.has(int32(x)) })...)
	}
	c.offer(c.minimal(changes, func(a, b Change) int {
		switch chosen := in.has(int32(a)); {
		case chosen == in.has(int32(b)):
			return c.g.dearestFirst(a, b)
		case chosen:
			return 1
		default:
			return -1
		}
	}))
	return len(more) > 0
}

// offer keeps changes that cut if they are better than the best.
func (c *cutter) offer(changes []Change) {
	cost, best := c.g.Weight(changes), c.g.Weight(c.best)
	if cost < best || cost == best && len(changes) < len(c.best) {
		c.best = changes
	}
}

func (c *cutter) minimal(changes []Change, drop func(a, b Change) int) []Change {
	return minimal(c.g, nil, []State{c.goal}, changes, drop)
}

// all are the changes that end something.
func (c *cutter) all() []Change {
	var out []Change
	for x := range Change(len(c.g.weights)) {
		if len(c.g.ended.of(int32(x))) > 0 {
			out = append(out, x)
		}
	}
	return out
}
