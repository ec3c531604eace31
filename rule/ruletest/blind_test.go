package ruletest

import (
	"testing"

	"seawall/snapshot"
	"seawall/trial"
)

// TestBlindOne: a fact that was hidden comes back as it was, one in a map too.
func TestBlindOne(t *testing.T) {
	s := trial.Baseline()
	for i := range countFacts(s) {
		undo := blindOne(s, i)
		hidden := ""
		snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
			if f.State() == snapshot.Unreadable {
				hidden = path
			}
		})
		if hidden != pathOf(s, i) {
			t.Fatalf("fact %d is %s, hidden is %q", i, pathOf(s, i), hidden)
		}
		undo()
	}
	snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.Unreadable {
			t.Errorf("%s stayed hidden", path)
		}
	})
}
