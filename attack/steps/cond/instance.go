package cond

import (
	"seawall/attack"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has what the instances of moves are made with.

// Lost is the gap of a fact as it is recorded for instances that are unknown.
func Lost[T any](f snapshot.Fact[T]) []rule.MissingFact {
	return []rule.MissingFact{{Fact: f.Origin().Path, Source: f.Origin().Source, Gap: f.Gap()}}
}

// Gaps is a witness that keeps what was missed.
type Gaps []rule.MissingFact

// Saw forgets: the condition that led to an instance has the evidence.
func (*Gaps) Saw(snapshot.Origin, any) {}

// Heeds says that Saw does nothing.
func (*Gaps) Heeds() bool { return false }

// Missed keeps a fact that could not be read.
func (g *Gaps) Missed(o snapshot.Origin, gap snapshot.Gap) {
	*g = append(*g, rule.MissingFact{Fact: o.Path, Source: o.Source, Gap: gap})
}

// Stop is for checks that end where a fact is not known.
func (*Gaps) Stop() { panic("cond: an instance must read facts with Try") }

// Look reads a list; one that was not read may hold what is looked for.
func Look[T any](out *[]attack.Instance, list snapshot.Fact[[]T]) []T {
	elements, known := list.Peek()
	if !known {
		*out = append(*out, attack.Instance{Unknown: true, Missing: Lost(list)})
	}
	return elements
}

// Element is where an element of a list was read.
func Element[T any](f snapshot.Fact[T], element string) snapshot.Origin {
	o := f.Origin()
	o.Path += "[" + element + "]"
	return o
}

// Undecided is what an instance lacks where a fact that was read does not tell.
func Undecided(o snapshot.Origin, detail, remedy string) []rule.MissingFact {
	return []rule.MissingFact{{Fact: o.Path, Source: o.Source, Gap: snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: detail, Remedy: remedy}}}
}
