package page

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// hostile are names that would run, load or disturb something if they were taken for more
// than text.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</script><script>alert(1)</script>`, `' onmouseover='alert(1)`,
	`javascript:alert(1)`, `{{.Style}}`, `</style><body onload=alert(1)>`, `</title></svg><iframe src=//evil.example>`, "\u2028alert(1)", `--><script>`,
}

// full is a page that has every part, with a text everywhere.
func full(text string) *Page {
	value := []Value{{Text: text, Tone: Bad}, {Text: text}}
	lines := []Lines{{Label: text, Text: text}}
	table := func() *Table { return &Table{Title: text, Head: []string{text, text}, Rows: [][]Value{value}} }
	return &Page{
		Title: text, About: []string{text}, Tool: text, Summary: []Statement{{Text: text, Tone: Warn, See: "map"}}, Severities: []Count{{"critical", 1}, {"low", 0}},
		Assumed: []string{text},
		Map: &Map{Left: 1, Nodes: []Node{{ID: text, Name: text, Entry: true}, {ID: "t", Name: text, Target: true}},
			Moves: []Move{{ID: "m1", From: []string{text}, To: "t", Label: text, Detail: text, Possible: true, Ends: [][]string{{text}}}}},
		Changes:  []Change{{ID: text, Text: text, Weight: text, Left: text, Breaks: text, Lines: lines}},
		Paths:    []Path{{From: text, To: text, Effort: 1, Possible: true, Hops: []Hop{{Title: text, To: text, Step: text, ATTACK: text, Seen: []Seen{{text, text, text, text}}, Missing: []string{text}, Ends: []string{text, text}}}}},
		Findings: []Cause{{Severity: "critical", Rule: text, Title: text, Why: text, Fix: text, Breaks: text, Lines: lines, References: []string{text}, InPath: true, Findings: []Finding{{Subjects: strings.Split(strings.Repeat(text+"\x00", 10), "\x00"), Message: text, Seen: []Seen{{text, text, text, text}}, New: true}}}},
		Containers: []Container{{ID: "container-1", Names: []string{text, text}, Image: text, Findings: 2, Cells: value, Capabilities: []Capability{{text, true}, {text, false}}, Held: text,
			Facts: []Fact{{text, []string{text, text}}}, Fails: []string{text}, ReachedBy: []string{text}}},
		Benchmark: table(), Coverage: text, NotChecked: []Gap{{1, text, text}}, Waived: table(), Warnings: []string{text}, CoverageOf: []string{text}, LeftOut: []string{text}, Uncut: []Hop{{Title: text, To: text, Step: text}},
		Timeline: fullTimeline(text, table), Heat: &Heat{Capabilities: []Capability{{text, true}}, Rows: []HeatRow{{Names: []string{text, text}, Cells: []Held{Used}}}, Left: 1},
		Dates: &Dates{Now: day(2), Items: []DateItem{{text, text, day(1), text, Bad}, {text, text, day(900), text, ""}}, Unknown: []string{text}},
		Reach: &Reach{Legend: []Mark{{text, text, Bad}}, Columns: []ReachColumn{{1, text, text, text, []ReachBy{{text, text, text, Bad}}}}, Rows: []ReachRow{{text, []Mark{{text, text, Bad}}}},
			Policies: []string{text}, NotRead: []string{text}},
		Updates:   []Update{{Name: text, Version: text, Newest: text, Built: text, Support: text, Tone: Bad, Sum: text, Open: []Flaw{{text, text, text, text, text, text, text}}, Remarks: []string{text}}},
		UpdatesBy: text, Waiting: []string{text},
	}
}

func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

// fullTimeline has every part of a timeline.
func fullTimeline(text string, table func() *Table) *Timeline {
	chart := func(id string) *Chart {
		return &Chart{ID: id, Title: text, About: text, Lines: []ChartLine{{Name: text, Class: "host", Points: []ChartPoint{{day(1), 3, text}, {day(9), 1, text}}}}}
	}
	return &Timeline{Hosts: table(), Chart: chart("chart-hosts"), Histories: []History{{ID: "history-1", Title: text, Chart: chart("chart-1"), Table: table(),
		Steps: []Step{{Title: text, Sum: text, Parts: []StepPart{{Title: text, Items: []StepItem{{"high", text, text, text, []string{text}}}}}}}}}}
}

func written(t *testing.T, p *Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// elements are the names of all elements and attributes of a page, in order, as a browser
// reads it.
func elements(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data == "tspan" { // as many as a name has lines
			continue
		}
		out = append(out, n.Data)
		for _, a := range n.Attr {
			out = append(out, n.Data+"@"+a.Key)
		}
	}
	return out
}

// TestHostileText: whatever names are, they become no element, no attribute and no part of
// a script.
func TestHostileText(t *testing.T) {
	want := strings.Join(elements(t, written(t, full("plain"))), " ")
	for _, text := range hostile {
		page := written(t, full(text))
		if got := strings.Join(elements(t, page), " "); got != want {
			t.Errorf("%q makes other elements:\n%s\nwant:\n%s", text, got, want)
		}
		if strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%q stands where no text may be", text)
		}
	}
}

// TestOffline: nothing of the page leads anywhere but into itself, and its policy forbids
// the rest; style and script are those whose hashes the policy names.
func TestOffline(t *testing.T) {
	page := written(t, full("plain"))
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids, links, policy := map[string]bool{}, []string{}, ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				if ids[a.Val] {
					t.Errorf("two elements are called %s", a.Val)
				}
				ids[a.Val] = true
			case "href":
				links = append(links, a.Val)
			case "src", "srcset", "style", "action", "data", "poster", "background":
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			case "aria-labelledby":
				links = append(links, "#"+strings.Fields(a.Val)[0])
			case "content":
				if strings.HasPrefix(a.Val, "default-src") {
					policy = a.Val
				}
			}
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has %s", n.Data, a.Key)
			}
		}
		if n.Data == "style" && !strings.Contains(policy, hash(n.FirstChild.Data)) {
			t.Error("the policy does not know the style")
		}
		if n.Data == "script" && len(n.Attr) == 0 && !strings.Contains(policy, hash(n.FirstChild.Data)) {
			t.Error("the policy does not know the script")
		}
	}
	for _, l := range links {
		if to, inside := strings.CutPrefix(l, "#"); !inside || !ids[to] {
			t.Errorf("a link leads to %q", l)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	if found := regexp.MustCompile(`(?i)url\((?:[^#)]|#a[^r])|@import|https?://|//[a-z]`).FindAllString(style+script, -1); len(found) > 0 {
		t.Errorf("style or script lead to %q", found)
	}
}

// TestEmpty: a page without parts is whole, and says what was checked.
func TestEmpty(t *testing.T) {
	page := written(t, &Page{Title: "Nothing", Coverage: "0 rules"})
	for _, part := range []string{`id="map"`, `id="findings"`, `id="containers"`, `id="graph"`, `href="#map"`} {
		if strings.Contains(page, part) {
			t.Errorf("an empty page has %s", part)
		}
	}
	if !strings.Contains(page, "0 rules") {
		t.Error("it does not say what was checked")
	}
	first, second := written(t, full("a")), written(t, full("a"))
	if first != second {
		t.Error("the same page has other bytes")
	}
}
