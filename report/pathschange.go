package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

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
		t.title("WHAT TO CHANGE")
		t.prose(2, "", "No set of the changes that may be made ends all paths. This one stays:")
		for i := range cut.Uncut {
			t.hop(0, &cut.Uncut[i], cut.Uncut[i].What, false)
		}
		return
	}
	t.title("WHAT TO CHANGE FIRST")
	t.prose(2, "", t.paths.verdict())
	for i := range cut.Changes {
		switch {
		case i == changesNamed && !t.Verbose:
			t.linef(2, "… and %s: --verbose", plural(len(cut.Changes)-i, "other change"))
			return
		case i >= changesShown && !t.Verbose:
			t.prose(2, fmt.Sprintf("%d. ", i+1), cut.Changes[i].said()+", weight "+itoa(int(cut.Changes[i].Weight)))
		default:
			t.change(i+1, &cut.Changes[i], total)
		}
	}
}

// verdict says what the cut is worth.
func (p *Paths) verdict() string {
	cut := &p.Cut
	text := plural(len(cut.Changes), "change") + " of weight " + itoa(int(cut.Cost)) + " "
	if len(cut.Changes) == 1 {
		text += "ends"
	} else {
		text += "end"
	}
	text += " every certain path, between " + plural(p.Certain(), "pair") + " of entry and target; "
	if cut.Proven {
		return text + "nothing of less weight does."
	}
	return text + "it is not proven that nothing of less weight does, at least " + itoa(int(cut.Lower)) + " is needed."
}

// said is a change in words, with the containers that it is made to.
func (c *PathChange) said() string {
	text := c.Text
	if more := len(c.Containers) - 1; more > 0 {
		shown := min(more, 5)
		text += " (and so " + strings.Join(c.Containers[1:1+shown], ", ")
		if more > shown {
			text += " and " + itoa(more-shown) + " more"
		}
		text += ")"
	}
	return text
}

// about is what a change costs and what is left after it.
func (c *PathChange) about(total int) string {
	text := "weight " + itoa(int(c.Weight))
	if c.Disruption != "" {
		text += ", " + string(c.Disruption)
	}
	switch {
	case c.Left == nil:
		return text
	case *c.Left == 0:
		return text + "; then no pair is left"
	case *c.Left == 1:
		return fmt.Sprintf("%s; then 1 of %d is left", text, total)
	}
	return fmt.Sprintf("%s; then %d of %d are left", text, *c.Left, total)
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
	t.prose(5, "May break: ", c.Breaks)
}

// details are what a change costs and its id, which stays whole to be copied.
func (c *PathChange) details(total, width int) []string {
	about, id := c.about(total), clean(c.ID)
	if line := about + " · " + id; utf8.RuneCountInString(line) <= width {
		return []string{line}
	}
	return append(wrap(about, width), id)
}
