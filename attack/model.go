package attack

import (
	"maps"
	"slices"

	"seawall/rule"
)

// Move is one move on the host: whoever has all of From gets To.
type Move struct {
	Step *Step
	From []State
	To   State
	Cost int
	// Possible: it rests on facts that were not seen.
	Possible bool
	// Ends are the changes of which each alone removes it.
	Ends []Change

	site     *Site
	way      int
	instance *Instance // nil: the site itself
}

// Model is what an attacker can do on a host.
type Model struct {
	// Gaps are the lists of things that could not be read: there may be moves that
	// nobody sees.
	Gaps []rule.MissingFact

	book       *Book
	sites      []*Site
	states     []State  // in their order
	changes    []Change // those of each site, each once
	moves      moves
	containers map[string]int64 // how many each engine has
}

// Len is the number of moves.
func (m *Model) Len() int { return len(m.moves.list) }

// Moves writes all moves out, by site and in the order of the book.
func (m *Model) Moves() []Move {
	w := writer{Model: m}
	out := make([]Move, m.Len())
	for n := range out {
		out[n] = w.write(int32(n))
	}
	return out
}

// Facts are what a move rests on: what was read, and what was not seen.
func (v *Move) Facts() ([]rule.Evidence, []rule.MissingFact) {
	var evidence []rule.Evidence
	var missing []rule.MissingFact
	q := &Query{Site: v.site, evidence: &evidence, missing: &missing}
	for _, c := range alternatives(v.Step.Needs)[v.way] {
		before := len(missing)
		if c.Ask(q) == Yes {
			missing = missing[:before] // what was not seen does not matter
		}
		q.missed = 0
	}
	if i := v.instance; i != nil {
		if i.Origin.Path != "" {
			q.Saw(i.Origin, i.Value)
		}
		missing = append(missing, i.Missing...)
	}
	return evidence, missing
}

// What says what the move is about, as the end of the step's title; "" where it is
// the site itself.
func (v *Move) What() string {
	if v.instance == nil {
		return ""
	}
	return v.instance.What
}

// States are all states of the model, in their order.
func (m *Model) States() []State { return slices.Clone(m.states) }

// Changes are all changes that end a move of the model, in their order.
func (m *Model) Changes() []Change {
	known := make(map[Change]bool, len(m.changes))
	for _, c := range m.changes {
		known[c] = true
	}
	return slices.SortedFunc(maps.Keys(known), Change.Compare)
}

// Subject is what the move is looked for at, as rules name it; of the host its
// name is empty.
func (v *Move) Subject() rule.Subject {
	if v.site == nil {
		return rule.Subject{}
	}
	return v.site.subject()
}
