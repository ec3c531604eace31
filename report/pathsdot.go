package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/lang"
)

// PathsDOT draws all ways from entries to targets in the language of Graphviz:
// what is certain solid, what is possible dashed. Containers that are alike are
// one node.
func PathsDOT(w io.Writer, p *Paths) error {
	out, roles := bufio.NewWriter(w), p.roles()
	fmt.Fprintf(out, "digraph paths {\n  rankdir=LR;\n  label=%s;\n  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
		dotText(lang.Sprintf("Attack paths on %s", p.Host.Name)))
	for i := range p.Graph().States {
		s := &p.Graph().States[i]
		fmt.Fprintf(out, "  %s [label=%s%s];\n", dotText(s.ID), dotText(s.label()), map[string]string{
			"entry":  ", shape=ellipse, fillcolor=\"#dbeafe\"",
			"target": ", peripheries=2, fillcolor=\"#fee2e2\"",
			"both":   ", shape=ellipse, peripheries=2, fillcolor=\"#fee2e2\"",
		}[roles[s.ID]])
	}
	for i := range p.Graph().Edges {
		dotEdge(out, &p.Graph().Edges[i], i+1)
	}
	fmt.Fprintln(out, "}")
	if err := out.Flush(); err != nil {
		return lang.Errorf("write DOT drawing: %w", err)
	}
	return nil
}

// dotEdge draws a move. One that takes several states goes by a point where they
// meet.
func dotEdge(w io.Writer, e *PathEdge, n int) {
	style := ""
	if e.Possible {
		style = ", style=dashed"
	}
	from := dotText(e.From[0])
	if len(e.From) > 1 {
		from = fmt.Sprintf("\"and %d\"", n)
		fmt.Fprintf(w, "  %s [label=%s, shape=circle, fontsize=10];\n", from, dotText(lang.C("both are needed", "and")))
		for _, id := range e.From {
			fmt.Fprintf(w, "  %s -> %s [label=\"\"%s];\n", dotText(id), from, style)
		}
	}
	fmt.Fprintf(w, "  %s -> %s [label=%s, tooltip=%s%s];\n", from, dotText(e.To), dotText(e.label()), dotText(e.does()), style)
}

// dotText is a quoted text that says just this: in labels a backslash begins an
// escape, and an ampersand a character of HTML.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(clean(oneParagraph(s))) + `"`
}
