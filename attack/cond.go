package attack

import (
	"fmt"

	"seawall/lang"
)

// Cond is a condition of a step: a question about one site.
type Cond struct {
	// Says is the condition as it holds, in words, with verbs for the names in it: "it
	// holds CAP_%s". No two conditions say the same.
	Says string
	Args []any
	// Ask answers it. It never ends early: what it could not see it says by its
	// answer.
	Ask func(*Query) Truth
	// Ends are the changes of which each alone makes the condition no longer hold;
	// nil where there are none.
	Ends func(*Query) []Change
	// Check says what shows on the host that it holds; nil where nothing harmless
	// does. It gives none where there is nothing more to be seen than was read.
	Check func(*Query) []Check
}

// String is what the condition says, in the language that is spoken.
func (c *Cond) String() string { return c.with(lang.T(c.Says)) }

// key is what the condition says, in English.
func (c *Cond) key() string { return c.with(c.Says) }

// with is a text with the names in it.
func (c *Cond) with(text string) string {
	if len(c.Args) == 0 {
		return text
	}
	return fmt.Sprintf(text, c.Args...)
}

// Need is what a step needs: one condition, or one of several.
type Need []*Cond

// All needs every one of the conditions.
func All(conds ...*Cond) []Need {
	needs := make([]Need, len(conds))
	for i, c := range conds {
		needs[i] = Need{c}
	}
	return needs
}

// Any needs one of the conditions.
func Any(conds ...*Cond) Need { return conds }

// alternatives are the ways to satisfy all needs: each is a set of conditions
// that are all needed. A change that ends one way leaves the others, so each
// becomes a move of its own.
func alternatives(needs []Need) [][]*Cond {
	ways := [][]*Cond{nil}
	for _, need := range needs {
		var longer [][]*Cond
		for _, way := range ways {
			for _, c := range need {
				longer = append(longer, append(way[:len(way):len(way)], c))
			}
		}
		ways = longer
	}
	return ways
}
