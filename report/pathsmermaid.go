package report

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"seawall/lang"
)

const (
	// mermaidNodes is how many nodes a drawing has at most, so that it can be read.
	mermaidNodes = 60
	// mermaidText is the length of a drawing in characters that Mermaid takes.
	mermaidText = 50_000
	// mermaidLabel is the length of a label in characters.
	mermaidLabel = 80
)

// PathsMermaid draws the paths as a flowchart of Mermaid, which GitHub and GitLab
// show in comments: what is certain solid, what is possible dashed. Paths that
// make the drawing too large are left out, and it says how many.
func PathsMermaid(w io.Writer, p *Paths) error {
	text, fits := p.mermaid(len(p.Paths))
	if !fits {
		tooMany := sort.Search(len(p.Paths), func(shown int) bool {
			_, fits := p.mermaid(shown)
			return !fits
		})
		text, _ = p.mermaid(max(tooMany-1, 0))
	}
	if _, err := io.WriteString(w, text); err != nil {
		return lang.Errorf("write Mermaid drawing: %w", err)
	}
	return nil
}

// mermaid draws the first paths, and says whether that is small enough.
func (p *Paths) mermaid(shown int) (text string, fits bool) {
	g := p.union(p.Paths[:shown])
	node, others, roles := g.numbered(), likewise(p.Paths[:shown]), p.roles()
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for _, s := range g.States {
		open, end := "[", "]"
		switch roles[s.ID] {
		case "entry":
			open, end = "([", "])"
		case "target", "both":
			open, end = "[[", "]]"
		}
		fmt.Fprintf(&b, "  %s%s\"%s\"%s\n", node[s.ID], open, mermaidEscape(s.label()+others[s.ID]), end)
	}
	nodes := len(g.States)
	for i := range g.Edges {
		nodes += mermaidEdge(&b, node, &g.Edges[i], i+1)
	}
	if left := len(p.Paths) - shown; left > 0 {
		fmt.Fprintf(&b, "  more[\"%s\"]\n", mermaidEscape(lang.Plural(left, "and %d other path", "and %d other paths", left)))
		nodes++
	}
	if len(p.Paths) == 0 {
		b.WriteString("  none[\"" + mermaidEscape(lang.T("no path was found")) + "\"]\n")
	}
	mermaidClasses(&b, roles, g, node)
	return b.String(), nodes <= mermaidNodes && utf8.RuneCountInString(b.String()) <= mermaidText
}

// likewise says of entries how many others begin the same path.
func likewise(paths []Path) map[string]string {
	most := map[string]int{}
	for i := range paths {
		for _, id := range paths[i].From {
			most[id] = max(most[id], len(paths[i].Like))
		}
	}
	out := map[string]string{}
	for id, n := range most {
		if n > 0 {
			out[id] = lang.Sprintf(", or %d more", n)
		}
	}
	return out
}

// mermaidEdge draws a move. One that takes several states goes by a node of its
// own where they meet; it returns how many nodes it drew.
func mermaidEdge(b *strings.Builder, node map[string]string, e *PathEdge, n int) int {
	line := "-->"
	if e.Possible {
		line = "-.->"
	}
	from, nodes := node[e.From[0]], 0
	if len(e.From) > 1 {
		from, nodes = fmt.Sprintf("j%d", n), 1
		fmt.Fprintf(b, "  %s((%s))\n", from, lang.C("both are needed", "and"))
		for _, id := range e.From {
			fmt.Fprintf(b, "  %s %s %s\n", node[id], line, from)
		}
	}
	fmt.Fprintf(b, "  %s %s|\"%s\"| %s\n", from, line, mermaidEscape(e.label()), node[e.To])
	return nodes
}

// mermaidClasses colours entries and targets, so that they can be told apart on a
// light and on a dark page.
func mermaidClasses(b *strings.Builder, roles map[string]string, g *PathGraph, node map[string]string) {
	b.WriteString("  classDef entry fill:#dbeafe,stroke:#1d4ed8,color:#1e1b4b\n  classDef target fill:#fee2e2,stroke:#b91c1c,color:#450a0a\n")
	for _, s := range g.States {
		switch roles[s.ID] {
		case "entry":
			fmt.Fprintf(b, "  class %s entry\n", node[s.ID])
		case "target", "both":
			fmt.Fprintf(b, "  class %s target\n", node[s.ID])
		}
	}
}

// mermaidEscape makes a label that says just this text: all but letters, digits and
// harmless marks is written by its number.
func mermaidEscape(s string) string {
	var b strings.Builder
	for i, r := range []rune(cut(clean(oneParagraph(s)), mermaidLabel)) {
		plain := unicode.IsLetter(r) || unicode.IsDigit(r) || i > 0 && strings.ContainsRune(" .,:/-·…'()=", r)
		if plain && (i > 0 || !unicode.IsDigit(r)) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
