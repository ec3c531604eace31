package graph

import (
	"cmp"
	"slices"
)

// ways gives, of a graph without entries, sets of changes of each of which one
// at least must be made for the goal not to be had: those that end the moves of a
// derivation that is left after some changes. For each move they are of the way
// through it that is ended by the fewest, and of those ways enough are given that
// every change is in one. There are none if the goal is not had any more.
func (g *Graph) ways(goal State, made []Change) [][]int32 {
	s := g.After(made...).Cheapest()
	on := s.onwardTo(goal)
	collect := &collector{on: on, stamp: make([]int32, g.states), in: newSet(len(g.weights))}
	var all [][]int32
	for m := range int32(len(g.to)) {
		if on.through(m) {
			all = append(all, collect.way(m))
		}
	}
	slices.SortFunc(all, func(a, b []int32) int { return cmp.Or(len(a)-len(b), slices.Compare(a, b)) })
	seen := newSet(len(g.weights))
	return slices.DeleteFunc(all, func(way []int32) bool {
		adds := false
		for _, c := range way {
			adds = adds || !seen.has(c)
			seen.add(c)
		}
		return !adds
	})
}

// collector gathers the changes that end the moves of a way.
type collector struct {
	on      *onward
	round   int32
	stamp   []int32 // of each state: the round in which its derivation was visited
	in      set     // the changes of this round
	changes []int32
}

// way gives the changes that end the cheapest way through a move.
func (c *collector) way(m int32) []int32 {
	c.round++
	c.changes = nil
	g := c.on.s.g
	for {
		c.end(m)
		for _, p := range g.from.of(m) {
			c.derive(p)
		}
		to := g.to[m]
		c.stamp[to] = c.round
		if m = c.on.by[to]; m < 0 {
			break
		}
	}
	for _, x := range c.changes {
		c.in.drop(x)
	}
	slices.Sort(c.changes)
	return c.changes
}

func (c *collector) end(m int32) {
	for _, x := range c.on.s.g.ends.of(m) {
		if !c.in.has(int32(x)) {
			c.in.add(int32(x))
			c.changes = append(c.changes, int32(x))
		}
	}
}

// derive gathers what ends the cheapest derivation of a state.
func (c *collector) derive(state State) {
	if c.stamp[state] == c.round {
		return
	}
	c.stamp[state] = c.round
	m := c.on.s.by[state] // there are no entries, so it is had by a move
	c.end(m)
	for _, p := range c.on.s.g.from.of(m) {
		c.derive(p)
	}
}
