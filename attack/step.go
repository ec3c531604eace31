package attack

import (
	"errors"
	"fmt"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// Step is one kind of move.
type Step struct {
	ID    string // says the move in kebab-case and never changes
	Title string // one line, what the attacker does
	// Why tells in one or two sentences why it works.
	Why string
	// At is the kind of site that the step is looked for at: each subject of the
	// kind is one.
	At rule.Kind
	// From and To are the states of the site that the move leads from and to, where
	// the instances do not name others.
	From, To Kind
	// Own: it is the account's own right, and an attack for those only who took the
	// account over.
	Own bool
	// Part: it leads to a part of what whoever is there has anyhow. Answers about large
	// hosts, which leave secrets out, do not follow it.
	Part bool
	// ATTACK is the MITRE ATT&CK technique, such as "T1611".
	ATTACK string
	// Cost is how hard the move is: 0 none, 1 one command, 2 a public exploit or one
	// more condition, 3 a race, waiting or an exploit to be built, 4 hardware or a
	// fault that is assumed, 5 research.
	Cost       int
	CostReason string
	// Needs are all needed. Where a need has alternatives, each makes a move.
	Needs []Need
	// Harder are conditions of which each that holds makes the move cost one more.
	Harder []*Cond
	// Each finds what the step is about at the site, such as mounts; nil where the
	// site itself is it.
	Each func(*Query) []Instance
	// Rules are the ids of the rules that find the same fault.
	Rules []string
	// Proof says how it is seen, without doing it, that the move would work.
	Proof string
	// Permanent says why no change ends the step, where none does.
	Permanent string
	// On Bad the step is there, on Good it is not.
	Bad, Good []rule.Example
}

// Instance is one thing at a site that a step is about.
type Instance struct {
	// From and To are the states, where they are not the step's.
	From, To State
	// With are further states that the attacker needs.
	With []State
	// What it is in words, as the end of the title: "/etc at /host/etc".
	What string
	// Unknown: a fact that was not seen decides whether it is there.
	Unknown bool
	// Cost is added to the step's.
	Cost int
	// Ends are the changes of which each alone removes it.
	Ends []Change
	// Checks are what shows on the host that it is there; nil where nothing harmless
	// does.
	Checks []Check
	// Origin and Value are the evidence; no evidence if the origin is empty.
	Origin snapshot.Origin
	Value  any
	// Missing is the fact that decides, if it is unknown.
	Missing []rule.MissingFact
}

// Validate reports what a step lacks.
func (s *Step) Validate() error {
	var missing []string
	for _, field := range []struct {
		name string
		is   bool
	}{
		{"title", s.Title != ""}, {"why", s.Why != ""}, {"from", s.From != "" || s.Each != nil}, {"to", s.To != "" || s.Each != nil},
		{"at", s.At != ""}, {"attack", strings.HasPrefix(s.ATTACK, "T")}, {"cost reason", s.CostReason != ""}, {"proof", s.Proof != ""},
		{"needs or each", len(s.Needs) > 0 || s.Each != nil}, {"bad example", len(s.Bad) > 0}, {"good example", len(s.Good) > 0},
	} {
		if !field.is {
			missing = append(missing, field.name)
		}
	}
	switch {
	case !rule.ValidID(s.ID):
		return fmt.Errorf("step %q: the id is not of the form word-word", s.ID)
	case len(missing) > 0:
		return fmt.Errorf("step %s lacks: %s", s.ID, strings.Join(missing, ", "))
	case s.Cost < 0 || s.Cost > 5:
		return fmt.Errorf("step %s: cost %d is not 0 to 5", s.ID, s.Cost)
	}
	return nil
}

// Book is a set of steps.
type Book struct {
	steps []*compiled
	conds []*Cond
	at    map[rule.Kind][]*compiled // by the kind of site
}

// compiled is a step whose conditions have numbers.
type compiled struct {
	*Step
	number int32 // its place in the book
	ways   [][]int
	harder []int
}

// NewBook makes a book of steps, in the language that is spoken (see package lang). It is an error if a step is not valid, an id
// stands twice, or two conditions say the same.
func NewBook(steps ...*Step) (*Book, error) {
	b := &Book{at: map[rule.Kind][]*compiled{}}
	numbers := map[string]int{}
	seen := map[string]bool{}
	var errs []error
	for _, s := range steps {
		errs = append(errs, s.Validate())
		if seen[s.ID] {
			errs = append(errs, fmt.Errorf("step %s stands twice", s.ID))
		}
		seen[s.ID] = true
		c := &compiled{Step: s.translated(), number: int32(len(b.steps)), harder: b.number(numbers, s.Harder)}
		for _, way := range alternatives(s.Needs) {
			c.ways = append(c.ways, b.number(numbers, way))
		}
		b.steps = append(b.steps, c)
		b.at[s.At] = append(b.at[s.At], c)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return b, nil
}

// MustBook is NewBook for steps that are part of the program.
func MustBook(steps ...*Step) *Book {
	b, err := NewBook(steps...)
	if err != nil {
		panic(err)
	}
	return b
}

// number gives conditions their numbers: those that say the same are the same.
func (b *Book) number(numbers map[string]int, conds []*Cond) []int {
	out := make([]int, len(conds))
	for i, c := range conds {
		n, known := numbers[c.Says]
		if !known {
			n = len(b.conds)
			numbers[c.Says] = n
			b.conds = append(b.conds, c)
		}
		out[i] = n
	}
	return out
}

// Steps lists the steps in the book's order.
func (b *Book) Steps() []*Step {
	out := make([]*Step, len(b.steps))
	for i, s := range b.steps {
		out[i] = s.Step
	}
	return out
}

// Lookup finds a step by its id; nil if there is none.
func (b *Book) Lookup(id string) *Step {
	for _, s := range b.steps {
		if s.ID == id {
			return s.Step
		}
	}
	return nil
}
