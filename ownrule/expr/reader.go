package expr

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"seawall/snapshot"
)

// maxEvidence bounds what a reader keeps: of more facts the first and the last
// are kept, for those that decide are read last.
const maxEvidence = 16

// maxMissed bounds how many facts without a value a reader keeps.
const maxMissed = 16

// Reader is what the expressions of one rule read of one subject. It is used by
// one goroutine.
type Reader struct {
	seen   []sight
	plain  []sight // fields that are no facts
	missed []missing
	cache  map[snapshot.AnyFact]ref.Val
}

// sight is something that was read.
type sight struct {
	at    snapshot.Origin
	value any
}

// missing is a fact that has no value.
type missing struct {
	at  snapshot.Origin
	gap snapshot.Gap
}

// missedError is what CEL carries in place of a fact that has no value.
type missedError struct{ missing }

func (e *missedError) Error() string { return e.at.Path + ": " + e.gap.Detail }

// Saw records a fact that was read.
func (r *Reader) Saw(at snapshot.Origin, value any) {
	if slices.ContainsFunc(r.seen, func(s sight) bool { return s.at == at }) {
		return
	}
	if len(r.seen) == maxEvidence {
		r.seen = slices.Delete(r.seen, maxEvidence/2, maxEvidence/2+1)
	}
	r.seen = append(r.seen, sight{at, value})
}

// Missed records a fact that has no value.
func (r *Reader) Missed(at snapshot.Origin, gap snapshot.Gap) {
	if len(r.missed) < maxMissed && !slices.ContainsFunc(r.missed, func(m missing) bool { return m.at == at }) {
		r.missed = append(r.missed, missing{at, gap})
	}
}

// Stop is for checks that end where a fact is missing; nothing here calls one.
func (r *Reader) Stop() { panic("expr: a reader was told to stop") }

// miss records a fact without a value and gives the error that stands for it.
func (r *Reader) miss(at snapshot.Origin, gap snapshot.Gap) ref.Val {
	r.Missed(at, gap)
	return missed(at, gap)
}

// missed is the error that stands for a fact without a value. Where the answer
// rests on it, it is recorded then.
func missed(at snapshot.Origin, gap snapshot.Gap) ref.Val {
	return types.WrapErr(&missedError{missing{at, gap}})
}

// note records a field that is no fact. It is evidence where there is no other.
func (r *Reader) note(what string, value any) {
	if len(r.plain) < maxEvidence {
		r.plain = append(r.plain, sight{snapshot.At(what, "snapshot"), value})
	}
}

// Tell gives the witness what was seen. With undecided, it is also told what had
// no value.
func (r *Reader) Tell(w snapshot.Witness, undecided bool) {
	seen := r.seen
	if len(seen) == 0 {
		seen = r.plain
	}
	for _, s := range seen {
		w.Saw(s.at, s.value)
	}
	if undecided {
		for _, m := range r.missed {
			w.Missed(m.at, m.gap)
		}
	}
}

// summary is the evidence of a value too large to be shown.
func summary(length int, isList bool) any {
	if isList {
		return fmt.Sprintf("%d listed", length)
	}
	return "seen"
}
