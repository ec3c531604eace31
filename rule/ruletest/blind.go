package ruletest

import (
	"math/rand/v2"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
)

// Blindness is the gap of every fact that a test makes unreadable.
var Blindness = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "made unreadable by a test", Remedy: "none"}

// randomBlindings is how many random subsets of a bad example's facts are made
// unreadable.
const randomBlindings = 20

// testBlind judges a failing example with facts taken away: all of them, each
// alone, and random subsets. The subjects that failed may fail still or be
// unknown, nothing else.
func testBlind(t *testing.T, r *rule.Rule, ex rule.Example, failing map[rule.Subject]bool) {
	s := Load(t, ex)
	snapshot.BlindEach(s, Blindness, func(path string) { mustNotPass(t, r, s, failing, path) })
	random := rand.New(rand.NewPCG(1, 2))
	for range randomBlindings {
		s := Load(t, ex)
		share := random.Float64()
		snapshot.Walk(s, func(_ string, f snapshot.AnyFact) {
			if random.Float64() < share && !isList(f) {
				f.Blind(Blindness)
			}
		})
		mustNotPass(t, r, s, failing, "a random set of facts")
	}
	s = Load(t, ex)
	snapshot.Walk(s, func(_ string, f snapshot.AnyFact) { f.Blind(Blindness) })
	for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
		if result.Verdict != rule.Unknown {
			t.Errorf("with no fact readable, the verdict is %s (%s), want unknown", result.Verdict, result.Message)
		}
	}
}

// testNoAlarm judges a good example with facts taken away, each alone. What
// could not be seen is no fault.
func testNoAlarm(t *testing.T, r *rule.Rule, ex rule.Example) {
	s := Load(t, ex)
	snapshot.BlindEach(s, Blindness, func(path string) {
		for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
			if result.Verdict == rule.Failed {
				t.Errorf("without %s, a good %s %s fails: %s", path, result.Subject.Kind, result.Subject.Name, result.Message)
			}
		}
	})
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
