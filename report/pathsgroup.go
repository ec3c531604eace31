package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
)

// pathGroup are paths that take the same steps to the same target, from different
// entries.
type pathGroup struct {
	*Path
	// entries are all entries, each in words.
	entries []string
	// whats are what the first hop of the paths is about.
	whats []string
	known map[string]bool // ids of entries
	// also are paths from the same entries to the same target by other steps.
	also []*Path
}

// groups puts paths of one sort together.
func (p *Paths) groups(names pathNames, possible bool) []*pathGroup {
	var out []*pathGroup
	at := map[string]*pathGroup{}
	for i := range p.Paths {
		path := &p.Paths[i]
		if path.Possible != possible {
			continue
		}
		key := path.key()
		g := at[key]
		if g == nil {
			g = &pathGroup{Path: path, known: map[string]bool{}}
			at[key] = g
			out = append(out, g)
		}
		g.add(path, names)
	}
	return out
}

func (g *pathGroup) add(p *Path, names pathNames) {
	for _, from := range append([][]string{p.From}, single(p.Like)...) {
		if key := strings.Join(from, "\x00"); !g.known[key] {
			g.known[key] = true
			g.entries = append(g.entries, names.together(from))
		}
	}
	if what := p.Hops[0].What; !slices.Contains(g.whats, what) {
		g.whats = append(g.whats, what)
	}
}

// single makes a list of one from each.
func single(list []string) [][]string {
	out := make([][]string, len(list))
	for i := range list {
		out[i] = list[i : i+1]
	}
	return out
}

// what is what the first hop of the paths is about.
func (g *pathGroup) what(most int) string { return either(atMost(g.whats, most)) }

// key is the same for paths that differ in their entry only, and in what they meet
// at their first hop; where hops were tried, with the same verdicts.
func (p *Path) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %d %d", p.To, p.Cost, len(p.From))
	for i := range p.Hops {
		h := &p.Hops[i]
		fmt.Fprintf(&b, " %q %q", h.Step, h.To)
		if i > 0 {
			fmt.Fprintf(&b, " %q", h.What)
		}
		for _, c := range h.Ends {
			fmt.Fprintf(&b, " %q", c.ID)
		}
		for _, m := range h.Missing {
			fmt.Fprintf(&b, " %q", m.Fact)
		}
		if h.Proof != nil {
			fmt.Fprintf(&b, " %q", h.Proof.Verdict)
		}
	}
	return b.String()
}

// heading is from where to where, and how hard it is.
func (g *pathGroup) heading(names pathNames, most int) string {
	return lang.Sprintf("%s → %s (effort %d)", either(atMost(g.entries, most)), names.name(g.To), g.Cost)
}

// foldGroups puts each path that goes from the same entries to the same target as an
// easier one under that.
func foldGroups(groups []*pathGroup) []*pathGroup {
	var out []*pathGroup
	at := map[string]*pathGroup{}
	for _, g := range groups {
		key := g.To + "\x00" + strings.Join(g.entries, "\x00")
		if first := at[key]; first != nil {
			first.also = append(first.also, g.Path)
			continue
		}
		at[key] = g
		out = append(out, g)
	}
	return out
}

// atMost are the first of a list, and how many more there are.
func atMost(list []string, most int) []string {
	if left := len(list) - most; left > 0 {
		return append(slices.Clone(list[:most]), lang.Sprintf("%d more", left))
	}
	return list
}

// either is a list with "or" before the last.
func either(list []string) string {
	return lang.Or(list)
}
