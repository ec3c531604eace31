package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

var update = flag.Bool("update", false, "write the golden files")

// sample is a report about a host with 30 plain containers, a bad one, a
// waiver, and a fact that could not be read.
func sample(t testing.TB) *report.Report {
	t.Helper()
	s, waivers := sampleSnapshot(t)
	byDefault, err := rule.LookupProfile(rule.DefaultProfile)
	if err != nil {
		t.Fatal(err)
	}
	selected := slices.DeleteFunc(rules.Book().Select(byDefault), func(r *rule.Rule) bool { return r.Observed }) // nothing was watched
	results := rule.Evaluate(s, selected)
	warnings := waivers.Apply(results, s.TakenAt)
	return report.Build("test", byDefault.Name, s, selected, results, warnings)
}

// sampleSnapshot is what the sample report is about.
func sampleSnapshot(t testing.TB) (*snapshot.Snapshot, rule.Waivers) {
	t.Helper()
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("docker run -d --name app-%02d --network shop shop/app:1.4 serve", i))
	}
	lines = append(lines, "docker run -d --name ci --privileged -v /var/run/docker.sock:/var/run/docker.sock ci/agent:2 run")
	s, err := trial.Load(rule.Example{Run: strings.Join(lines, "\n"), Facts: func(s *snapshot.Snapshot) {
		s.Engines[0].Settings.UserlandProxy = snapshot.Lost[bool](snapshot.Gap{
			Reason: snapshot.ReasonPermission, Detail: "open /etc/docker/daemon.json: permission denied", Remedy: "run as root",
		}, snapshot.At("userland-proxy", "/etc/docker/daemon.json"))
	}})
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := rule.ParseWaivers("waivers.yaml", []byte("waivers:\n  - {rule: container-privileged, subject: ci, reason: builds images, owner: ops, until: 2026-12-31}\n"),
		func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return s, waivers
}

func text(t *testing.T, r *report.Report, style report.Style) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, r, style, rules.Book().Lookup); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); 'go test ./report -update' writes it anew:\n%s", path, diff)
	}
}

func TestTextGolden(t *testing.T) {
	r := sample(t)
	for _, width := range []int{80, 120} {
		golden(t, fmt.Sprintf("report-%d.txt", width), text(t, r, report.Style{Width: width}))
	}
}

// TestTextFits: no line is wider than the terminal, but for words that must
// stay whole to be copied.
func TestTextFits(t *testing.T) {
	r := sample(t)
	for _, width := range []int{60, 80, 120} {
		for line := range strings.Lines(text(t, r, report.Style{Width: width})) {
			line = strings.TrimRight(line, "\n")
			if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 3 && !strings.HasPrefix(line, "    ") {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

// TestSameFaultIsOneEntry: 30 containers with one fault are one entry that
// names them, not 30 entries.
func TestSameFaultIsOneEntry(t *testing.T) {
	out := text(t, sample(t), report.Style{Width: 80})
	if n := strings.Count(out, "container-no-memory-limit"); n != 1 {
		t.Errorf("the rule is named %d times", n)
	}
	verbose := text(t, sample(t), report.Style{Width: 80, Verbose: true})
	for i := range 30 {
		if !strings.Contains(verbose, fmt.Sprintf("app-%02d", i)) {
			t.Errorf("--verbose does not name app-%02d", i)
		}
	}
}

// TestTextNeutralizesControlCharacters: a name chosen by an attacker cannot
// write to the terminal.
func TestTextNeutralizesControlCharacters(t *testing.T) {
	r := sample(t)
	for i := range r.Results {
		r.Results[i].Subject.Name += "\x1b[2J\u202e"
		r.Results[i].Message += "\x1b]0;owned\x07"
		for j := range r.Results[i].Evidence {
			r.Results[i].Evidence[j].Value = "\x1b[31m"
		}
	}
	for _, verbose := range []bool{false, true} {
		if out := text(t, r, report.Style{Width: 80, Verbose: verbose}); strings.ContainsAny(out, "\x1b\x07\u202e") {
			t.Error("control characters reach the terminal")
		}
	}
}

func TestJSONMatchesSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "docs", "schema", "report-1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.JSON(&b, sample(t)); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
}

func TestFilterChangesNoCount(t *testing.T) {
	r := sample(t)
	before := r.Coverage
	report.Filter{Severity: rule.Critical, Subjects: []string{"container"}}.Apply(r)
	if diff := cmp.Diff(before, r.Coverage); diff != "" {
		t.Errorf("coverage (-before +after):\n%s", diff)
	}
	for _, x := range r.Results {
		if x.Severity < rule.Critical || x.Subject.Kind != rule.KindContainer {
			t.Errorf("shown: %s %s on %v", x.Severity, x.Rule, x.Subject)
		}
	}
}

func TestWaivedIsReportedAndDoesNotCount(t *testing.T) {
	r := sample(t)
	if r.Coverage.Results.Waived != 1 {
		t.Errorf("%d waived, want 1", r.Coverage.Results.Waived)
	}
	if out := text(t, r, report.Style{Width: 80}); !strings.Contains(out, "until 2026-12-31, builds images (ops)") {
		t.Error("the waiver is not shown")
	}
	if r.TakenAt.After(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Fatal("the sample is younger than its waiver")
	}
}
