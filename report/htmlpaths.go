package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/report/page"
)

// mapMost is how many states the map draws.
const mapMost = 60

// htmlVerdict is the worst, and what ends it, in a sentence.
func (p *Paths) htmlVerdict() page.Statement {
	n := p.Certain()
	switch {
	case n == 0 && len(p.Pairs) > 0:
		return page.Statement{Text: plural(len(p.Pairs), "attack path") + " may be there: they rest on facts that were not seen.", Tone: page.Warn, See: "paths"}
	case n == 0:
		return page.Statement{Text: clean(p.nothing()), Tone: page.Good}
	case !p.Cut.Possible:
		return page.Statement{Text: "An attacker can get from " + plural(n, "place") + " to what is worth it, and no set of changes ends all of that.", Tone: page.Bad, See: "paths"}
	}
	changes := plural(len(p.Cut.Changes), "change") + " close"
	if len(p.Cut.Changes) == 1 {
		changes += "s"
	}
	return page.Statement{Text: changes + " every known attack path (" + plural(n, "pair") + " of entry and target).", Tone: page.Bad, See: "changes"}
}

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
			name += fmt.Sprintf(" and %d alike", more)
		}
		m.Nodes = append(m.Nodes, page.Node{
			ID: clean(s.ID), Name: name, Entry: roles[s.ID] == "entry" || roles[s.ID] == "both", Target: roles[s.ID] == "target" || roles[s.ID] == "both",
		})
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		m.Moves = append(m.Moves, page.Move{
			ID: fmt.Sprintf("m%d", i+1), From: cleanAll(e.From), To: clean(e.To), Label: clean(e.does()), Possible: e.Possible, Ends: cleanEach(e.Ends),
			Detail: fmt.Sprintf("%s, effort %d", e.Step, e.Cost),
		})
	}
	return m
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
			next := page.Path{From: clean(either(atMost(g.entries, 4))), To: clean(names.name(g.To)), Effort: g.Cost, Possible: possible}
			for i := range g.Hops {
				h := &g.Hops[i]
				hop := page.Hop{Title: clean(h.does(h.What)), To: clean(names.name(h.To)), Step: h.Step, ATTACK: h.ATTACK}
				for _, e := range h.Evidence {
					hop.Seen = append(hop.Seen, clean(evidenceText(e, true)))
				}
				for _, miss := range h.Missing {
					hop.Missing = append(hop.Missing, clean(missingText(miss)))
				}
				for j := range h.Ends {
					hop.Ends = append(hop.Ends, clean(h.Ends[j].said()))
				}
				next.Hops = append(next.Hops, hop)
			}
			out = append(out, next)
		}
	}
	return slices.Clip(out)
}
