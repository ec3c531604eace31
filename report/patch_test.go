package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"seawall/drift"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// TestPatch: the changes that mend a finding are in JSON and SARIF, as their schemas say,
// and a report that is read again has them.
func TestPatch(t *testing.T) {
	r := sample(t)
	for i := range r.Results {
		if x := &r.Results[i]; x.Finding() {
			x.Patch = &rule.Patch{Safe: true, Edits: []string{"pid: without host", "read_only: true"}, Changes: []rule.TextChange{
				{File: "app/compose.yaml", StartLine: 3, StartColumn: 1, EndLine: 4, EndColumn: 1},
				{File: "app/compose.yaml", StartLine: 7, StartColumn: 5, EndLine: 7, EndColumn: 5, Text: "\n    read_only: true"},
				{File: "app/a b.yaml", StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 9, Text: "x"},
			}}
		}
	}
	validate(t, compile(t, "..", "docs", "schema", "report-1.json"), write(t, "json", r))
	sarif := write(t, "sarif", r)
	validate(t, compile(t, "testdata", "schema", "sarif-2.1.0.json"), sarif)
	if !strings.Contains(sarif, `"uri": "app/a%20b.yaml"`) || strings.Count(sarif, `"artifactChanges"`) != r.Coverage.Results.Fail {
		t.Errorf("%s", sarif)
	}
	again, err := report.Decode(strings.NewReader(write(t, "json", r)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range again.Results {
		if p := again.Results[i].Patch; again.Results[i].Finding() && (p == nil || len(p.Changes) != 3 || p.Changes[1].Text != "\n    read_only: true") {
			t.Errorf("%+v", p)
		}
	}
}

// sampleDrift has a service of each kind.
func sampleDrift() *report.Drift {
	return &report.Drift{Tool: "test", TakenAt: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), Projects: []report.DriftProject{{
		Name: "compose.yaml", Report: &drift.Report{Project: "shop", Engine: "unix:///run/docker.sock", Services: []drift.Result{
			{Service: "web", Status: drift.Changed, Container: "shop-web-1", Place: "compose.yaml:3:3", Changes: []drift.Change{
				{Fact: "Privileged", Declared: false, Running: true, Place: "compose.yaml:5:5"},
				{Fact: "Mounts", Declared: []snapshot.Mount{{Type: "volume", Volume: "data", Destination: "/data"}},
					Running: []snapshot.Mount{{Type: "volume", Volume: "data", Destination: "/data"}, {Type: "bind", Source: "/", Destination: "/host"}}, Place: "compose.yaml:6:5"},
				{Fact: "Labels", Declared: map[string]string{"a": "b", "c": "d"}, Running: map[string]string{"a": "x", "c": "d"}, Place: "compose.yaml:9:5"},
			}, Unknown: []drift.Gap{{Fact: "User", Why: "the image decides"}}},
			{Service: "db", Status: drift.Missing, Place: "compose.yaml:12:3"},
			{Service: "old", Status: drift.Extra, Container: "shop-old-1\x1b[31m"},
			{Service: "debug", Status: drift.Off, Place: "compose.yaml:15:3"},
			{Service: "app", Status: drift.Same, Container: "shop-app-1", Place: "compose.yaml:18:3"},
		}},
	}}}
}

// TestDrift: what differs is told in words and as the schema says.
func TestDrift(t *testing.T) {
	var out bytes.Buffer
	if err := report.DriftJSON(&out, sampleDrift()); err != nil {
		t.Fatal(err)
	}
	validate(t, compile(t, "..", "docs", "schema", "drift-1.json"), out.String())
	out.Reset()
	if err := report.DriftText(&out, sampleDrift(), report.Style{Width: 80, Verbose: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "drift.golden", out.String())
}
