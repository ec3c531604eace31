package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

// judged is the report on the containers of docker run lines.
func judged(t testing.TB, run string, change func(*snapshot.Snapshot)) *report.Report {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run, Facts: change})
	if err != nil {
		t.Fatal(err)
	}
	book := rules.Book().Rules()
	return report.Build("test", "all", s, book, rule.Evaluate(s, book), nil)
}

// list is what a comparison says of a rule, one line a difference.
func list(c *report.Comparison, id string) string {
	var lines []string
	for _, part := range [][]report.Difference{c.New, c.Gone, c.Changed, c.NotChecked} {
		for _, d := range part {
			if d.Result().Rule == id {
				lines = append(lines, fmt.Sprintf("%s %s (%s)", d.Change, d.Result().Subject.Name, d.Why))
			}
		}
	}
	return strings.Join(lines, "\n")
}

const (
	plainWeb      = "docker run --name web nginx:1"
	privilegedWeb = "docker run --name web --privileged nginx:1"
)

func rootless(s *snapshot.Snapshot) {
	s.Engines[0].Settings.Rootless = snapshot.See(true, snapshot.At("rootless", "test"))
}

func noContainers(s *snapshot.Snapshot) {
	s.Engines[0].Containers = snapshot.Lost[[]snapshot.Container](snapshot.Gap{Reason: snapshot.ReasonTimeout, Detail: "no answer"}, snapshot.At("containers", "test"))
}

func noAnswer(s *snapshot.Snapshot) {
	e := &s.Engines[0]
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "permission denied"}
	*e = snapshot.Engine{Name: e.Name, Kind: e.Kind, Local: true, API: snapshot.Lost[snapshot.API](gap, snapshot.At("api", "test")),
		Containers: snapshot.Lost[[]snapshot.Container](gap, snapshot.At("containers", "test"))}
}

func otherEngine(s *snapshot.Snapshot) { s.Engines[0].Name = "unix:///run/user/7/docker.sock" }

