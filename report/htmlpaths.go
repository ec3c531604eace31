package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/report/page"
)

// mapMost is how many states the map draws.
const mapMost = 60

// htmlMap is the drawing of the paths: of all moves, or if they are too many of those of
// the paths that are told. It is nil if there is none.
func (p *Paths) htmlMap() *page.Map {
	g, all := p.union(p.Paths), len(p.States)
	if all <= mapMost {
		g = p.Graph()
		all = max(all, len(g.States))
	}
	for n := len(p.Paths); len(g.States) > mapMost && n > 0; n = n * 3 / 4 {
		g = p.union(p.Paths[:n])
	}
	if len(g.Edges) == 0 {
		return nil
	}
	m := &page.Map{Left: max(0, all-len(g.States))}
	roles := p.roles()
	for i := range g.States {
		s := &g.States[i]
		name := clean(s.Name)
		if more := len(s.Members) - 1; more > 0 {
			name = lang.Sprintf("%s and %d alike", name, more)
		}
		m.Nodes = append(m.Nodes, page.Node{
			ID: clean(s.ID), Name: name, Entry: roles[s.ID] == "entry" || roles[s.ID] == "both", Target: roles[s.ID] == "target" || roles[s.ID] == "both",
		})
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		m.Moves = append(m.Moves, page.Move{
			ID: fmt.Sprintf("m%d", i+1), From: cleanAll(e.From), To: clean(e.To), Label: clean(e.does()), Possible: e.Possible, Ends: cleanEach(e.Ends),
			Detail: e.detail(),
		})
	}
	return m
}

// detail is a move's step, its effort, what was seen of it and what was not.
func (e *PathEdge) detail() string {
	parts := []string{lang.Sprintf("%s, effort %d", e.Step, e.Cost)}
	seen, missing := e.facts()
	for _, f := range seen {
		parts = append(parts, lang.Sprintf("seen: %s", fmt.Sprintf("%s = %s (%s)", f.Fact, valueText(f.Value), f.Source)))
	}
	for _, m := range missing {
		parts = append(parts, lang.Sprintf("not seen: %s", missingText(m)))
	}
	return clean(lang.Semicolon(parts))
}

func cleanEach(lists [][]string) [][]string {
	out := make([][]string, len(lists))
	for i, list := range lists {
		out[i] = cleanAll(list)
	}
	return out
}

// htmlChanges are those of the cut.
func (p *Paths) htmlChanges() []page.Change {
	var out []page.Change
	if !p.Cut.Possible {
		return nil
	}
	for i := range p.Cut.Changes {
		c := &p.Cut.Changes[i]
		next := page.Change{ID: clean(c.ID), Text: clean(c.said()), Weight: clean(c.about(p.Certain())), Breaks: clean(c.Breaks)}
		forms := c.forms()
		if len(p.Assumed) > 0 && c.Compose != "" {
			forms = []fixForm{{"Compose", c.Compose}}
		}
		for _, l := range pageLines(forms) {
			next.Lines = append(next.Lines, page.Lines{Label: l.Label, Text: cleanLines(l.Text)})
		}
		out = append(out, next)
	}
	return out
}

// cleanLines keeps line ends.
func cleanLines(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(cleanAll(lines), "\n")
}

// htmlPaths are all paths, those that are certain first.
func (p *Paths) htmlPaths() []page.Path {
	names := p.names()
	var out []page.Path
	for _, possible := range []bool{false, true} {
		for _, g := range p.groups(names, possible) {
			out = append(out, page.Path{From: clean(either(atMost(g.entries, 4))), To: clean(names.name(g.To)), Effort: g.Cost, Possible: possible, Hops: htmlHops(g.Hops, names)})
		}
	}
	return slices.Clip(out)
}

// htmlHops are moves with what was seen of them, and what ends each.
func htmlHops(hops []PathHop, names pathNames) []page.Hop {
	var out []page.Hop
	for i := range hops {
		h := &hops[i]
		hop := page.Hop{Title: clean(h.does(h.What)), To: clean(names.name(h.To)), Step: h.Step, ATTACK: h.ATTACK}
		for _, e := range h.Evidence {
			hop.Seen = append(hop.Seen, htmlSeen(e))
		}
		for _, miss := range h.Missing {
			hop.Missing = append(hop.Missing, clean(missingText(miss)))
		}
		for j := range h.Ends {
			hop.Ends = append(hop.Ends, clean(h.Ends[j].said()))
		}
		out = append(out, hop)
	}
	return out
}
