package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

// nasty are names that a format, a terminal, a browser or a spreadsheet may trip over.
var nasty = []string{
	"plain", "", strings.Repeat("long ", 3000), strings.Repeat("l", 4000),
	// Terminals: colours, titles, links, the clipboard; C1 controls; what ends a line.
	"a\x1b[31mb\x00", "\x1b]0;owned\x07", "\x1b]8;;https://x.example\x1b\\click\x1b]8;;\x1b\\", "\x1b]52;c;cm0gLXJm\x07", "\x9b2J\u009b2J\u0085", "two\nlines\r\x08\x7f\v\f", "\t tab",
	// Writing that runs the other way, and what is not seen.
	"\u202egnp.exe\u202c", "\u2066a\u2067b\u2068c\u2069", "\u200e\u200f\u061c", "sea\u200bwall\u2060\ufeff\u00ad\u180e", "tag\U000e0041\U000e007f", "\u2028\u2029", "\u115f\u3164\uffa0\u034f", "שלום עולם",
	"\xff\xfe", "\xed\xa0\x80", "\xc0\xaf",
	// Spreadsheets.
	"=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1", "a\",=1", "a;=1",
	// Browsers.
	"<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</style><body onload=alert(1)>", "</title></svg><iframe src=//evil.example>",
	"<script>&amp;]]>", "javascript:alert(1)", "{{.Style}}", "<!--", "-->", "--><script>", "</summary></details>", "&lt;b&gt; &#35; &copy;",
	// Markdown.
	"[click](http://evil.example)", "![x](http://evil.example/x.png)", "](http://x) {0} `|`", "<http://evil.example>", "http://evil.example www.evil.example x@evil.example", "[x]: http://evil.example",
	"@everyone @octocat #12 !34", "**bold** _it_ ~~x~~", "a|b", "a | b", "``` \n# Title", "```", "~~~", "`code` | cell", "`*_~@{shape: x}", "# 1. <b>x</b>", "- [x] 1) * + >", "--- \t - [x] ", "back\\", "$x$ :smile:",
	// Drawings.
	"\"]; n1 --> n2[\"x", "%% {init} end", "click n1 callback", "x\" [label=y]; a -> b",
}

// unseen are the characters that are not to be in what a person reads, but for the ends
// of lines.
func unseen(r rune) bool {
	return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// foreign is an example in which every text that does not come from Seawall is a word that
// begins with zq.
var foreign = rule.Example{
	Run: "docker run --name zqbad --hostname zqhost --label zqlabel=zqvalue --label com.docker.compose.project=zqproject --label com.docker.compose.service=zqservice -e zqkey=zqenv " +
		"--network zqnet -v zqvolume:/zqdestination -v /zqsource:/zqtarget -v /var/run/docker.sock:/zqsocket --device /dev/zqdevice --security-opt apparmor=zqprofile --security-opt label=type:zqtype " +
		"--user zquser --group-add zqgroup --cgroup-parent zqcgroup --log-driver zqlog --runtime zqruntime --privileged -p 8080:80 zqimage:zqtag zqcommand\n" +
		"docker run --name zqother --network zqnet --pid container:zqbad --volumes-from zqbad zqimage:zqtag\ndocker run --name zqthird --cap-add SYS_MODULE --restart always zqsecond@zqdigest",
	Facts: func(s *snapshot.Snapshot) {
		s.Host.Name = snapshot.See("zqhostname", s.Host.Name.Origin())
		os, _ := s.Host.OS.Peek()
		os.Name = "zqsystem"
		s.Host.OS = snapshot.See(os, s.Host.OS.Origin())
		users, _ := s.Host.Users.Peek()
		users[0].Name, users[0].Home, users[0].Groups = "zqalice", "/home/zqhome", []string{"docker"}
		s.Engines[0].Settings.UserlandProxy.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "open /etc/zqgap: permission denied", Remedy: "zqremedy"})
		list, _ := s.Engines[0].Containers.Peek()
		list[2].Privileged.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "open /proc/zqproc: permission denied", Remedy: "run as root"})
	},
}

var foreignWord = regexp.MustCompile(`zq[a-z]+`)

// renamed is the snapshot of the foreign example with a text in front of every word that
// is not Seawall's, wherever that stands: in names and where things are named by others.
func renamed(t *testing.T, text string) *snapshot.Snapshot {
	t.Helper()
	s, err := trial.Load(foreign)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.Encode(&out); err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	put := foreignWord.ReplaceAllFunc(out.Bytes(), func(word []byte) []byte {
		return slices.Concat(quoted[1:len(quoted)-1], word)
	})
	s, err = snapshot.Decode(bytes.NewReader(put))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return s
}

