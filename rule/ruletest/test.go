// Package ruletest tries rules on their examples. It is used by tests only.
package ruletest

import (
	"fmt"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// Test tries every rule on its examples. A bad one must fail, a good one must
// pass and not fail. With no facts the answer must be unknown; with only some
// of a bad example's facts it must not become a pass or not applicable. The
// package's files must hold what the rules say they hold (see [Files]).
func Test(t *testing.T, rules []*rule.Rule) {
	t.Helper()
	if _, err := rule.NewBook(rules...); err != nil {
		t.Error(err)
	}
	Files(t, rules)
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) {
			for i, ex := range r.Bad {
				t.Run(fmt.Sprintf("bad %d", i+1), func(t *testing.T) { testBad(t, r, ex) })
			}
			for i, ex := range r.Good {
				t.Run(fmt.Sprintf("good %d", i+1), func(t *testing.T) { testGood(t, r, ex) })
			}
		})
	}
}

// Load loads an example, which must load.
func Load(t *testing.T, ex rule.Example) *snapshot.Snapshot {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testBad(t *testing.T, r *rule.Rule, ex rule.Example) {
	s := Load(t, ex)
	failing := map[rule.Subject]bool{}
	for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
		if result.Verdict == rule.Failed {
			failing[result.Subject] = true
			wellWorded(t, result)
		}
	}
	if len(failing) == 0 {
		t.Fatalf("%s\ndid not fail:%s", Show(ex), verdicts(rule.Evaluate(s, []*rule.Rule{r})))
	}
	if !testing.Short() {
		testBlind(t, r, ex, failing)
	}
}

func testGood(t *testing.T, r *rule.Rule, ex rule.Example) {
	results := rule.Evaluate(Load(t, ex), []*rule.Rule{r})
	passed := false
	for _, result := range results {
		passed = passed || result.Verdict == rule.Passed
		if result.Verdict == rule.Failed {
			t.Errorf("%s\nfailed:%s", Show(ex), verdicts(results))
		}
	}
	if !passed {
		t.Errorf("%s\ndid not pass:%s", Show(ex), verdicts(results))
	}
	if !testing.Short() {
		testNoAlarm(t, r, ex)
	}
}

// wellWorded checks the form of a finding's message: one sentence without a
// full stop, and evidence to go with it.
func wellWorded(t *testing.T, result rule.Result) {
	t.Helper()
	m := result.Message
	if m == "" || m[len(m)-1] == '.' || m[len(m)-1] == '\n' {
		t.Errorf("message %q: want a sentence without a full stop", m)
	}
	if len(result.Evidence) == 0 {
		t.Errorf("message %q rests on no evidence", m)
	}
}

// Show is an example in words or as it is loaded, for messages.
func Show(ex rule.Example) string {
	for _, s := range []string{ex.Run, ex.Firewall, ex.Daemon, ex.Config, ex.Show} {
		if s != "" {
			return s
		}
	}
	return "the example"
}

func verdicts(results []rule.Result) string {
	out := ""
	for _, r := range results {
		out += fmt.Sprintf("\n  %s %s: %s", r.Subject.Name, r.Verdict, r.Message)
	}
	return out
}
