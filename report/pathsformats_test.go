package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/report"
)

// eachPaths calls with the answers about all samples by all steps there are, as
// they are, with changes made, and where nothing may be changed.
func eachPaths(t *testing.T, visit func(*report.Paths)) {
	t.Helper()
	for _, ex := range pathSamples {
		visit(pathsOf(t, ex, steps.All(), attack.Question{}))
		visit(pathsOf(t, ex, steps.All(), attack.Question{Keep: func(attack.Change) bool { return true }}))
		visit(pathsOf(t, ex, steps.All(), attack.Question{Made: []attack.Change{{Kind: &attack.ChangeKind{ID: "x-y", Text: "Do {subject}", Weight: 2}, Subject: "web"}}}))
		visit(pathsOf(t, ex, steps.All(), attack.Question{From: func(attack.State) bool { return false }}))
	}
}

// TestPathsMatchSchemas: of any answer, also where names are nasty.
func TestPathsMatchSchemas(t *testing.T) {
	for format, schema := range map[string][]string{
		"json": {"..", "docs", "schema", "paths-1.json"}, "sarif": {"testdata", "schema", "sarif-2.1.0.json"}, "opengraph": {"testdata", "schema", "opengraph.json"},
	} {
		compiled := compile(t, schema...)
		eachPaths(t, func(p *report.Paths) { validate(t, compiled, writePaths(t, format, p, report.Style{})) })
		for _, text := range nasty {
			validate(t, compiled, writePaths(t, format, rename(samplePaths(t, "bad"), text), report.Style{}))
		}
	}
}

// TestPathsAssumed: of what is declared the assumptions are told, and a path is at the
// line that makes it.
func TestPathsAssumed(t *testing.T) {
	p := samplePaths(t, "bad")
	p.Assumed = []string{"The engine is <b>default</b>."}
	for i := range p.Engines {
		p.Engines[i].Declared, p.Engines[i].FoundBy = true, "app/compose.yaml"
	}
	for i := range p.Paths {
		for j := range p.Paths[i].Hops {
			if h := &p.Paths[i].Hops[j]; len(h.Evidence) > 0 {
				h.Evidence[0].Source = "app/compose.yaml:7:5"
			}
		}
	}
	validate(t, compile(t, "..", "docs", "schema", "paths-1.json"), writePaths(t, "json", p, report.Style{}))
	sarif := writePaths(t, "sarif", p, report.Style{})
	validate(t, compile(t, "testdata", "schema", "sarif-2.1.0.json"), sarif)
	for format, want := range map[string][]string{
		"text":     {"app/compose.yaml  ", "ASSUMED, FOR FILES DO NOT TELL\n  The engine is <b>default</b>.\n", "Compose:", "seawall paths app/compose.yaml --from "},
		"markdown": {"- The engine is \\<b\\>default\\</b\\>.\n"},
		"sarif":    {`"uri": "app/compose.yaml"`, `"startLine": 7`, "assumed: The engine is"},
	} {
		out := writePaths(t, format, p, report.Style{})
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s lacks %q:\n%s", format, w, out)
			}
		}
	}
}

// TestPathsSameBytes: same snapshot, same bytes.
func TestPathsSameBytes(t *testing.T) {
	for _, format := range report.PathsOutputNames() {
		for name := range pathSamples {
			first := writePaths(t, format, samplePaths(t, name), report.Style{})
			if second := writePaths(t, format, samplePaths(t, name), report.Style{}); first != second {
				t.Errorf("%s of %s differs", format, name)
			}
		}
	}
}

// TestPathsTextIsClean: a name chosen by an attacker cannot write to the terminal.
func TestPathsTextIsClean(t *testing.T) {
	for _, name := range []string{"bad", "unknown", "many"} {
		for _, verbose := range []bool{false, true} {
			if out := writePaths(t, "text", rename(samplePaths(t, name), "a\x1b[31mb\x00\u202e\u2028\n"), report.Style{Verbose: verbose}); strings.ContainsAny(out, "\x1b\x00\u202e\u2028") {
				t.Errorf("control characters of %s reach the terminal", name)
			}
		}
	}
}

