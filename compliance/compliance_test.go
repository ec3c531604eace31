package compliance_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/cis"
	"seawall/compliance"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

// onContainer is a rule about containers that decides 5.5.
func onContainer(id string) *rule.Rule {
	return &rule.Rule{ID: id, Refs: rule.Refs{CIS: "5.5"}, Container: func(c *rule.Context, _ *snapshot.Container) rule.Answer { return c.Pass("") }}
}

// said are results: "a:fail b:pass" are those of the rules a and b.
func said(words string) []rule.Result {
	var out []rule.Result
	for word := range strings.FieldsSeq(words) {
		id, verdict, _ := strings.Cut(word, ":")
		r := rule.Result{Rule: id, Verdict: rule.Verdict(verdict), Message: "because " + verdict,
			Subject: rule.Subject{Kind: rule.KindContainer, Name: "web", Engine: trial.Endpoint}}
		if verdict == "waived" {
			r.Verdict, r.Waived = rule.Failed, &rule.Waiver{Rule: id, Reason: "needed"}
		}
		out = append(out, r)
	}
	return out
}

// entry is what became of a recommendation.
func entry(t *testing.T, table *compliance.Table, number string) *compliance.Entry {
	t.Helper()
	i := slices.IndexFunc(table.Recommendations, func(e *compliance.Entry) bool { return e.Number == number })
	if i < 0 {
		t.Fatalf("the table has no %s", number)
	}
	return table.Recommendations[i]
}

var whole = cis.Selection{Release: cis.V18, Level: 2}

// TestStates: how results add up. Nothing passes for lack of evidence.
func TestStates(t *testing.T) {
	tests := []struct {
		name, results string
		want          compliance.State
		reason        string
		behind        int
	}{
		{"one fails", "a:pass a:fail b:unknown", compliance.Fail, "", 2},
		{"a failing one outweighs a waived one", "a:waived b:fail", compliance.Fail, "", 2},
		{"one is unknown", "a:pass b:unknown", compliance.Unknown, "because unknown", 1},
		{"unknown outweighs waived", "a:waived b:unknown", compliance.Unknown, "because unknown", 2},
		{"accepted is not passed", "a:waived b:pass", compliance.Waived, "not followed, and accepted", 1},
		{"all pass", "a:pass b:pass", compliance.Pass, "", 0},
		{"one passes, one does not apply", "a:pass b:not-applicable", compliance.Pass, "", 0},
		{"none applies", "a:not-applicable", compliance.NotApplicable, "because not-applicable", 0},
		{"there are no subjects", "", compliance.NotApplicable, "there is nothing to judge: no container", 0},
		{"other rules do not count", "a:pass c:fail", compliance.Pass, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			book := []*rule.Rule{onContainer("a"), onContainer("b")}
			table := compliance.Set(whole, compliance.Audit{Snapshot: trial.Baseline(), Book: book, Asked: book, Results: said(tt.results)})
			e := entry(t, table, "5.5")
			if e.State != tt.want || e.Reason != tt.reason || len(e.Behind) != tt.behind {
				t.Errorf("%s (%s) with %d results behind it, want %s (%s) with %d", e.State, e.Reason, len(e.Behind), tt.want, tt.reason, tt.behind)
			}
			if !slices.Equal(e.Rules, []string{"a", "b"}) {
				t.Errorf("decided by %v", e.Rules)
			}
		})
	}
}

// TestAllEngines: the table is about every engine of the host; one is enough to
// fail.
func TestAllEngines(t *testing.T) {
	s := trial.Baseline()
	second := trial.Baseline().Engines[0]
	second.Name = "unix:///run/second.sock"
	second.Settings.Debug = snapshot.See(true, second.Settings.Debug.Origin())
	s.Engines = append(s.Engines, second)
	book := rules.Book().Rules()
	table := compliance.Set(whole, compliance.Audit{Snapshot: s, Book: book, Asked: book, Results: rule.Evaluate(s, book)})
	e := entry(t, table, "2.3")
	if e.State != compliance.Fail || len(e.Behind) != 1 || e.Behind[0].Subject.Engine != second.Name || e.Results.Pass != 3 {
		t.Errorf("2.3 is %+v", e)
	}
	if facts := entry(t, table, "1.2.2").Facts; len(facts) != 4 || facts[0].Name == facts[2].Name {
		t.Errorf("the facts do not tell the engines apart: %v", facts)
	}
}

// TestNotAsked: a rule that was left out keeps the recommendation open, unless
// another one fails.
func TestNotAsked(t *testing.T) {
	book := []*rule.Rule{onContainer("a"), onContainer("b")}
	for results, want := range map[string]compliance.State{"a:pass": compliance.Unknown, "": compliance.Unknown, "a:fail": compliance.Fail} {
		table := compliance.Set(whole, compliance.Audit{Snapshot: trial.Baseline(), Book: book, Asked: book[:1], Results: said(results)})
		if e := entry(t, table, "5.5"); e.State != want {
			t.Errorf("%q: %s (%s), want %s", results, e.State, e.Reason, want)
		}
	}
}

// TestWithoutEngine: where nothing was found, nothing is not applicable.
func TestWithoutEngine(t *testing.T) {
	book := []*rule.Rule{onContainer("a")}
	table := compliance.Set(whole, compliance.Audit{Snapshot: &snapshot.Snapshot{}, Book: book, Asked: book})
	for _, e := range table.Recommendations {
		if e.State != compliance.Unknown && e.State != compliance.Manual {
			t.Errorf("%s is %s (%s)", e.Number, e.State, e.Reason)
		}
	}
}

// TestByHand: what a person judges comes with facts and a question; what the
// facts settle needs neither.
func TestByHand(t *testing.T) {
	s := trial.Baseline()
	table := compliance.Set(whole, compliance.Audit{Snapshot: s})
	if e := entry(t, table, "1.2.2"); e.State != compliance.Manual || e.Judge == "" || len(e.Facts) == 0 {
		t.Errorf("the release is %+v", e)
	}
	if e := entry(t, table, "7.8"); e.State != compliance.NotApplicable || e.Reason != "swarm is off" || e.Judge != "" {
		t.Errorf("the swarm's CA is %+v", e)
	}
	if e := entry(t, table, "1.1.2"); e.State != compliance.Pass || e.Reason == "" {
		t.Errorf("trusted people are %+v", e)
	}
	if e := entry(t, table, "5.5"); e.State != compliance.Unknown || e.Reason != "no rule decides it" {
		t.Errorf("a recommendation without rules is %+v", e)
	}
}

// TestCounts: they add up to the recommendations of the selection.
func TestCounts(t *testing.T) {
	for _, release := range cis.Releases() {
		for level := 1; level <= 2; level++ {
			table := compliance.Set(cis.Selection{Release: release, Level: level}, compliance.Audit{Snapshot: trial.Baseline()})
			sum := 0
			for _, n := range table.Counts {
				sum += n
			}
			if sum == 0 || sum != len(table.Recommendations) || len(table.Counts) != len(compliance.States()) {
				t.Errorf("%s level %d: %d recommendations, counts %v", release, level, len(table.Recommendations), table.Counts)
			}
			for _, e := range table.Recommendations {
				if e.Level > level || e.Section() == "" {
					t.Errorf("%s level %d has %+v", release, level, e)
				}
			}
		}
	}
}
