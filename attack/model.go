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
	Moves []Move
	// Gaps are the lists of things that could not be read: there may be moves that
	// nobody sees.
	Gaps []rule.MissingFact

	containers map[string]int64 // how many each engine has
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
func (m *Model) States() []State {
	known := map[State]bool{}
	for i := range m.Moves {
		for _, s := range m.Moves[i].From {
			known[s] = true
		}
		known[m.Moves[i].To] = true
	}
	return slices.SortedFunc(maps.Keys(known), State.Compare)
}

// Changes are all changes that end a move of the model, in their order.
func (m *Model) Changes() []Change {
	known := map[Change]bool{}
	for i := range m.Moves {
		for _, c := range m.Moves[i].Ends {
			known[c] = true
		}
	}
	return slices.SortedFunc(maps.Keys(known), Change.Compare)
}

// after is the model after changes have been made, and those of them that end no
// move.
func (m *Model) after(made []Change) (*Model, []Change) {
	if len(made) == 0 {
		return m, nil
	}
	out := &Model{Gaps: m.Gaps}
	done := map[Change]bool{} // of those made: it ends a move
	for _, c := range made {
		done[c] = false
	}
	for i := range m.Moves {
		stays := true
		for _, c := range m.Moves[i].Ends {
			if _, is := done[c]; is {
				stays, done[c] = false, true
			}
		}
		if stays {
			out.Moves = append(out.Moves, m.Moves[i])
		}
	}
	return out, slices.DeleteFunc(slices.Clone(made), func(c Change) bool { return done[c] })
}

// Subject is what the move is looked for at, as rules name it; of the host its
// name is empty.
func (v *Move) Subject() rule.Subject {
	if v.site == nil {
		return rule.Subject{}
	}
	return v.site.subject()
}
