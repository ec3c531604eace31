package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/reach/matrix"
)

// remediesShown is how many remedies of a target are told without --verbose.
const remediesShown = 3

// remedies tell what would close the ways to a target that are open: a setting, or
// commands, and what else they close or stop. Each is told once, with all whom it
// keeps out.
func (t *reachText) remedies(indent int, column reachColumn) {
	shown := 0
	for k := range t.reach.Remedies {
		r := &t.reach.Remedies[k]
		if !slices.ContainsFunc(column.cells, r.closes) {
			continue
		}
		if left := t.left(k, column); shown == remediesShown && left > 1 && !t.Verbose {
			t.linef(indent+len(toClose), "%s", t.paint(dim, fmt.Sprintf("… and %s", plural(left, "other change"))))
			return
		}
		shown++
		t.remedy(indent, r, column)
	}
}

// left counts the remedies of a target from the one with a place on.
func (t *reachText) left(from int, column reachColumn) int {
	n := 0
	for k := range t.reach.Remedies[from:] {
		if slices.ContainsFunc(column.cells, t.reach.Remedies[from+k].closes) {
			n++
		}
	}
	return n
}

const toClose = "to close "

func (t *reachText) remedy(indent int, r *ReachRemedy, column reachColumn) {
	inside := indent + len(toClose)
	if r.Setting != "" {
		t.labelled(indent, green, toClose, r.Setting)
	}
	for i, command := range r.Commands {
		for k, line := range commandLines(clean(command), t.width()-inside) {
			if i == 0 && k == 0 {
				t.linef(indent, "%s%s", t.paint(green, toClose), line)
				continue
			}
			t.linef(inside, "%s", line)
		}
	}
	if who := t.kept(r, column); who != "" {
		t.prose(inside+2, "keeps out ", who)
	}
	if also := t.alsoClosed(r, column); also != "" {
		t.prose(inside+2, "closes also ", also)
	}
	if r.Breaks != "" {
		t.prose(inside+2, "breaks ", r.Breaks)
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
		return "all"
	case others:
		return "all but the machine itself"
	}
	return strings.Join(names, "; ")
}

// alsoClosed are the other ways that a remedy closes.
func (t *reachText) alsoClosed(r *ReachRemedy, column reachColumn) string {
	var names []string
	for k := range t.reach.Cells {
		if c := &t.reach.Cells[k]; r.closes(c) && !slices.Contains(column.cells, c) {
			names = append(names, t.sourceName(&t.reach.Sources[c.Source-1], nameRoom)+" → "+t.reach.Targets[c.Target-1].Name)
		}
	}
	names = append(names, r.Elsewhere...)
	const most = 2
	if len(names) > most+1 && !t.Verbose {
		names = append(names[:most], itoa(len(names)-most)+" other ways")
	}
	return strings.Join(names, "; ")
}

// commandLines are a command in lines that fit, and that a shell takes for one.
func commandLines(command string, width int) []string {
	const goesOn = ` \`
	lines := wrap(command, width-len(goesOn))
	for i := range lines[:len(lines)-1] {
		lines[i] += goesOn
	}
	return lines
}
