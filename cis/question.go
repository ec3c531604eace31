package cis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Question is what a person has to judge, and what the snapshot tells of it.
type Question struct {
	// Judge says in a sentence what to compare the facts with.
	Judge string
	// Look gathers the facts.
	Look func(*Look)
}

// Texts are the recommendation's texts for people.
func (r *Recommendation) Texts() []string {
	texts := []string{r.Title, Section(r.Number)}
	if r.Question != nil {
		texts = append(texts, r.Question.Judge)
	}
	return texts
}

// Fact is something that a person needs to know to judge.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Look gathers the facts of one question. It is the witness of what it reads: a
// question settles by itself only if everything asked for was seen.
type Look struct {
	Snapshot *snapshot.Snapshot
	Facts    []Fact

	missed  bool
	settled Settled
	reason  string
}

// Settled says how a question was answered by the facts alone.
type Settled int

// The answers. Open is the zero value: a person has to judge.
const (
	Open Settled = iota
	// Met: the facts leave nothing to judge, the recommendation is followed.
	Met
	// Void: what the recommendation is about does not exist here.
	Void
)

// Ask looks at a snapshot. The reason goes with a settled question.
func (q *Question) Ask(s *snapshot.Snapshot) (facts []Fact, settled Settled, reason string) {
	l := &Look{Snapshot: s}
	q.Look(l)
	if l.missed || len(s.Engines) == 0 {
		return l.Facts, Open, ""
	}
	return l.Facts, l.settled, l.reason
}

// Saw does nothing: what is worth telling is noted by hand.
func (l *Look) Saw(snapshot.Origin, any) {}

// Missed keeps the question open.
func (l *Look) Missed(snapshot.Origin, snapshot.Gap) { l.missed = true }

// Stop does nothing: a look goes on to the next fact.
func (l *Look) Stop() {}

// note adds a fact.
func (l *Look) note(name, format string, args ...any) {
	l.Facts = append(l.Facts, Fact{Name: name, Value: lang.Sprintf(format, args...)})
}

// met and void settle the question.
func (l *Look) met(reason string)  { l.settled, l.reason = Met, reason }
func (l *Look) void(reason string) { l.settled, l.reason = Void, reason }

// see gives a value; one that could not be read is noted with the reason.
func see[T any](l *Look, name string, f snapshot.Fact[T]) (T, bool) {
	v, ok := f.Look(l)
	if !ok {
		l.note(name, "not read: %s", lang.Reword(f.Gap().Detail))
	}
	return v, ok
}

// engines calls look for each engine, with its name if there are others.
func (l *Look) engines(look func(e *snapshot.Engine, of string)) {
	for i := range l.Snapshot.Engines {
		e, of := &l.Snapshot.Engines[i], ""
		if len(l.Snapshot.Engines) > 1 {
			of = e.Name
		}
		look(e, of)
	}
}

// named is the name of a fact, with the engine that it is of if there are others.
func named(what, engine string) string {
	if engine == "" {
		return what
	}
	return lang.Sprintf("%s of %s", what, engine)
}

// shown is how many names of a list are written.
const shown = 10

// join writes a list, its first names only where it is long.
func join(names []string) string {
	switch {
	case len(names) == 0:
		return lang.T("none")
	case len(names) > shown:
		return lang.Sprintf("%s and %d more", lang.Comma(names[:shown]), len(names)-shown)
	}
	return lang.Comma(names)
}

// tally writes how often each name stands in a list, the commonest first.
func tally(names []string) string {
	count := map[string]int{}
	var distinct []string
	for _, name := range names {
		if count[name]++; count[name] == 1 {
			distinct = append(distinct, name)
		}
	}
	slices.SortFunc(distinct, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b)) })
	for i, name := range distinct {
		distinct[i] = fmt.Sprintf("%s (%d)", name, count[name])
	}
	return join(distinct)
}
