package report_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
)

// audited is the report on a host after some days, without its snapshot and paths, as JSON
// holds it.
func audited(t testing.TB, host string, days int, run string) *report.Report {
	t.Helper()
	r := wholeReport(t, rule.Example{Run: run, Facts: func(s *snapshot.Snapshot) {
		s.Host.Name = snapshot.See(host, s.Host.Name.Origin())
		s.TakenAt = s.TakenAt.AddDate(0, 0, days)
	}})
	a, err := steptest.Model(r.Snapshot, steps.All()).Answer(t.Context(), attack.Question{})
	if err != nil {
		t.Fatal(err)
	}
	r.Attack = report.BuildAttack(a)
	var out bytes.Buffer
	if err := report.JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	read, err := report.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func timeline(t testing.TB, reports ...*report.Report) *report.Timeline {
	t.Helper()
	line, err := report.BuildTimeline(reports)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func timelinePage(t testing.TB, line *report.Timeline) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.TimelineHTML(&out, line, rules.Book().Lookup); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	safe   = "docker run --name web --user 7 --read-only --cap-drop ALL --security-opt no-new-privileges web:1"
	unsafe = "docker run --name web --privileged web:1"
)

// TestTimelineOrder: audits stand in the order of their own times, each with what came and
// went since the one before; the files' order does not matter.
func TestTimelineOrder(t *testing.T) {
	first, second, third := audited(t, "a", 0, safe), audited(t, "a", 1, unsafe), audited(t, "a", 2, safe)
	line := timeline(t, third, first, second)
	if len(line.Hosts) != 1 || !slices.Equal(line.Hosts[0].Reports, []*report.Report{first, second, third}) {
		t.Fatalf("%+v", line.Hosts)
	}
	up, down := line.Hosts[0].Steps[0], line.Hosts[0].Steps[1]
	has := func(list []report.Difference) bool {
		return slices.ContainsFunc(list, func(d report.Difference) bool { return d.Result().Rule == "container-privileged" })
	}
	if !has(up.New) || has(up.Gone) || !has(down.Gone) || has(down.New) {
		t.Errorf("appeared %v, went %v", up.New, down.Gone)
	}
	page := timelinePage(t, line)
	for _, want := range []string{`id="timeline"`, `series critical`, "Since 2026-11-02 12:00 UTC: nothing appeared, nothing got worse, ", "container-privileged", "Not in the report:"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page != timelinePage(t, timeline(t, second, third, first)) {
		t.Error("the order of the files changes the page")
	}
}

// TestTimelineUnchecked: what a later audit could not see has not gone.
func TestTimelineUnchecked(t *testing.T) {
	after := audited(t, "a", 1, unsafe)
	after.Rules = slices.DeleteFunc(after.Rules, func(id string) bool { return id == "container-privileged" })
	after.Results = slices.DeleteFunc(after.Results, func(x rule.Result) bool { return x.Rule == "container-privileged" })
	step := timeline(t, audited(t, "a", 0, unsafe), after).Hosts[0].Steps[0]
	if len(step.Gone) != 0 || len(step.NotChecked) != 1 {
		t.Errorf("gone %v, not checked %v", step.Gone, step.NotChecked)
	}
}

// TestTimelineHosts: each host has a line, its newest audit counts, and each finding names
// its host.
func TestTimelineHosts(t *testing.T) {
	line := timeline(t, audited(t, "b", 5, safe), audited(t, "a", 0, safe), audited(t, "a", 1, unsafe))
	if len(line.Hosts) != 2 || line.Hosts[0].Name != "a" || line.Audits() != 3 {
		t.Fatalf("%+v", line.Hosts)
	}
	page := timelinePage(t, line)
	for _, want := range []string{"<title>Docker audits of 2 hosts</title>", `id="chart-hosts-t"`, "a: web", "b: web", "3 audits from 2026-11-01 12:00 UTC to 2026-11-06 12:00 UTC", "1 of 2 hosts has a known attack path"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	var text, md bytes.Buffer
	if err := report.TimelineText(&text, line, report.Style{Width: 120}); err != nil {
		t.Fatal(err)
	}
	if err := report.TimelineMarkdown(&md, line); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2 hosts, 3 audits", "container-privileged: web"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	if !strings.Contains(md.String(), "## Seawall: 3 audits of 2 hosts\n") || !strings.Contains(md.String(), "| a | 2 |") {
		t.Errorf("the comment:\n%s", md.String())
	}
}

// TestTimelineTwice: one audit given twice is no two audits.
func TestTimelineTwice(t *testing.T) {
	r := audited(t, "a", 0, safe)
	_, err := report.BuildTimeline([]*report.Report{audited(t, "b", 0, safe), r, r})
	var same *report.SameAuditError
	if !errors.As(err, &same) || *same != (report.SameAuditError{First: 1, Second: 2}) {
		t.Errorf("%v", err)
	}
	if _, err := report.BuildTimeline(nil); err == nil {
		t.Error("no audits make a timeline")
	}
}

// TestTimelineWarnings: what makes counts less than they seem is said.
func TestTimelineWarnings(t *testing.T) {
	before, after := audited(t, "a", 0, safe), audited(t, "a", 1, safe)
	after.Profile, after.Shown = "essential", &report.Filter{Severity: rule.High}
	if got := timeline(t, before, after).Warnings; len(got) != 2 {
		t.Errorf("%q", got)
	}
	if before.TakenAt.Sub(after.TakenAt) != -24*time.Hour {
		t.Error("the audits are not a day apart")
	}
}

// TestTimelineHostile: names of hosts and containers stay text.
func TestTimelineHostile(t *testing.T) {
	for _, name := range append([]string{"<script>alert(1)</script>", "\x1b[31m", "\u202egnp"}, nasty...) {
		a, b := audited(t, name, 0, safe), audited(t, name, 1, unsafe)
		page := timelinePage(t, timeline(t, a, b, audited(t, "other", 0, safe)))
		if strings.Contains(page, "<script>alert") || strings.ContainsAny(page, "\x1b\u202e") {
			t.Errorf("%q reaches the page", name)
		}
		var text bytes.Buffer
		if err := report.TimelineText(&text, timeline(t, a, b), report.Style{}); err != nil || strings.ContainsAny(text.String(), "\x1b\u202e") {
			t.Errorf("%q reaches the terminal (%v)", name, err)
		}
	}
}