// The lines that a drawing of Mermaid is made of.
var mermaidLine = regexp.MustCompile(`^(flowchart LR|  (n[0-9]+|more|none)(\(\["[^"` + "`" + `<>|]*"\]\)|\[\["[^"` + "`" + `<>|]*"\]\]|\["[^"` + "`" + `<>|]*"\])|  j[0-9]+\(\(and\)\)|  [nj][0-9]+ (-->|-\.->)(\|"[^"` + "`" + `<>|]*"\|)? [nj][0-9]+|  classDef (entry|target) [a-z0-9:#,]+|  class n[0-9]+ (entry|target))$`)

// The lines that a drawing of Graphviz is made of.
var dotLine = regexp.MustCompile(`^(digraph paths \{|\}|  (rankdir=LR|label=` + dotQuoted + `|node \[.*\]|edge \[.*\]|` + dotQuoted + `( -> ` + dotQuoted + `)? \[label=` + dotQuoted + `(, tooltip=` + dotQuoted + `)?(, (shape|fillcolor|peripheries|style|fontsize)=[a-z0-9"#]+)*\]);)$`)

const dotQuoted = `"([^"\\]|\\["\\])*"`

// TestDrawingsHold: nothing that a name says becomes a part of the drawing.
func TestDrawingsHold(t *testing.T) {
	check := func(p *report.Paths) {
		for format, line := range map[string]*regexp.Regexp{"mermaid": mermaidLine, "dot": dotLine} {
			for got := range strings.Lines(writePaths(t, format, p, report.Style{})) {
				if got = strings.TrimSuffix(got, "\n"); !line.MatchString(got) {
					t.Errorf("%s: %q", format, got)
				}
			}
		}
	}
	eachPaths(t, check)
	for _, text := range nasty {
		check(rename(samplePaths(t, "bad"), text))
		check(rename(samplePaths(t, "unknown"), text))
	}
}

// TestMermaidIsBounded: a drawing that nobody could read leaves paths out, and says
// so.
func TestMermaidIsBounded(t *testing.T) {
	p := samplePaths(t, "bad")
	path := p.Paths[0]
	for i := range 200 {
		id := fmt.Sprintf("container:c%d", i)
		p.States = append(p.States, report.PathState{ID: id, Kind: attack.Container, Name: strings.Repeat("long ", 50)})
		next := path
		next.From, next.Hops = []string{id}, slices.Clone(path.Hops)
		next.Hops[0].From = []string{id}
		p.Paths = append(p.Paths, next)
	}
	out := writePaths(t, "mermaid", p, report.Style{})
	if nodes := strings.Count(out, `["`); nodes > 60 || utf8.RuneCountInString(out) > 50_000 || !strings.Contains(out, `["and 1`) {
		t.Errorf("%d nodes, %d characters:\n%s", nodes, utf8.RuneCountInString(out), out)
	}
}

// joined is an answer with a move that takes two states.
func joined(t *testing.T) *report.Paths {
	p := samplePaths(t, "bad")
	both := []string{"container:ci", "user:alice"}
	p.Paths[0].From, p.Paths[0].Hops[0].From = both, both
	p.Graph().Edges[0].From = both
	return p
}

// TestJointMoves: a move that takes several states is drawn as one.
func TestJointMoves(t *testing.T) {
	for format, want := range map[string][]string{
		"text": {"together with", "it takes all of: code in container ci; user alice"}, "mermaid": {"((and))"}, "dot": {`label="and"`},
		"opengraph": {`"joint": true`, `"with": [`}, "markdown": {"together with"}, "sarif": {"together with"},
	} {
		out := strings.Join(strings.Fields(writePaths(t, format, joined(t), report.Style{})), " ")
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s has no %q", format, w)
			}
		}
	}
}

// mdTag is what a Markdown report has of HTML.
var mdTag = regexp.MustCompile("<[a-z/!]")

// TestPathsMarkdownHolds: no name becomes markup or a mention, and a comment is not
// too long.
func TestPathsMarkdownHolds(t *testing.T) {
	tags := func(text string) int { return len(mdTag.FindAllString(strings.ReplaceAll(text, `\<`, ""), -1)) }
	want := tags(withoutCode(writePaths(t, "markdown", rename(samplePaths(t, "bad"), "plain"), report.Style{})))
	for _, text := range nasty {
		out := writePaths(t, "markdown", rename(samplePaths(t, "bad"), text), report.Style{})
		if n := utf8.RuneCountInString(out); n > 65_536 {
			t.Errorf("%q: %d characters", text, n)
		}
		if bare := withoutCode(out); len(text) < 1000 && tags(bare) != want || strings.Contains(bare, "@octocat") || strings.Contains(bare, "https://") {
			t.Errorf("%q: %d tags, want %d", text, tags(bare), want)
		}
	}
}

