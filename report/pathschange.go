package report

import (
	"fmt"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// The number of changes that are told in full, and in a line each, without
// --verbose.
const (
	changesShown = 5
	changesNamed = 15
)

// changes tells the cut.
func (t *pathsText) changes() {
	cut := &t.paths.Cut
	total := t.paths.Certain()
	switch {
	case total == 0:
		return
	case !cut.Possible:
		t.title(lang.T("WHAT TO CHANGE"))
		t.prose(2, "", lang.T("No set of the changes that may be made ends all paths. This one stays:"))
		for i := range cut.Uncut {
			t.hop(0, &cut.Uncut[i], cut.Uncut[i].What, false)
		}
		return
	}
	t.title(lang.T("WHAT TO CHANGE FIRST"))
	t.prose(2, "", t.paths.verdict())
	for i := range cut.Changes {
		switch {
		case i == changesNamed && !t.Verbose:
			t.linef(2, "%s", lang.Plural(len(cut.Changes)-i, "… and %d other change: --verbose", "… and %d other changes: --verbose", len(cut.Changes)-i))
			return
		case i >= changesShown && !t.Verbose:
			t.prose(2, fmt.Sprintf("%d. ", i+1), lang.Sprintf("%s, weight %d", cut.Changes[i].said(), cut.Changes[i].Weight))
		default:
			t.change(i+1, &cut.Changes[i], total)
		}
	}
}

// verdict says what the cut is worth.
func (p *Paths) verdict() string {
	cut := &p.Cut
	pairs := lang.Plural(p.Certain(), "%d pair of entry and target", "%d pairs of entry and target", p.Certain())
	text := lang.Plural(len(cut.Changes), "%d change of weight %d ends every certain path, between %s", "%d changes of weight %d end every certain path, between %s", len(cut.Changes), cut.Cost, pairs)
	if cut.Proven {
		return lang.Sprintf("%s; nothing of less weight does.", text)
	}
	return lang.Sprintf("%s; it is not proven that nothing of less weight does, at least %d is needed.", text, cut.Lower)
}

// said is a change in words, with the containers that it is made to.
func (c *PathChange) said() string {
	text := c.Text
	if more := len(c.Containers) - 1; more > 0 {
		shown := min(more, 5)
		others := lang.Comma(c.Containers[1 : 1+shown])
		if more > shown {
			others += lang.Sprintf(" and %d more", more-shown)
		}
		text = lang.Sprintf("%s (and so %s)", text, others)
	}
	return text
}

// about is what a change costs and what is left after it.
func (c *PathChange) about(total int) string {
	text := lang.Sprintf("weight %d", c.Weight)
	if c.Disruption != "" {
		text = lang.Comma([]string{text, lang.T(string(c.Disruption))})
	}
	switch {
	case c.Left == nil:
		return text
	case *c.Left == 0:
		return lang.Sprintf("%s; then no pair is left", text)
	case *c.Left == 1:
		return lang.Sprintf("%s; then 1 of %d is left", text, total)
	}
	return lang.Sprintf("%s; then %d of %d are left", text, *c.Left, total)
}

// forms are the lines by which a change is made.
func (c *PathChange) forms() []fixForm {
	return fixForms(rule.Fix{Run: c.Run, Compose: c.Compose, Daemon: c.Daemon, Shell: c.Shell})
}

func (t *pathsText) change(n int, c *PathChange, total int) {
	t.prose(2, fmt.Sprintf("%d. ", n), c.said())
	for _, line := range c.details(total, t.width()-5) {
		t.linef(5, "%s", t.paint(dim, line))
	}
	forms := c.forms()
	if !t.Verbose {
		forms = forms[:min(len(forms), 1)]
		if len(t.paths.Assumed) > 0 && c.Compose != "" { // its files are Compose's
			forms = []fixForm{{"Compose", c.Compose}}
		}
	}
	for _, f := range forms {
		t.form(5, f)
	}
	t.prose(5, lang.T("May break: "), c.Breaks)
}

// details are what a change costs and its id, which stays whole to be copied.
func (c *PathChange) details(total, width int) []string {
	about, id := c.about(total), clean(c.ID)
	if line := about + " · " + id; monospace.Width(line) <= width {
		return []string{line}
	}
	return append(monospace.Wrap(about, width), id)
}
