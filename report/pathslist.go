package report

import (
	"fmt"
	"slices"

	"seawall/attack"
	"seawall/lang"
	"seawall/report/monospace"
)

const (
	// pathsShown is how many paths of each sort are told without --verbose.
	pathsShown = 5
	// entriesShown is how many entries of one path are named without --verbose.
	entriesShown = 4
)

// list tells the paths of one sort.
func (t *pathsText) list(title string, possible bool) {
	groups := t.paths.groups(t.pathNames, possible)
	if len(groups) == 0 {
		return
	}
	if !t.Verbose {
		groups = foldGroups(groups)
	}
	t.title(title)
	for i, g := range groups {
		switch {
		case i == pathsShown && !t.Verbose:
			t.linef(2, "%s", lang.Plural(len(groups)-i, "… and %d other path: --verbose", "… and %d other paths: --verbose", len(groups)-i))
			return
		case possible && !t.Verbose:
			t.brief(g)
		default:
			t.path(i+1, g)
		}
	}
}

// most is how many entries of a path are named.
func (t *pathsText) most() int {
	if t.Verbose {
		return len(t.paths.Entries) + len(t.paths.Paths)
	}
	return entriesShown
}

// path tells paths of one group hop by hop.
func (t *pathsText) path(n int, g *pathGroup) {
	if n > 1 {
		t.linef(0, "")
	}
	for i, line := range monospace.Wrap(clean(g.heading(t.pathNames, t.most())), t.width()-4) {
		label := "    "
		if i == 0 {
			label = fmt.Sprintf("%2d. ", n)
		}
		t.linef(0, "%s%s", label, t.paint(pathColor(g.Path), line))
	}
	for i := range g.Hops {
		what := g.Hops[i].What
		if i == 0 {
			what = g.what(t.most())
		}
		t.hop(n, &g.Hops[i], what, i == len(g.Hops)-1)
	}
	for _, p := range g.also {
		main := p.mainStep(&t.paths.Cut)
		t.prose(4, lang.T("or: "), lang.Sprintf("%s (effort %d; ended by %s)", main.does(main.What), p.Cost, t.ends(main)))
	}
}

func pathColor(p *Path) string {
	switch {
	case p.Possible:
		return yellow
	case p.Cost <= 3:
		return red
	}
	return bold
}

// brief tells possible paths in one sentence, with the first fact that decides.
func (t *pathsText) brief(g *pathGroup) {
	text := g.heading(t.pathNames, t.most())
	for i := range g.Hops {
		if h := &g.Hops[i]; len(h.Missing) > 0 {
			text = lang.Sprintf("%s, by %s; not seen: %s", text, h.Step, missingText(h.Missing[0]))
			break
		}
	}
	t.prose(2, "? ", text)
}

// mainStep is the hop that tells a path from others: the first one that the cut
// ends, else the first that takes an effort.
func (p *Path) mainStep(cut *PathCut) *PathHop {
	ended := func(h PathHop) bool {
		return slices.ContainsFunc(h.Ends, func(c PathChange) bool {
			return slices.ContainsFunc(cut.Changes, func(d PathChange) bool { return d.ID == c.ID })
		})
	}
	for _, is := range []func(PathHop) bool{ended, func(h PathHop) bool { return h.Cost > 0 }, func(h PathHop) bool { return h.Step != attack.TakenOverID }} {
		if i := slices.IndexFunc(p.Hops, is); i >= 0 {
			return &p.Hops[i]
		}
	}
	return &p.Hops[0]
}
