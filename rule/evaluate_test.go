package rule_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

var permission = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "open /proc/1/ns: permission denied", Remedy: "run as root"}

// ask is a rule about the first container, with the given check.
func ask(check func(*rule.Context, *snapshot.Container) rule.Answer) *rule.Rule {
	return &rule.Rule{ID: "test-rule", Title: "t", Severity: rule.High, Confined: rule.Medium, Container: check}
}

// withContainer is the baseline with one container.
func withContainer(c snapshot.Container) *snapshot.Snapshot {
	s := trial.Baseline()
	s.Engines[0].Containers = snapshot.See([]snapshot.Container{c}, snapshot.At("containers", "GET /containers/json"))
	return s
}

func seen[T any](v T) snapshot.Fact[T] { return snapshot.See(v, snapshot.At("fact", "test")) }
func lost[T any]() snapshot.Fact[T]    { return snapshot.Lost[T](permission, snapshot.At("fact", "test")) }

// twoFacts fails if either is true.
func twoFacts(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if a, ok := ctr.Privileged.Try(c); ok && a {
		return c.Fail("first")
	}
	if b, ok := ctr.ReadonlyRootfs.Try(c); ok && b {
		return c.Fail("second")
	}
	return c.Pass("neither")
}

func TestVerdicts(t *testing.T) {
	read := func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
		if ctr.Privileged.Read(c) {
			return c.Fail("on")
		}
		return c.Pass("off")
	}
	notApplicable := func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
		ctr.Privileged.Try(c)
		return c.NotApplicable("no question")
	}
	// failsOnZero would fail on the zero value of a fact that nobody saw.
	failsOnZero := func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
		if ctr.Memory.Read(c) == 0 {
			return c.Fail("no limit")
		}
		return c.Pass("limit")
	}
	tests := []struct {
		name      string
		check     func(*rule.Context, *snapshot.Container) rule.Answer
		container snapshot.Container
		want      rule.Verdict
	}{
		{"read true", read, snapshot.Container{Privileged: seen(true)}, rule.Failed},
		{"read false", read, snapshot.Container{Privileged: seen(false)}, rule.Passed},
		{"read absent", read, snapshot.Container{Privileged: snapshot.None[bool](snapshot.At("fact", "test"))}, rule.Passed},
		{"read unreadable", read, snapshot.Container{Privileged: lost[bool]()}, rule.Unknown},
		{"read never collected", read, snapshot.Container{}, rule.Unknown},
		{"zero value of an unreadable fact is no fault", failsOnZero, snapshot.Container{Memory: lost[int64]()}, rule.Unknown},
		{"first of two seen bad, second unreadable", twoFacts, snapshot.Container{Privileged: seen(true), ReadonlyRootfs: lost[bool]()}, rule.Failed},
		{"first unreadable, second bad", twoFacts, snapshot.Container{Privileged: lost[bool](), ReadonlyRootfs: seen(true)}, rule.Failed},
		{"first unreadable, second fine", twoFacts, snapshot.Container{Privileged: lost[bool](), ReadonlyRootfs: seen(false)}, rule.Unknown},
		{"both fine", twoFacts, snapshot.Container{Privileged: seen(false), ReadonlyRootfs: seen(false)}, rule.Passed},
		{"not applicable on an unreadable fact", notApplicable, snapshot.Container{Privileged: lost[bool]()}, rule.Unknown},
		{"not applicable", notApplicable, snapshot.Container{Privileged: seen(true)}, rule.NotApplicable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			results := rule.Evaluate(withContainer(tt.container), []*rule.Rule{ask(tt.check)})
			if len(results) != 1 || results[0].Verdict != tt.want {
				t.Fatalf("got %+v, want one result %s", results, tt.want)
			}
			if r := results[0]; (r.Verdict == rule.Unknown) != (len(r.Gaps) > 0) {
				t.Errorf("verdict %s with gaps %v", r.Verdict, r.Gaps)
			}
		})
	}
}

func TestUnreadableListIsUnknown(t *testing.T) {
	s := trial.Baseline()
	s.Engines[0].Containers = snapshot.Lost[[]snapshot.Container](permission, snapshot.At("containers", "GET /containers/json"))
	results := rule.Evaluate(s, []*rule.Rule{ask(twoFacts)})
	want := rule.Subject{Kind: rule.KindContainer, Name: "*", Engine: trial.Endpoint}
	if len(results) != 1 || results[0].Verdict != rule.Unknown || results[0].Subject != want {
		t.Fatalf("got %+v, want one unknown result about %v", results, want)
	}
	if !strings.Contains(results[0].Message, permission.Detail) {
		t.Errorf("message %q does not give the reason", results[0].Message)
	}
}

func TestConfinedSeverity(t *testing.T) {
	privileged := snapshot.Container{Privileged: seen(true), UsernsMode: seen("")}
	hostUserns := snapshot.Container{Privileged: seen(true), UsernsMode: seen("host")}
	tests := []struct {
		name      string
		container snapshot.Container
		change    func(*snapshot.Settings)
		want      rule.Severity
	}{
		{"root on the host", privileged, func(*snapshot.Settings) {}, rule.High},
		{"rootless", privileged, func(s *snapshot.Settings) { s.Rootless = seen(true) }, rule.Medium},
		{"remapped", privileged, func(s *snapshot.Settings) { s.UserNSRemap = seen(true) }, rule.Medium},
		{"remapped, opted out", hostUserns, func(s *snapshot.Settings) { s.UserNSRemap = seen(true) }, rule.High},
		{"not known whether rootless", privileged, func(s *snapshot.Settings) { s.Rootless = lost[bool]() }, rule.High},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := withContainer(tt.container)
			tt.change(&s.Engines[0].Settings)
			r := rule.Evaluate(s, []*rule.Rule{ask(twoFacts)})[0]
			if r.Severity != tt.want || (r.SeverityReason != "") != (tt.want != rule.High) {
				t.Errorf("severity %s (%q), want %s", r.Severity, r.SeverityReason, tt.want)
			}
		})
	}
}

func TestEvidence(t *testing.T) {
	citing := ask(func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
		ctr.Privileged.Read(c)
		c.Cite(snapshot.At("part", "test"), "this one")
		return c.Fail("seen")
	})
	r := rule.Evaluate(withContainer(snapshot.Container{Privileged: seen(true)}), []*rule.Rule{citing})[0]
	if diff := cmp.Diff([]rule.Evidence{{Fact: "part", Value: "this one", Source: "test"}}, r.Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}
