package ruletest

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
)

// blindness is the gap of every fact that a test makes unreadable.
var blindness = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "made unreadable by a test", Remedy: "none"}

// randomBlindings is how many random subsets of a bad example's facts are made
// unreadable.
const randomBlindings = 20

// testBlind judges a failing example with facts taken away: all of them, each
// alone, and random subsets. The subjects that failed may fail still or be
// unknown, nothing else.
func testBlind(t *testing.T, r *rule.Rule, ex rule.Example, failing map[rule.Subject]bool) {
	s := load(t, ex)
	facts := countFacts(s)
	for i := range facts {
		undo := blindOne(s, i)
		mustNotPass(t, r, s, failing, pathOf(s, i))
		undo()
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range randomBlindings {
		s := load(t, ex)
		share := random.Float64()
		snapshot.Walk(s, func(_ string, f snapshot.AnyFact) {
			if random.Float64() < share && !isList(f) {
				f.Blind(blindness)
			}
		})
		mustNotPass(t, r, s, failing, "a random set of facts")
	}
	s = load(t, ex)
	snapshot.Walk(s, func(_ string, f snapshot.AnyFact) { f.Blind(blindness) })
	for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
		if result.Verdict != rule.Unknown {
			t.Errorf("with no fact readable, the verdict is %s (%s), want unknown", result.Verdict, result.Message)
		}
	}
}

// isList reports whether the fact is a list of subjects, which random blinding
// leaves so that their own facts get their turn.
func isList(f snapshot.AnyFact) bool {
	switch f.(type) {
	case *snapshot.Fact[[]snapshot.Container], *snapshot.Fact[[]snapshot.Listener],
		*snapshot.Fact[[]snapshot.Network], *snapshot.Fact[[]snapshot.Image],
		*snapshot.Fact[[]snapshot.Client], *snapshot.Fact[[]snapshot.User]:
		return true
	}
	return false
}

func mustNotPass(t *testing.T, r *rule.Rule, s *snapshot.Snapshot, failing map[rule.Subject]bool, blinded string) {
	t.Helper()
	for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
		bad := result.Verdict == rule.Passed || result.Verdict == rule.NotApplicable
		if bad && failing[result.Subject] {
			t.Errorf("without %s the failing %s %s is %s: %s",
				blinded, result.Subject.Kind, result.Subject.Name, result.Verdict, result.Message)
		}
	}
}

func countFacts(s *snapshot.Snapshot) int {
	n := 0
	snapshot.Walk(s, func(string, snapshot.AnyFact) { n++ })
	return n
}

func pathOf(s *snapshot.Snapshot, index int) string {
	n, out := 0, ""
	snapshot.Walk(s, func(path string, _ snapshot.AnyFact) {
		if n == index {
			out = path
		}
		n++
	})
	return out
}

// blindOne makes the fact with this number unreadable and returns what makes
// it readable again. Facts are numbered in the order of [snapshot.Walk], so a
// blinded fact keeps its number.
func blindOne(s *snapshot.Snapshot, index int) (undo func()) {
	var saved reflect.Value
	at := func(change func(snapshot.AnyFact)) {
		n := 0
		snapshot.Walk(s, func(_ string, f snapshot.AnyFact) {
			if n == index {
				change(f)
			}
			n++
		})
	}
	at(func(f snapshot.AnyFact) {
		saved = reflect.New(reflect.TypeOf(f).Elem()).Elem()
		saved.Set(reflect.ValueOf(f).Elem())
		f.Blind(blindness)
	})
	return func() {
		at(func(f snapshot.AnyFact) { reflect.ValueOf(f).Elem().Set(saved) })
	}
}
