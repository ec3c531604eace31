package seawall_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadmesAreEqual: the Japanese README has the headings, the tables, the lists, the links
// and the commands of the English one, in the same order.
func TestReadmesAreEqual(t *testing.T) {
	english, japanese := readme(t, "README.md"), readme(t, "README.ja.md")
	for _, part := range []struct {
		name string
		of   func(string) []string
	}{
		{"headings", lines(`^#+ `)},
		{"bullets", lines(`^- `)},
		{"rows of tables", lines(`^\|`)},
		{"fenced blocks", func(text string) []string { return fenced.FindAllString(text, -1) }},
		{"commands", commands},
		{"links", func(text string) []string { return links(text) }},
		{"code in tables", func(text string) []string { return inTables(text) }},
	} {
		en, ja := part.of(english), part.of(japanese)
		if len(en) == 0 || len(en) != len(ja) {
			t.Errorf("%s: %d in README.md, %d in README.ja.md", part.name, len(en), len(ja))
			continue
		}
		for i := range en {
			if same := en[i] == ja[i]; !same && part.name != "headings" && part.name != "bullets" && part.name != "rows of tables" {
				t.Errorf("%s: README.md has %q, README.ja.md %q", part.name, en[i], ja[i])
			}
			if part.name == "headings" && level(en[i]) != level(ja[i]) {
				t.Errorf("headings: %q and %q are of different levels", en[i], ja[i])
			}
		}
	}
	for name, link := range map[string]string{"README.md": "(README.ja.md)", "README.ja.md": "(README.md)"} {
		if head, _, _ := strings.Cut(readme(t, name), "\n## "); !strings.Contains(head, link) {
			t.Errorf("%s has no link to the other language at its top", name)
		}
	}
}

func readme(t *testing.T, name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	fenced    = regexp.MustCompile("(?ms)^```.*?^```$")
	link      = regexp.MustCompile(`\]\(([^)]*)\)`)
	code      = regexp.MustCompile("`[^`]*`")
	remark    = regexp.MustCompile(`\s{2,}\S.*$`) // what stands beside a command
	ownReadme = regexp.MustCompile(`^README(\.ja)?\.md$`)
)

// lines are those outside of fenced blocks that a pattern matches.
func lines(pattern string) func(string) []string {
	re := regexp.MustCompile(pattern)
	return func(text string) []string {
		var out []string
		for line := range strings.Lines(fenced.ReplaceAllString(text, "")) {
			if re.MatchString(line) {
				out = append(out, line)
			}
		}
		return out
	}
}

// commands are those to be typed, without the remarks beside them; a remark on a line of its
// own is "".
func commands(text string) []string {
	var out []string
	for _, line := range lines(`^    \S`)(text) {
		out = append(out, remark.ReplaceAllString(strings.TrimSpace(line), ""))
	}
	return out
}

// links are where a text leads, but to the other language. Order may differ.
func links(text string) []string {
	var out []string
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if !ownReadme.MatchString(m[1]) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return out
}

// inTables is the code in the rows of tables, row by row.
func inTables(text string) []string {
	var out []string
	for _, row := range lines(`^\|`)(text) {
		found := code.FindAllString(row, -1)
		slices.Sort(found)
		out = append(out, strings.Join(found, " "))
	}
	return out
}

func level(heading string) int { return len(heading) - len(strings.TrimLeft(heading, "#")) }
