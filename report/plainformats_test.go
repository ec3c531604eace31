package report_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"seawall/report"
	"seawall/rule"
)

// junit is what the schema of the Jenkins xUnit plugin allows, as far as reports
// use it: element, its attributes (those with ! are required) and its children.
var junit = map[string]struct{ attributes, children string }{
	"testsuites": {"name tests failures", "testsuite"},
	"testsuite":  {"name! tests! failures! errors! skipped time timestamp hostname", "testcase"},
	"testcase":   {"name! classname! time", "skipped failure"},
	"skipped":    {"message", ""},
	"failure":    {"message type!", ""},
}

// TestJUnitStructure: the report has the elements and attributes that CI servers
// know, and its counts are right.
func TestJUnitStructure(t *testing.T) {
	for _, r := range []*report.Report{sample(t), hostile(t, "<a&\"\x00\x1b]]>\xff"), hostile(t, "")} {
		counts := map[string]int{}
		var path []string
		for dec := xml.NewDecoder(strings.NewReader(write(t, "junit", r))); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				checkElement(t, path, e)
				path = append(path, e.Name.Local)
				counts[e.Name.Local]++
			case xml.EndElement:
				path = path[:len(path)-1]
			}
		}
		shown := r.Results
		if n := count(shown, func(x rule.Result) bool { return x.Finding() }); counts["failure"] != n {
			t.Errorf("%d failures, want %d", counts["failure"], n)
		}
		if n := count(shown, func(x rule.Result) bool { return x.Verdict == rule.Unknown || x.Waived != nil }); counts["skipped"] != n {
			t.Errorf("%d skipped, want %d", counts["skipped"], n)
		}
	}
}

func count(results []rule.Result, is func(rule.Result) bool) (n int) {
	for _, x := range results {
		if is(x) {
			n++
		}
	}
	return n
}

func checkElement(t *testing.T, path []string, e xml.StartElement) {
	t.Helper()
	known, ok := junit[e.Name.Local]
	if !ok || len(path) > 0 && !slices.Contains(strings.Fields(junit[path[len(path)-1]].children), e.Name.Local) {
		t.Fatalf("%s in %v", e.Name.Local, path)
	}
	given := map[string]string{}
	for _, a := range e.Attr {
		given[a.Name.Local] = a.Value
		if !slices.ContainsFunc(strings.Fields(known.attributes), func(k string) bool { return strings.TrimSuffix(k, "!") == a.Name.Local }) {
			t.Errorf("%s has the attribute %s", e.Name.Local, a.Name.Local)
		}
	}
	for _, k := range strings.Fields(known.attributes) {
		if name, required := strings.CutSuffix(k, "!"); required {
			if _, there := given[name]; !there {
				t.Errorf("%s has no %s", e.Name.Local, name)
			}
		}
	}
	for _, k := range []string{"tests", "failures", "errors", "skipped"} {
		if v, there := given[k]; there {
			if _, err := strconv.Atoi(v); err != nil {
				t.Errorf("%s=%q", k, v)
			}
		}
	}
}

// TestCSVNoFormulas: no cell is a formula to a spreadsheet, whatever a container
// is called, and every line has the columns of the header.
func TestCSVNoFormulas(t *testing.T) {
	for _, text := range nasty {
		cells(t, text, write(t, "csv", hostile(t, text)))
	}
	lines, err := csv.NewReader(strings.NewReader(write(t, "csv", sample(t)))).ReadAll()
	if err != nil || len(lines) != len(sample(t).Results)+1 {
		t.Errorf("%d lines, error %v", len(lines), err)
	}
}

// TestMarkdownIsInert: no text of the host's makes markup, a link, a mention or
// a cell of a table.
func TestMarkdownIsInert(t *testing.T) {
	want := markdownKinds(write(t, "markdown", hostile(t, "plain")))
	for _, text := range nasty {
		if len(text) > 0 && len(text) < 1000 { // of longer ones not all fit: TestMarkdownFits
			inert(t, text, write(t, "markdown", hostile(t, text)), want)
		}
	}
}

// TestMarkdownFits: a comment has a limit, and what does not fit is said to be
// missing.
func TestMarkdownFits(t *testing.T) {
	out := write(t, "markdown", hostile(t, strings.Repeat("many words ", 4000)))
	if n := len([]rune(out)); n > 65_536 || !strings.Contains(out, "do not fit") {
		t.Errorf("%d characters", n)
	}
	if n := len([]rune(write(t, "markdown", sample(t)))); n > 65_536 {
		t.Errorf("the sample has %d characters", n)
	}
}
