package graph

import (
	"math"
	"slices"

	"seawall/parallel"
)

// Table is what each of many entries alone reaches.
type Table struct {
	cost [][]int64 // of each entry and target; -1 if it does not reach it
}

// Cost is what the cheapest derivation of a target by one entry alone costs; ok
// is false if there is none. Entries and targets are numbered as they were given.
func (t *Table) Cost(entry, target int) (cost int, ok bool) {
	c := t.cost[entry][target]
	return int(min(max(c, 0), math.MaxInt)), c >= 0
}

// Pairs counts the entries and targets of which the one reaches the other.
func (t *Table) Pairs() int {
	n := 0
	for _, row := range t.cost {
		for _, c := range row {
			if c >= 0 {
				n++
			}
		}
	}
	return n
}

// Costs finds for each entry alone what each target costs. Where each move needs
// one state only, it searches once for each target, backwards. Moves that need
// several states, or none, are put together from searches back from each state
// that they need; entries for which none of them is the cheapest way to what it
// gets are left out, and if they are fewer than the searches back, each is
// searched from by itself, where a target may yet cost less than it does otherwise.
func (g *Graph) Costs(entries, targets []State) *Table {
	t := &Table{cost: make([][]int64, 0, len(entries))}
	for row := range slices.Chunk(make([]int64, len(entries)*len(targets)), max(len(targets), 1)) {
		t.cost = append(t.cost, row)
	}
	var joints []int32
	parallel.Each(len(targets)+1, func(k int) {
		if k == len(targets) {
			joints = g.jointsTo(entries, targets)
			return
		}
		for i, cost := range newBackward(g).all(entries, waiting{state: targets[k]}) {
			t.cost[i][k] = cost
		}
	})
	if len(joints) == 0 {
		return t
	}
	concerned := g.concerned(joints, entries)
	if len(concerned) == 0 {
		return t
	}
	if few := min(len(concerned), manyBack); len(joints) <= few {
		if needed := g.needed(joints); len(needed) <= few {
			g.assemble(t, joints, needed, entries, targets, concerned)
			return t
		}
	}
	var together, s *Search
	parallel.Each(2, func(i int) {
		if i == 0 {
			together = g.Cheapest(entries...)
		} else {
			s = newSearch(g)
			s.aim(targets)
		}
	})
	for _, i := range concerned {
		s.known = t.cost[i]
		s.again(entries[i:i+1], together.dearest(targets, t.cost[i]))
		for k, target := range targets {
			t.cost[i][k] = s.cheaper(target, t.cost[i][k])
		}
	}
	return t
}

// dearest is up to which cost a target may be found that costs less than is
// known, or has no cost yet: those that s does not have, nobody has.
func (s *Search) dearest(targets []State, known []int64) int64 {
	limit := int64(0)
	for k, t := range targets {
		if known[k] < 0 && s.by[t] != none {
			return beyond
		}
		limit = max(limit, known[k])
	}
	return limit
}

// manyBack is how many searches back are kept at most: each has a number for
// every entry.
const manyBack = 512

// cheaper is what a state costs if it costs less than is known, which is -1 if
// nothing is.
func (s *Search) cheaper(state State, known int64) int64 {
	if s.by[state] == none || known >= 0 && known < s.effort[state].cost {
		return known
	}
	return s.effort[state].cost
}

// jointsTo are the moves of a slice that do not need exactly one state.
func (g *Graph) jointsTo(entries, targets []State) []int32 {
	if g.joints+len(g.given) == 0 {
		return nil
	}
	var out []int32
	for _, m := range g.Slice(entries, targets) {
		if len(g.from.of(int32(m))) != 1 {
			out = append(out, int32(m))
		}
	}
	return out
}

// needed are the states that some moves need, each once.
func (g *Graph) needed(moves []int32) []State {
	var out []State
	for _, m := range moves {
		out = append(out, g.from.of(m)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
