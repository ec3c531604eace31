package graph

import "slices"

// contraction makes a graph smaller without a difference to which changes keep
// the targets from being had. States are taken out: in the place of what leads to
// one and what needs it are moves that do both at once and that whatever ends
// one of the two ends.
type contraction struct {
	goal    State // stands for all targets
	had     []bool
	rules   []rule
	in, out [][]int32          // of each state: rules, also ones that are gone
	known   map[uint64][]int32 // rules by their hash
}

// contract gives a graph without entries in which goal is had after changes if
// and only if a target is had in g. The changes that are kept end nothing in it.
func (g *Graph) contract(entries, targets []State, kept set) (small *Graph, goal State) {
	c := &contraction{
		goal: State(g.states), had: make([]bool, g.states+1),
		in: make([][]int32, g.states+1), out: make([][]int32, g.states+1),
	}
	for _, e := range entries {
		c.had[e] = true
	}
	c.load(g, entries, targets, kept)
	for _, growth := range []int{0, 4, 16} {
		for c.pass(growth) {
		}
	}
	return c.graph(g)
}

// load takes the moves that lead to a target.
func (c *contraction) load(g *Graph, entries, targets []State, kept set) {
	goals := newSet(g.states)
	for _, t := range targets {
		goals.add(int32(t))
	}
	slice := g.Slice(entries, targets)
	c.rules, c.known = make([]rule, 0, len(slice)+len(slice)/2), make(map[uint64][]int32, len(slice))
	for _, m := range slice {
		from, to := g.from.of(int32(m)), g.to[m]
		if slices.ContainsFunc(from, func(p State) bool { return goals.has(int32(p)) }) {
			continue
		}
		if goals.has(int32(to)) {
			to = c.goal
		}
		ends := slices.DeleteFunc(slices.Clone(g.ends.of(int32(m))), func(x Change) bool { return kept.has(int32(x)) })
		c.add(rule{from: from, ends: ends, to: to})
	}
}

// pass takes out all states for which the number of rules then grows by no more
// than growth, and says whether there was one.
func (c *contraction) pass(growth int) bool {
	some := false
	for s := range c.goal {
		if c.had[s] || len(c.in[s])+len(c.out[s]) == 0 {
			continue
		}
		c.in[s], c.out[s] = c.live(c.in[s]), c.live(c.out[s])
		if in, out := len(c.in[s]), len(c.out[s]); in*out <= in+out+growth {
			some = some || in+out > 0
			c.takeOut(s)
		}
	}
	return some
}

// live are the rules that are not gone.
func (c *contraction) live(rules []int32) []int32 {
	return slices.DeleteFunc(rules, func(i int32) bool { return c.rules[i].gone })
}

// takeOut puts each rule to a state together with each that needs it.
func (c *contraction) takeOut(s State) {
	in, out := c.in[s], c.out[s]
	c.in[s], c.out[s] = nil, nil
	for _, i := range in {
		c.rules[i].gone = true
	}
	for _, o := range out {
		c.rules[o].gone = true
		last := c.rules[o]
		for _, i := range in {
			first := c.rules[i]
			rest := slices.DeleteFunc(slices.Clone(last.from), func(p State) bool { return p == s })
			c.add(rule{from: union(first.from, rest), ends: union(first.ends, last.ends), to: last.to})
		}
	}
}

// graph is what is left, with its states numbered anew. What a move costs is how
// many changes end it: the cheapest derivation is one that few changes end.
func (c *contraction) graph(g *Graph) (small *Graph, goal State) {
	number := make([]State, len(c.in))
	var states State
	for s := range c.in {
		if len(c.in[s]) > 0 || State(s) == c.goal {
			number[s] = states
			states++
		}
	}
	live := 0
	for i := range c.rules {
		if !c.rules[i].gone {
			live++
		}
	}
	small = empty(int(states), g.weights, live)
	var from []State
	for _, r := range c.rules {
		if r.gone {
			continue
		}
		from = from[:0]
		for _, p := range r.from {
			from = append(from, number[p])
		}
		small.add(Move{From: from, To: number[r.to], Cost: len(r.ends), Ends: r.ends})
	}
	small.invert()
	return small, number[c.goal]
}
