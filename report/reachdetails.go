package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"seawall/reach/filter"
	"seawall/reach/matrix"
)

// kindTitles are the headings of the kinds of targets: in the grid, and in full.
var kindTitles = map[matrix.TargetKind][2]string{
	matrix.API: {"API", "ENGINE API"}, matrix.Published: {"published", "PUBLISHED PORTS"}, matrix.Port: {"containers", "PORTS OF CONTAINERS"},
	matrix.OtherHost: {"other ports", "PORTS THAT NOBODY LISTENS ON"}, matrix.OtherContainer: {"other ports", "PORTS THAT NOBODY LISTENS ON"},
}

// sourceName is a source with its networks, in the given room if it can be: of
// its containers at least one is named, all with --verbose.
func (t *reachText) sourceName(s *ReachSource, room int) string {
	names := memberNames(s.Members)
	prefix := ""
	switch {
	case s.Kind == matrix.Host:
		names = append([]string{s.Name}, names...)
	case s.Kind != matrix.Containers || len(names) == 0:
		return clean(s.Name)
	case len(s.Networks) > 0:
		prefix = strings.Join(s.Networks, "+") + ": "
	}
	text := prefix + strings.Join(names, ", ")
	for n := len(names) - 1; n > 0 && !t.Verbose && utf8.RuneCountInString(text) > room; n-- {
		text = prefix + strings.Join(names[:n], ", ") + " and " + itoa(len(names)-n) + " more"
	}
	return clean(text)
}

// nameRoom is the room for the name of a source in lines of text.
const nameRoom = 50

func memberNames(members []ReachMember) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}

// targetName is a target with where it is and the engine, where there are
// several; of several targets, the first three.
func (t *reachText) targetName(c reachColumn) string {
	var names []string
	for _, target := range c.targets {
		name := target.Name
		if t.Verbose && target.Kind == matrix.Port {
			name = fmt.Sprintf("%s %d/%s", strings.Join(memberNames(target.Members), ", "), target.Port, target.Protocol)
		}
		if target.Kind == matrix.Published && len(target.Addresses) == 1 {
			name += " at " + target.Addresses[0]
		}
		if t.engines > 1 && target.Engine != "" {
			name += " @ " + strings.TrimPrefix(target.Engine, "unix://")
		}
		names = append(names, name)
	}
	const most = 3
	if len(names) > most {
		names = append(names[:most], itoa(len(c.targets)-most)+" more")
	}
	text := strings.Join(names, ", ")
	if len(names) > 1 {
		text += " (the same reach them; what decides is told of the first)"
	}
	return clean(text)
}

// details tell of each target who reaches it, and what decides.
func (t *reachText) details() {
	title := ""
	for number, column := range t.columns {
		if next := kindTitles[column.first().Kind][1]; next != title {
			title = next
			t.linef(0, "")
			t.linef(0, "%s", t.paint(bold, title))
		}
		t.labelled(2, bold, fmt.Sprintf("%2d  ", number+1), t.targetName(column))
		if about := column.first().Stranger; about != "" {
			t.labelled(6, "", "", about)
		}
		for _, o := range outcomes {
			if t.Verbose || title != kindTitles[matrix.OtherHost][1] || o.mark != "?" && o.mark != "." {
				t.outcome(o, column)
			}
		}
		t.remedies(6, column)
	}
}

// outcome is one of those that a cell may have, by its mark in the grid.
type outcome struct{ mark, label, legend, color string }

// outcomes are in the order in which they are told.
var outcomes = []outcome{
	{"O", "open", "open", bold},
	{"~", "in part", "open to a part of its addresses", bold},
	{"!", "crafted", "open to frames made by hand (NET_RAW)", red},
	{"o", "unheard", "no rule stops it, but nobody listens", ""},
	{"?", "unknown", "not known", yellow},
	{".", "blocked", "blocked", dim},
}

// mark is what the grid shows of a cell: one character of ASCII, which tells all
// without colour.
func (c *ReachCell) mark() string {
	best := &ReachWay{}
	if len(c.Ways) > 0 {
		best = &c.Ways[0]
	}
	switch {
	case c.Verdict == filter.Unknown:
		return "?"
	case c.Verdict == filter.Open && best.Crafted:
		return "!"
	case c.Verdict == filter.Open && c.Partly:
		return "~"
	case c.Verdict == filter.Open:
		return "O"
	case best.Unheard:
		return "o"
	}
	return "."
}

// reasonsShown is how many reasons of one outcome are told without --verbose.
const reasonsShown = 4

// outcome tells which sources have an outcome, and why: those with one reason
// together.
func (t *reachText) outcome(o outcome, column reachColumn) {
	type part struct {
		reason, probed string
		names          []string
	}
	var parts []part
	for i, cell := range column.cells {
		if cell.mark() != o.mark {
			continue
		}
		source := &t.reach.Sources[i]
		reason, probed := cell.reason(source.Kind == matrix.Internet || source.Kind == matrix.Network), cell.probed()
		at := slices.IndexFunc(parts, func(p part) bool { return p.reason == reason && p.probed == probed })
		if at < 0 {
			at = len(parts)
			parts = append(parts, part{reason: reason, probed: probed})
		}
		parts[at].names = append(parts[at].names, t.sourceName(source, nameRoom))
	}
	for i, p := range parts {
		if i == reasonsShown && !t.Verbose && len(parts) > reasonsShown+1 {
			t.linef(15, "%s", t.paint(dim, fmt.Sprintf("… and for %s", plural(len(parts)-i, "other reason"))))
			return
		}
		t.labelled(6, o.color, fmt.Sprintf("%-7s  ", o.label), strings.Join(p.names, "; "))
		t.prose(17, "", p.reason)
		if p.probed != "" {
			t.prose(17, "probed: ", p.probed)
		}
	}
}
