package report

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/report/monospace"
)

// remediesShown is how many remedies of a target are told without --verbose.
const remediesShown = 3

// remedies tell what would close the ways to a target that are open: settings, then
// commands, and what else they close or stop. Each is told once, with all whom it
// keeps out. Of several targets, those that close the ways to all of them are told
// or, where there are none, those of the first.
func (t *reachText) remedies(indent int, column reachColumn) {
	list := t.closers(column)
	for i, r := range list {
		if left := len(list) - i; i == remediesShown && left > 1 && !t.Verbose {
			t.linef(indent+monospace.Width(toClose()), "%s", t.paint(dim, lang.Plural(left, "… and %d other change", "… and %d other changes", left)))
			return
		}
		t.remedy(indent, r, column)
	}
}

// closers are the remedies of a column, in the order in which they are told.
func (t *reachText) closers(column reachColumn) []*ReachRemedy {
	var all, every []*ReachRemedy
	for _, setting := range []bool{true, false} {
		for k := range t.reach.Remedies {
			r := &t.reach.Remedies[k]
			if (r.Setting != "") != setting || !slices.ContainsFunc(column.cells, r.closes) {
				continue
			}
			if all = append(all, r); r.closesAll(column) {
				every = append(every, r)
			}
		}
	}
	if len(every) > 0 {
		return every
	}
	return all
}

// closesAll says whether a remedy does for each target of a column what it does for
// the first.
func (r *ReachRemedy) closesAll(column reachColumn) bool {
	return !slices.ContainsFunc(column.others, func(cells []*ReachCell) bool {
		for i, c := range cells {
			if r.closes(column.cells[i]) && !r.closes(c) {
				return true
			}
		}
		return false
	})
}

func toClose() string { return lang.T("to close ") }

func (t *reachText) remedy(indent int, r *ReachRemedy, column reachColumn) {
	inside := indent + monospace.Width(toClose())
	if r.Setting != "" {
		t.labelled(indent, green, toClose(), r.Setting)
	}
	for i, command := range r.Commands {
		for k, line := range commandLines(clean(command), t.width()-inside) {
			if i == 0 && k == 0 {
				t.linef(indent, "%s%s", t.paint(green, toClose()), line)
				continue
			}
			t.linef(inside, "%s", line)
		}
	}
	if !r.closesAll(column) {
		t.hanging(inside+2, inside+6, "", "", lang.Sprintf("for %s alone, of these %d", column.first().Name, len(column.targets)))
	}
	if who := t.kept(r, column); who != "" {
		t.prose(inside+2, lang.T("keeps out "), who)
	}
	if also := t.alsoClosed(r, column); also != "" {
		t.prose(inside+2, lang.T("closes also "), also)
	}
	if r.Breaks != "" {
		t.prose(inside+2, lang.T("breaks "), r.Breaks)
	}
}

func (r *ReachRemedy) closes(c *ReachCell) bool { return slices.Contains(c.Remedies, r.ID) }

// kept are the sources that a remedy keeps from a target; "" for the only one.
func (t *reachText) kept(r *ReachRemedy, column reachColumn) string {
	if len(column.cells) == 1 {
		return ""
	}
	var names []string
	others, all := true, true
	for i, c := range column.cells {
		source := &t.reach.Sources[i]
		switch {
		case r.closes(c):
			names = append(names, t.sourceName(source, nameRoom))
		case strings.Contains("O~!o", c.mark()):
			all, others = false, others && source.Kind == matrix.Host
		}
	}
	switch {
	case all:
		return lang.T("all")
	case others:
		return lang.T("all but the machine itself")
	}
	return lang.Semicolon(names)
}

// alsoClosed are the other ways that a remedy closes.
func (t *reachText) alsoClosed(r *ReachRemedy, column reachColumn) string {
	var names []string
	for k := range t.reach.Cells {
		if c := &t.reach.Cells[k]; r.closes(c) && !column.has(c) {
			names = append(names, t.sourceName(&t.reach.Sources[c.Source-1], nameRoom)+" → "+t.reach.Targets[c.Target-1].Name)
		}
	}
	names = append(names, r.Elsewhere...)
	const most = 2
	if len(names) > most+1 && !t.Verbose {
		names = append(names[:most], lang.Sprintf("%d other ways", len(names)-most))
	}
	return lang.Semicolon(names)
}

// has says whether a cell is one of a column's.
func (c reachColumn) has(cell *ReachCell) bool {
	return slices.Contains(c.cells, cell) || slices.ContainsFunc(c.others, func(cells []*ReachCell) bool { return slices.Contains(cells, cell) })
}

// commandLines are a command in lines that fit, and that a shell takes for one.
func commandLines(command string, width int) []string {
	const goesOn = ` \`
	lines := monospace.Wrap(command, width-len(goesOn))
	for i := range lines[:len(lines)-1] {
		lines[i] += goesOn
	}
	return lines
}
