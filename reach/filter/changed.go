package filter

import "seawall/snapshot"

// Changed is Compile of filters that were changed since f was compiled: of what the
// two have in common, the same memory, nothing is prepared anew.
func (f *Filter) Changed(pf snapshot.PacketFilter) *Filter { return compile(pf, manyRules, f.tables) }

// prepare compiles the rules of a chain, but those that it had before.
func (c *chain) prepare(before *chain, indexed int) {
	if before != nil && same(before.of, c.of) {
		c.rules, c.indexes = before.rules, before.indexes
		return
	}
	c.rules = make([]rule, len(c.of))
	for i := range c.of {
		r := &c.of[i]
		if old := before.had(r, i, len(c.of)); old != nil {
			c.rules[i] = *old
			c.rules[i].chain, c.rules[i].index = c, i
			continue
		}
		c.rules[i] = c.table.rule(r)
		c.rules[i].chain, c.rules[i].index = c, i
	}
	if len(c.rules) >= indexed {
		c.indexes = [2]*index{newIndex(c.rules, false), newIndex(c.rules, true)}
	}
}

// had finds a rule with the same statements, at its place counted from the start or
// from the end; nil where there is none.
func (c *chain) had(r *snapshot.FilterRule, at, length int) *rule {
	if c == nil {
		return nil
	}
	for _, k := range []int{at, at + len(c.rules) - length} {
		if k >= 0 && k < len(c.rules) && same(c.rules[k].of, r.Statements) && c.rules[k].text == r.Text {
			return &c.rules[k]
		}
	}
	return nil
}

// same says whether two lists are the same memory.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