func unreadable(s *snapshot.Snapshot) {
	list, _ := s.Engines[0].Containers.Peek()
	list[0].Privileged = snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: "no such field"}, snapshot.At("Privileged", "test"))
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		was, is       func(*snapshot.Snapshot)
		want          string
	}{
		{"nothing", privilegedWeb, privilegedWeb, nil, nil, ""},
		{"appears", plainWeb, privilegedWeb, nil, nil, "new web ()"},
		{"appears with its container", "", privilegedWeb, nil, nil, "new web ()"},
		{"was not checked", plainWeb, privilegedWeb, unreadable, nil, "new web (was not checked)"},
		{"could not be listed", plainWeb, privilegedWeb, noContainers, nil, "new web (not every container could be listed)"},
		{"mended", privilegedWeb, plainWeb, nil, nil, "gone web (passes: it is not privileged)"},
		{"removed", privilegedWeb, "", nil, nil, "gone web (the container is not there any more)"},
		{"worse", privilegedWeb, privilegedWeb, rootless, nil, "worse web (medium → critical)"},
		{"better", privilegedWeb, privilegedWeb, nil, rootless, "better web (critical → medium)"},
		{"not readable any more", privilegedWeb, plainWeb, nil, unreadable, "not-checked web (could not read Privileged: no such field)"},
		{"list not readable any more", privilegedWeb, plainWeb, nil, noContainers, "not-checked web (not every container could be listed)"},
		{"engine not readable any more", privilegedWeb, "", nil, noAnswer, "not-checked web (the engine unix:///run/docker.sock could not be read: permission denied)"},
		{"engine not looked at", privilegedWeb, "", nil, otherEngine, "not-checked web (the engine unix:///run/docker.sock was not looked at)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := report.Compare(judged(t, tt.before, tt.was), judged(t, tt.after, tt.is))
			if got := list(c, "container-privileged"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestCompareParts: what a report leaves out is not called gone.
func TestCompareParts(t *testing.T) {
	before := judged(t, privilegedWeb, nil)
	filtered := judged(t, "", nil)
	report.Filter{Severity: rule.Critical}.Apply(filtered)
	if got := list(report.Compare(before, filtered), "container-privileged"); got != "not-checked web (the report shows a part of the results only)" {
		t.Error(got)
	}
	narrow := judged(t, "", nil)
	narrow.Rules = []string{"engine-socket-mounted"}
	if got := list(report.Compare(before, narrow), "container-privileged"); got != "not-checked web (the rule was not asked)" {
		t.Error(got)
	}
}

// TestCompareWaived: a waiver that came is a change, one that went makes the
// finding new.
func TestCompareWaived(t *testing.T) {
	plain, waived := judged(t, privilegedWeb, nil), judged(t, privilegedWeb, nil)
	for i := range waived.Results {
		if x := &waived.Results[i]; x.Rule == "container-privileged" {
			x.Waived = &rule.Waiver{Rule: x.Rule, Reason: "x", Until: "2026-12-31"}
		}
	}
	if got := list(report.Compare(plain, waived), "container-privileged"); got != "waived web (waived until 2026-12-31)" {
		t.Error(got)
	}
	if got := list(report.Compare(waived, plain), "container-privileged"); got != "new web (was waived until 2026-12-31)" {
		t.Error(got)
	}
	if got := list(report.Compare(waived, waived), "container-privileged"); got != "" {
		t.Error(got)
	}
}

// TestCompareFacts: another fact behind the same finding is a change; the number
// of a process is none.
func TestCompareFacts(t *testing.T) {
	mount := func(path string) string { return "docker run --name web -v " + path + ":/x nginx:1" }
	if got := list(report.Compare(judged(t, mount("/etc"), nil), judged(t, mount("/root"), nil)), "container-sensitive-mount"); !strings.HasPrefix(got, "evidence web (was: ") {
		t.Error(got)
	}
	pid := func(n int) *report.Report {
		r := judged(t, privilegedWeb, nil)
		for i := range r.Results {
			r.Results[i].Evidence = append(r.Results[i].Evidence, rule.Evidence{Fact: "process", Value: snapshot.Holder{PID: n, Executable: "x"}, Source: fmt.Sprintf("/proc/%d", n)})
		}
		return r
	}
	if c := report.Compare(pid(1), pid(2)); len(c.Changed) > 0 {
		t.Errorf("changed: %+v", c.Changed[0])
	}
}

// TestReportReadsBack: a report that was written and read is the same report.
func TestReportReadsBack(t *testing.T) {
	r := sample(t)
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	back, err := report.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	// The fields of evidence are in another order, for they are read as maps.
	var first, second any
	if err := errors.Join(json.Unmarshal([]byte(write(t, "json", r)), &first), json.Unmarshal([]byte(write(t, "json", back)), &second)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the report that was read (-written +read):\n%s", diff)
	}
	if c := report.Compare(r, back); len(c.New)+len(c.Gone)+len(c.Changed)+len(c.NotChecked) > 0 {
		t.Errorf("it differs from itself: %+v", c)
	}
}

// TestBaseline: known findings do not count; new and worse ones do.
func TestBaseline(t *testing.T) {
	r := judged(t, privilegedWeb+"\ndocker run --name ci -v /var/run/docker.sock:/s ci:1", nil)
	r.CompareWith(judged(t, privilegedWeb, nil))
	for i := range r.Results {
		x := &r.Results[i]
		want := rule.Since("")
		if x.Verdict == rule.Failed {
			want = rule.Known
			if x.Subject.Name == "ci" || x.Subject.Name == "ci:1" {
				want = rule.New
			}
		}
		if x.Since != want {
			t.Errorf("%s on %s is %q, want %q", x.Rule, x.Subject.Name, x.Since, want)
		}
	}
	if r.Worst() != rule.Critical || r.Baseline.Findings["critical"] != 1 {
		t.Errorf("%+v", r.Baseline)
	}
	same := judged(t, privilegedWeb, nil)
	same.CompareWith(judged(t, privilegedWeb, nil))
	if same.Worst() != 0 || same.Baseline.New != 0 || same.Baseline.Known == 0 {
		t.Errorf("an audit like its baseline: worst %s, %+v", same.Worst(), same.Baseline)
	}
	validate(t, compile(t, "..", "docs", "schema", "report-1.json"), write(t, "json", r))
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format": "seawall.report/1", "results": []}`))
	f.Add([]byte(write(f, "json", short(f))))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Decode(bytes.NewReader(data))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		for _, format := range report.OutputNames() {
			write(t, format, r)
		}
		c := report.Compare(r, r)
		if len(c.New)+len(c.Gone)+len(c.Changed)+len(c.NotChecked) > 0 {
			t.Errorf("a report differs from itself: %+v", c)
		}
	})
}