// withoutCode leaves out code spans and blocks: each ends with as many backticks as
// it began with.
func withoutCode(md string) string {
	var b strings.Builder
	open := 0
	for len(md) > 0 {
		n := len(md) - len(strings.TrimLeft(md, "`"))
		switch {
		case n > 0 && open == 0:
			open = n
		case n > 0 && n == open:
			open = 0
		case n == 0:
			n = 1
			if md[0] == '\\' && open == 0 && len(md) > 1 {
				n = 2
			}
			if open == 0 {
				b.WriteString(md[:n])
			}
		}
		md = md[n:]
	}
	return b.String()
}

// TestActsAsUser: whoever took an account over does what its user may do, which is
// no step that could be explained or ended.
func TestActsAsUser(t *testing.T) {
	p := samplePaths(t, "bad")
	p.States = append(p.States, report.PathState{ID: "account:alice", Kind: attack.Account, Name: "the account of alice"})
	p.Paths = []report.Path{{From: []string{"account:alice"}, To: "user:alice", Hops: []report.PathHop{{
		Step: attack.TakenOverID, Title: "Act as the user", From: []string{"account:alice"}, To: "user:alice", Ends: []report.PathChange{},
	}}}}
	for format, schema := range map[string]string{"json": "../docs/schema/paths-1.json", "sarif": "testdata/schema/sarif-2.1.0.json"} {
		validate(t, compile(t, schema), writePaths(t, format, p, report.Style{}))
	}
	if out := writePaths(t, "text", p, report.Style{}); !strings.Contains(out, "the account of alice → user alice (effort 0)") {
		t.Error(out)
	}
}

// TestPathsSinceBaseline: what is new and gone is told, and fits the schema.
func TestPathsSinceBaseline(t *testing.T) {
	p := samplePaths(t, "bad")
	p.CompareWith(samplePaths(t, "many"), func(string, string) bool { return true })
	validate(t, compile(t, "..", "docs", "schema", "paths-1.json"), writePaths(t, "json", p, report.Style{}))
	if out := writePaths(t, "text", p, report.Style{}); !strings.Contains(out, "  new:  container:ci → host-root, effort 1\n") || !strings.Contains(out, "  gone: container:worker-12 → host-root\n") {
		t.Error(out)
	}
	if out := writePaths(t, "markdown", p, report.Style{}); !strings.Contains(out, "- new: `container:ci` → `host-root`, effort 1\n") {
		t.Error(out)
	}
}

// TestDocsNameFormats: the table in the documentation is that of the program.
func TestDocsNameFormats(t *testing.T) {
	text, err := os.ReadFile("../docs/paths.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range report.PathsOutputs() {
		if line := "| `" + o.Name + "` | " + o.About + " |\n"; !strings.Contains(string(text), line) {
			t.Errorf("docs/paths.md does not have %q", line)
		}
	}
}

// TestPathsSARIFForGitHub: each result has a rule, a fingerprint of its own, and the
// moves of its path.
func TestPathsSARIFForGitHub(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID       string
				RuleIndex    int
				Level        string
				Fingerprints map[string]string `json:"partialFingerprints"`
				CodeFlows    []struct {
					ThreadFlows []struct{ Locations []any }
				}
			}
		}
	}
	p := samplePaths(t, "bad")
	if err := json.Unmarshal([]byte(writePaths(t, "sarif", p, report.Style{})), &log); err != nil {
		t.Fatal(err)
	}
	run, seen := log.Runs[0], map[string]bool{}
	if len(run.Results) != len(p.Paths) {
		t.Errorf("%d results of %d paths", len(run.Results), len(p.Paths))
	}
	for i, r := range run.Results {
		print := r.Fingerprints["primaryLocationLineHash"]
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || print == "" || seen[print] || len(r.CodeFlows[0].ThreadFlows[0].Locations) != len(p.Paths[i].From)+len(p.Paths[i].Hops) {
			t.Errorf("result %+v", r)
		}
		seen[print] = true
	}
}
