package report_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"seawall/lab/recorded"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/snapshot"
)

// shopFile is the recorded host of package matrix: its README tells of it.
const shopFile = "../reach/matrix/testdata/shop.json.gz"

// shopReach is who reaches what there, between sources and targets of these names.
func shopReach(t testing.TB, from, to string) *report.Reach {
	t.Helper()
	s := recorded.Snapshot(t, shopFile)
	return report.BuildReach("test", s, matrix.Of(s).Narrow(from, to), from, to, false)
}

func reachText(t testing.TB, r *report.Reach, style report.Style) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.ReachText(&b, r, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func reachJSON(t testing.TB, r *report.Reach) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.ReachJSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReachGolden(t *testing.T) {
	whole := shopReach(t, "", "")
	for _, width := range []int{80, 120} {
		golden(t, fmt.Sprintf("reach-%d.txt", width), reachText(t, whole, report.Style{Width: width}))
	}
	golden(t, "reach-walk-80.txt", reachText(t, shopReach(t, "internet", "web:80"), report.Style{Width: 80}))
	golden(t, "reach.json", reachJSON(t, shopReach(t, "web", "api")))
}

// TestReadmeShowsReach: the grid in the README is that of the recorded host.
func TestReadmeShowsReach(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(reachText(t, shopReach(t, "", ""), report.Style{Width: 80}), "WHO REACHES WHAT")
	grid, _, _ := strings.Cut(rest, "\nTHE HOST'S FIREWALL")
	if !strings.Contains(string(readme), grid) {
		t.Errorf("the README does not show\n%s", grid)
	}
}

func TestReachJSONMatchesSchema(t *testing.T) {
	schema := compile(t, "..", "docs", "schema", "reach-1.json")
	for _, names := range [][2]string{{"", ""}, {"web", "api"}, {"internet", ""}} {
		r := shopReach(t, names[0], names[1])
		validate(t, schema, reachJSON(t, r))
		probe(r)
		validate(t, schema, reachJSON(t, r))
	}
	empty := &snapshot.Snapshot{Net: []snapshot.NetSpace{{Namespace: 1}}}
	validate(t, schema, reachJSON(t, report.BuildReach("test", empty, matrix.Of(empty), "", "", false)))
}

// TestReachIsStable: same snapshot, same bytes.
func TestReachIsStable(t *testing.T) {
	first := reachJSON(t, shopReach(t, "", ""))
	for range 5 {
		if reachJSON(t, shopReach(t, "", "")) != first {
			t.Fatal("two answers from one snapshot differ")
		}
	}
}

func TestReachFits(t *testing.T) {
	for _, width := range []int{70, 80, 120} {
		for _, verbose := range []bool{false, true} {
			for line := range strings.Lines(reachText(t, many(shopReach(t, "", "")), report.Style{Width: width, Verbose: verbose})) {
				line = strings.TrimRight(line, "\n")
				if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 1 {
					t.Errorf("width %d: %q", width, line)
				}
			}
		}
	}
}

// many adds 40 ports of containers that nobody reaches.
func many(r *report.Reach) *report.Reach {
	out := *r
	out.Cells = nil
	for i := range r.Sources {
		out.Cells = append(out.Cells, r.Cells[i*len(r.Targets):(i+1)*len(r.Targets)]...)
		for range 40 {
			out.Cells = append(out.Cells, report.ReachCell{Verdict: filter.Blocked, Why: "no way"})
		}
	}
	out.Targets = slices.Clone(r.Targets)
	for i := range 40 {
		name := fmt.Sprintf("job-%02d", i)
		out.Targets = append(out.Targets, report.ReachTarget{Kind: matrix.Port, Name: name + " 80/tcp", Port: 80, Protocol: "tcp", Members: []report.ReachMember{{Name: name}}})
	}
	return &out
}

// TestReachFolds: of many targets, those that the same sources reach share a
// column; with --verbose each has its own.
func TestReachFolds(t *testing.T) {
	r := many(shopReach(t, "", ""))
	if out := reachText(t, r, report.Style{Width: 80}); !strings.Contains(out, "more (the same reach them") || strings.Contains(out, "job-30") {
		t.Errorf("not folded:\n%s", out)
	}
	verbose := reachText(t, r, report.Style{Width: 80, Verbose: true})
	for i := range 40 {
		if !strings.Contains(verbose, fmt.Sprintf("job-%02d 80/tcp", i)) {
			t.Errorf("--verbose does not name job-%02d", i)
		}
	}
}

// probe adds to each best way a probe that opened the connection.
func probe(r *report.Reach) {
	for i := range r.Cells {
		if ways := r.Cells[i].Ways; len(ways) > 0 {
			ways[0].Probes = []report.ReachProbe{{From: "web", Address: ways[0].To, Outcome: "opened", Service: "tls", Disagrees: ways[0].Verdict == filter.Blocked}}
		}
	}
}

// TestReachShowsProbes beside what was predicted, and where they disagree.
func TestReachShowsProbes(t *testing.T) {
	r := shopReach(t, "", "")
	if out := reachText(t, r, report.Style{}); strings.Contains(out, "probed") {
		t.Error("probes without any")
	}
	probe(r)
	out := strings.Join(strings.Fields(reachText(t, r, report.Style{Width: 80})), " ")
	for _, want := range []string{"probed: opened from web", "NOT AS PREDICTED", " *. ", "PREDICTED AND PROBED DISAGREE in "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestProbesAreComparedWithPredictions: what was opened is open, whatever was
// predicted, and is said to have been predicted otherwise.
func TestProbesAreComparedWithPredictions(t *testing.T) {
	s := recorded.Snapshot(t, shopFile)
	m := matrix.Of(s).Narrow("192.0.2.0/24", "admin:9000")
	way := &m.Cells[0][0].Ways[0]
	way.Predicted, way.Verdict, m.Cells[0][0].Verdict = filter.Blocked, filter.Open, filter.Open
	way.Probes = []matrix.Probe{{From: "x", NetProbe: &snapshot.NetProbe{Outcome: "opened"}}, {From: "y", NetProbe: &snapshot.NetProbe{Outcome: "timeout"}}}
	r := report.BuildReach("test", s, m, "", "", false)
	if got := r.Cells[0].Ways[0]; got.Predicted != filter.Blocked || !got.Probes[0].Disagrees || got.Probes[1].Disagrees {
		t.Errorf("%+v", got)
	}
	if out := reachText(t, r, report.Style{Width: 200}); !strings.Contains(out, "it opened when it was tried; predicted blocked: ") {
		t.Error(out)
	}
}

// TestReachNeutralizesControlCharacters: a name chosen by an attacker cannot
// write to the terminal.
func TestReachNeutralizesControlCharacters(t *testing.T) {
	const bad = "\x1b[2J\u202e\n"
	for _, names := range [][2]string{{"", ""}, {"web", "api"}} {
		r := shopReach(t, names[0], names[1])
		for i := range r.Sources {
			r.Sources[i].Name += bad
			r.Sources[i].Networks = append(r.Sources[i].Networks, bad)
			r.Sources[i].Members = append(r.Sources[i].Members, report.ReachMember{Name: bad})
		}
		for i := range r.Targets {
			r.Targets[i].Name += bad
			r.Targets[i].Stranger += bad
		}
		for i := range r.Cells {
			for j := range r.Cells[i].Ways {
				w := &r.Cells[i].Ways[j]
				w.Why, w.By = bad, &report.ReachStep{Kind: "rule", Text: bad}
				w.Hops = append(w.Hops, report.ReachHop{Space: bad, In: bad, Trail: []report.ReachStep{{Kind: "rule", Text: bad, Effect: bad}}})
				w.Probes = []report.ReachProbe{{From: bad, Outcome: bad}}
			}
		}
		for i := range r.Policies {
			r.Policies[i].Words, r.Policies[i].Rule = bad, &report.ReachStep{Kind: "rule", Text: bad + bad}
		}
		for i := range r.Remedies {
			r.Remedies[i] = report.ReachRemedy{ID: i + 1, Setting: bad, Commands: []string{bad, "x " + bad}, Breaks: bad, Elsewhere: []string{bad}}
		}
		r.Gaps = append(r.Gaps, report.ReachGap{What: bad, Gap: snapshot.Gap{Detail: bad}})
		for _, verbose := range []bool{false, true} {
			out := reachText(t, r, report.Style{Width: 80, Verbose: verbose})
			if strings.ContainsAny(out, "\x1b\u202e") {
				t.Error("control characters reach the terminal")
			}
		}
	}
}
