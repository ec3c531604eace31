package graph

import "slices"

// Derivable are the states that whoever has all the entries gets to, in rising
// order.
func (g *Graph) Derivable(entries ...State) []State {
	c := newClosure(g, nil)
	c.start(entries)
	var out []State
	for s, had := range c.had {
		if had {
			out = append(out, State(s))
		}
	}
	return out
}

// Reaches says whether whoever has all the entries gets to a target.
func (g *Graph) Reaches(entries, targets []State) bool {
	c := newClosure(g, targets)
	c.start(entries)
	return c.reached
}

// closure is what can be had (Dowling and Gallier). It grows, and can be taken
// back to what it was.
type closure struct {
	g       *Graph
	had     []bool
	target  []bool
	missing []int32 // of each joint move: how many states it still needs
	trail   []State // the states that are had, in the order in which they were got
	done    int     // how many of them have been followed
	reached bool    // a target is had: nothing more is followed
}

func newClosure(g *Graph, targets []State) *closure {
	c := &closure{g: g, had: make([]bool, g.states), target: make([]bool, g.states), missing: make([]int32, g.joints)}
	for _, t := range targets {
		c.target[t] = true
	}
	for m, j := range g.joint {
		if j >= 0 {
			c.missing[j] = int32(len(g.from.of(int32(m))))
		}
	}
	return c
}

func (c *closure) start(entries []State) {
	for _, e := range entries {
		c.take(e)
	}
	for _, m := range c.g.given {
		c.try(m)
	}
	c.follow()
}

func (c *closure) take(s State) {
	if !c.had[s] {
		c.had[s] = true
		c.trail = append(c.trail, s)
		c.reached = c.reached || c.target[s]
	}
}

// can says whether a move is there and what it needs is had.
func (c *closure) can(m int32) bool {
	return !c.g.gone.has(m) && !slices.ContainsFunc(c.g.from.of(m), func(p State) bool { return !c.had[p] })
}

// try makes a move, if that is possible.
func (c *closure) try(m int32) {
	if c.can(m) {
		c.take(c.g.to[m])
	}
}

// follow takes all that follows from what is had, up to a target.
func (c *closure) follow() {
	for c.done < len(c.trail) && !c.reached {
		s := c.trail[c.done]
		c.done++
		for _, m := range c.g.out.of(int32(s)) {
			if j := c.g.joint[m]; j >= 0 {
				if c.missing[j]--; c.missing[j] > 0 {
					continue
				}
			}
			if !c.g.gone.has(m) {
				c.take(c.g.to[m])
			}
		}
	}
}

// back takes the closure back to its first n states, all of which had been
// followed without reaching a target.
func (c *closure) back(n int) {
	for i, s := range c.trail[n:] {
		c.had[s] = false
		if n+i >= c.done {
			continue
		}
		for _, m := range c.g.out.of(int32(s)) {
			if j := c.g.joint[m]; j >= 0 {
				c.missing[j]++
			}
		}
	}
	c.trail, c.done, c.reached = c.trail[:n], n, false
}
