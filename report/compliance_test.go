package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seawall/compliance"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
)

// benchmarked is the sample set against a benchmark.
func benchmarked(t *testing.T, profile string) *report.Report {
	t.Helper()
	p, err := rule.LookupProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	s, waivers := sampleSnapshot(t)
	selected := rules.Book().Select(p)
	results := rule.Evaluate(s, selected)
	warnings := waivers.Apply(results, s.TakenAt)
	r := report.Build("test", profile, s, selected, results, warnings)
	r.Compliance = compliance.Set(p.Benchmark, compliance.Audit{Snapshot: s, Book: rules.Book().Rules(), Asked: selected, Results: results})
	return r
}

// table is the part of a report that is about a benchmark.
func table(t *testing.T, r *report.Report, style report.Style) string {
	t.Helper()
	_, out, found := strings.Cut(text(t, r, style), "CIS DOCKER BENCHMARK")
	if !found {
		t.Fatal("the report has no table")
	}
	return "CIS DOCKER BENCHMARK" + out
}

func TestComplianceGolden(t *testing.T) {
	golden(t, "compliance-80.txt", table(t, benchmarked(t, "cis-1.8"), report.Style{Width: 80}))
	golden(t, "compliance-l1-80.txt", table(t, benchmarked(t, "cis-1.6-l1"), report.Style{Width: 80, Verbose: true}))
}

// TestComplianceFits: the table keeps to the width.
func TestComplianceFits(t *testing.T) {
	for _, width := range []int{80, 120} {
		for line := range strings.Lines(table(t, benchmarked(t, "cis-1.8"), report.Style{Width: width})) {
			if line = strings.TrimRight(line, "\n"); utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 1 {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

// TestComplianceJSON: the table is part of the JSON report as its schema
// describes it, is read back as it was, and is nowhere without a benchmark.
func TestComplianceJSON(t *testing.T) {
	r := benchmarked(t, "cis-1.8")
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	validate(t, compile(t, "..", "docs", "schema", "report-1.json"), b.String())
	var back report.Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plainJSON(t, r), b.String()); diff != "" {
		t.Errorf("(-encoding/json +report.JSON):\n%s", diff)
	}
	if diff := cmp.Diff(r.Compliance.Counts, back.Compliance.Counts); diff != "" {
		t.Errorf("counts (-written +read):\n%s", diff)
	}
	b.Reset()
	if err := report.JSON(&b, sample(t)); err != nil || strings.Contains(b.String(), `"compliance"`) {
		t.Errorf("a report without a benchmark has a table, or %v", err)
	}
}
