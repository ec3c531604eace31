package graph

import (
	"cmp"
	"slices"
)

// rule is a move of a contraction.
type rule struct {
	from []State  // rising
	ends []Change // rising
	to   State
	gone bool
}

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
		in: make([][]int32, g.states+1), out: make([][]int32, g.states+1), known: map[uint64][]int32{},
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

// load takes the moves that somebody with all entries can make and that may lead
// to a target.
func (c *contraction) load(g *Graph, entries, targets []State, kept set) {
	can := newClosure(g, nil)
	can.start(entries)
	useful := g.leadingTo(targets)
	goals := newSet(g.states)
	for _, t := range targets {
		goals.add(int32(t))
	}
	for m, to := range g.to {
		from := g.from.of(int32(m))
		if g.gone.has(int32(m)) || !useful.has(int32(to)) || slices.ContainsFunc(from, func(p State) bool { return !can.had[p] || goals.has(int32(p)) }) {
			continue
		}
		if goals.has(int32(to)) {
			to = c.goal
		}
		ends := slices.DeleteFunc(slices.Clone(g.ends.of(int32(m))), func(x Change) bool { return kept.has(int32(x)) })
		c.add(rule{from: from, ends: ends, to: to})
	}
}

// add puts a rule in, unless it adds nothing to the others.
func (c *contraction) add(r rule) {
	if slices.ContainsFunc(r.from, func(p State) bool { return c.had[p] }) {
		r.from = slices.DeleteFunc(slices.Clone(r.from), func(p State) bool { return c.had[p] })
	}
	if c.had[r.to] || slices.Contains(r.from, r.to) || c.needless(r) {
		return
	}
	if len(r.from)+len(r.ends) == 0 {
		c.give(r.to)
		return
	}
	i := int32(len(c.rules))
	h := r.hash()
	c.rules = append(c.rules, r)
	c.known[h] = append(c.known[h], i)
	c.in[r.to] = append(c.in[r.to], i)
	for _, p := range r.from {
		c.out[p] = append(c.out[p], i)
	}
}

// few is up to how many rules to one state a new one is compared with all.
const few = 24

// needless says whether a rule is another one that is there, or needs more and
// is ended by more.
func (c *contraction) needless(r rule) bool {
	for _, i := range c.known[r.hash()] {
		if o := &c.rules[i]; !o.gone && o.to == r.to && slices.Equal(o.from, r.from) && slices.Equal(o.ends, r.ends) {
			return true
		}
	}
	if len(c.in[r.to]) > few {
		return false
	}
	return slices.ContainsFunc(c.in[r.to], func(i int32) bool {
		o := &c.rules[i]
		return !o.gone && subset(o.from, r.from) && subset(o.ends, r.ends)
	})
}

// give makes a state one that everybody has.
func (c *contraction) give(s State) {
	c.had[s] = true
	for _, i := range c.in[s] {
		c.rules[i].gone = true
	}
	for _, i := range c.out[s] {
		if r := &c.rules[i]; !r.gone {
			r.gone = true
			c.add(rule{from: r.from, ends: r.ends, to: r.to})
		}
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

func (c *contraction) live(rules []int32) []int32 {
	return slices.DeleteFunc(rules, func(i int32) bool { return c.rules[i].gone })
}

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
	var moves []Move
	for _, r := range c.rules {
		if r.gone {
			continue
		}
		m := Move{To: number[r.to], Cost: len(r.ends), Ends: r.ends}
		for _, p := range r.from {
			m.From = append(m.From, number[p])
		}
		moves = append(moves, m)
	}
	return build(int(states), g.weights, moves), number[c.goal]
}

func (r *rule) hash() uint64 {
	h := uint64(14695981039346656037)
	mix := func(x int32) { h = (h ^ uint64(uint32(x))) * 1099511628211 }
	for _, p := range r.from {
		mix(int32(p))
	}
	mix(-1)
	for _, e := range r.ends {
		mix(int32(e))
	}
	mix(int32(r.to))
	return h
}

// union merges two rising lists.
func union[T cmp.Ordered](a, b []T) []T {
	out := make([]T, 0, len(a)+len(b))
	out = append(append(out, a...), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// subset says whether a rising list has all of another.
func subset[T cmp.Ordered](small, large []T) bool {
	for _, x := range small {
		i, found := slices.BinarySearch(large, x)
		if !found {
			return false
		}
		large = large[i+1:]
	}
	return true
}
