package rule

import (
	"fmt"
	"slices"
	"strings"

	"seawall/near"
)

// Book is a set of rules, looked up by id.
type Book struct {
	rules []*Rule
	byID  map[string]*Rule
}

// NewBook makes a book of rules, in the language that is spoken (see package lang). It is an error if a rule is not valid (see
// [Rule.Validate]) or an id stands twice.
func NewBook(rules ...*Rule) (*Book, error) {
	b := &Book{byID: make(map[string]*Rule, len(rules))}
	for _, r := range rules {
		if err := r.Validate(); err != nil {
			return nil, err
		}
		if b.byID[r.ID] != nil {
			return nil, fmt.Errorf("rule %s: two rules have this id", r.ID)
		}
		r = r.translated()
		b.byID[r.ID] = r
		b.rules = append(b.rules, r)
	}
	slices.SortFunc(b.rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return b, nil
}

// MustBook is NewBook for rules that are part of the program: a mistake in them
// is the program's, and it panics.
func MustBook(rules ...*Rule) *Book {
	b, err := NewBook(rules...)
	if err != nil {
		panic(err)
	}
	return b
}

// Rules lists all rules by id. The caller must not change the list.
func (b *Book) Rules() []*Rule { return b.rules }

// UnknownNameError says that a rule or profile does not exist.
type UnknownNameError struct {
	What, Name string
	// Near is the existing name that was probably meant; "" if none is close.
	Near string
	// See is the command that lists all names.
	See string
}

func (e *UnknownNameError) Error() string {
	if e.Near != "" {
		return fmt.Sprintf("unknown %s %q: did you mean %q? ('%s' lists all)", e.What, e.Name, e.Near, e.See)
	}
	return fmt.Sprintf("unknown %s %q: '%s' lists all", e.What, e.Name, e.See)
}

// Lookup finds a rule. For an unknown id the error names the nearest match.
func (b *Book) Lookup(id string) (*Rule, error) {
	if r := b.byID[id]; r != nil {
		return r, nil
	}
	ids := make([]string, len(b.rules))
	for i, r := range b.rules {
		ids[i] = r.ID
	}
	return nil, unknownName("rule", id, ids, "seawall rules")
}

func unknownName(what, name string, names []string, see string) error {
	return &UnknownNameError{What: what, Name: name, Near: near.Match(name, names), See: see}
}