// outputs is all that is written of the renamed snapshot, by what writes it.
func outputs(t *testing.T, text string) map[string]string {
	t.Helper()
	s := renamed(t, text)
	profile, err := rule.LookupProfile(rule.DefaultProfile)
	if err != nil {
		t.Fatal(err)
	}
	selected := rules.Book().Select(profile)
	answer, err := steptest.Model(s, steps.All()).Answer(t.Context(), attack.Question{Ways: 2})
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := rule.ParseWaivers("waivers.yaml", []byte("waivers:\n  - {rule: engine-socket-mounted, subject: \"*\", reason: agreed, owner: ops, until: 2026-12-31}\n"), func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	results := rule.Evaluate(s, selected)
	r := report.Build("test", profile.Name, s, selected, results, waivers.Apply(results, s.TakenAt))
	r.Snapshot, r.Paths, r.Attack = s, report.BuildPaths("test", s, answer, nil), report.BuildAttack(answer)
	out := map[string]string{}
	for _, format := range report.OutputNames() {
		out[format] = write(t, format, r)
	}
	for _, format := range report.PathsOutputNames() {
		out["paths "+format] = writePaths(t, format, r.Paths, report.Style{})
	}
	verbose := report.Style{Width: 120, Verbose: true}
	say := func(name string, err error, b *bytes.Buffer) {
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	var whole, diff bytes.Buffer
	say("text, verbose", report.Text(&whole, r, verbose, rules.Book().Lookup), &whole)
	say("diff", report.DiffText(&diff, report.NewDiff(judged(t, privilegedWeb, nil), r), verbose), &diff)
	return out
}

// written are the outputs of every nasty text. They are worked out once.
func eachNasty(t *testing.T, visit func(text string, out map[string]string)) {
	t.Helper()
	for _, text := range nasty {
		if utf8.ValidString(text) && len(text) < 5000 { // a snapshot is JSON
			visit(text, outputs(t, text))
		}
	}
}

// TestNasty: wherever a foreign text stands in a snapshot, in no output for people is
// anything that is not seen, in CSV is no formula, and the page and Markdown have no
// kinds of elements but those that they have of plain names.
func TestNasty(t *testing.T) {
	plain := outputs(t, "plain")
	reached := map[string]bool{}
	for name, out := range plain {
		for _, word := range foreignWord.FindAllString(out, -1) {
			reached[word] = true
		}
		if n := strings.Count(out, "plainzq"); n < 3 {
			t.Errorf("%s has only %d foreign texts", name, n)
		}
	}
	if len(reached) < 18 {
		t.Errorf("only %d foreign texts reach an output: %v", len(reached), reached)
	}
	wantHTML, wantMarkdown, wantPaths := htmlKinds(t, plain["html"]), markdownKinds(plain["markdown"]), markdownKinds(plain["paths markdown"])
	data := regexp.MustCompile(`json|sarif|oscal|opengraph|junit`) // where a text is kept as it is, escaped
	eachNasty(t, func(text string, out map[string]string) {
		for name, got := range out {
			if i := strings.IndexFunc(got, unseen); i >= 0 && !data.MatchString(name) && !strings.Contains(name, "markdown") && name != "csv" {
				t.Errorf("%s of %.40q has %q", name, text, got[i:min(len(got), i+20)])
			}
			if !utf8.ValidString(got) {
				t.Errorf("%s of %.40q is not UTF-8", name, text)
			}
		}
		cells(t, text, out["csv"])
		if more := others(htmlKinds(t, out["html"]), wantHTML); len(more) > 0 {
			t.Errorf("%.40q makes other elements in HTML: %q", text, more)
		}
		for name, want := range map[string][]string{"markdown": wantMarkdown, "paths markdown": wantPaths} {
			if more := others(markdownKinds(out[name]), want); len(more) > 0 {
				t.Errorf("%.40q makes other parts in %s: %q", text, name, more)
			}
			callsNobody(t, text, out[name])
		}
	})
}

// others are those that are not among the known.
func others(list, known []string) []string {
	return slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, s := range list {
			if !slices.Contains(known, s) && !yield(s) {
				return
			}
		}
	}))
}

// formula is what a spreadsheet takes for one.
var formula = regexp.MustCompile(`^\s*[=+\-@＝＋－＠]`)

// cells checks that no cell of a table is a formula or ends early.
func cells(t *testing.T, text, table string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Errorf("CSV of %.40q: %v", text, err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if strings.ContainsFunc(cell, unseen) || strings.Contains(cell, "\n") || formula.MatchString(cell) {
				t.Errorf("%.40q became the cell %.80q", text, cell)
			}
		}
	}
}
