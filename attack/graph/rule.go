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
