package report_test

import (
	"bytes"
	"strings"
	"testing"

	"seawall/report"
	"seawall/rule"
)

// changed is a difference of every kind.
func changed(t *testing.T) *report.Diff {
	t.Helper()
	before := judged(t, privilegedWeb+"\ndocker run --name old nginx:1", nil)
	after := judged(t, privilegedWeb+" -v /:/host\ndocker run --name ci -v /run/docker.sock:/run/docker.sock nginx:1", rootless)
	after.Rules = after.Rules[:len(after.Rules)-1]
	after.TakenAt = after.TakenAt.AddDate(0, 0, 7)
	return report.NewDiff(before, after)
}

func TestDiffMatchesSchema(t *testing.T) {
	var out bytes.Buffer
	if err := report.DiffJSON(&out, changed(t)); err != nil {
		t.Fatal(err)
	}
	validate(t, compile(t, "..", "docs", "schema", "diff-1.json"), out.String())
	for _, change := range []report.Change{report.Appeared, report.Gone, report.GotBetter} {
		if !strings.Contains(out.String(), `"change": "`+string(change)+`"`) {
			t.Errorf("no difference is %q", change)
		}
	}
}

func TestDiffFits(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var out bytes.Buffer
		if err := report.DiffText(&out, changed(t), report.Style{Width: 80, Verbose: verbose}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

// TestDiffWorst: what is new or worse decides, not what was there or got better.
func TestDiffWorst(t *testing.T) {
	quiet, bad := judged(t, plainWeb, nil), judged(t, privilegedWeb, nil)
	confined := judged(t, privilegedWeb, rootless)
	for _, tt := range []struct {
		name          string
		before, after *report.Report
		want          rule.Severity
	}{
		{"new", quiet, bad, rule.Critical},
		{"a smaller fault shows where a larger one is gone", bad, quiet, rule.Low},
		{"the same", bad, bad, 0},
		{"worse", confined, bad, rule.Critical},
	} {
		if got := report.NewDiff(tt.before, tt.after).Worst(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestDiffWarnings(t *testing.T) {
	a, b := judged(t, plainWeb, nil), judged(t, plainWeb, nil)
	b.Host.Name, b.Shown, b.TakenAt = "other", &report.Filter{}, a.TakenAt.AddDate(0, 0, -1)
	got := strings.Join(report.NewDiff(a, b).Warnings, "\n")
	for _, want := range []string{"two hosts", "a part of its results", "younger"} {
		if !strings.Contains(got, want) {
			t.Errorf("no warning of %q in %q", want, got)
		}
	}
	if w := report.NewDiff(a, a).Warnings; len(w) != 0 {
		t.Errorf("warnings %q of one report", w)
	}
}
