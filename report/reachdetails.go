package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/report/monospace"
)

// kindTitle is the heading of a kind of targets in the grid.
func kindTitle(k matrix.TargetKind) string {
	switch k {
	case matrix.API:
		return "API"
	case matrix.Published:
		return lang.C("ports", "published")
	case matrix.Port:
		return lang.T("containers")
	}
	return lang.T("other ports")
}

// kindHeading is the heading of a kind of targets in full.
func kindHeading(k matrix.TargetKind) string {
	switch k {
	case matrix.API:
		return lang.T("ENGINE API")
	case matrix.Published:
		return lang.T("PUBLISHED PORTS")
	case matrix.Port:
		return lang.T("PORTS OF CONTAINERS")
	}
	return lang.T("PORTS THAT NOBODY LISTENS ON")
}

// unheardOf are the targets that nobody listens on.
func unheardOf(k matrix.TargetKind) bool {
	return k == matrix.OtherHost || k == matrix.OtherContainer
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
	text := prefix + lang.Comma(names)
	for n := len(names) - 1; n > 0 && !t.Verbose && monospace.Width(text) > room; n-- {
		text = prefix + lang.Comma(names[:n]) + lang.Sprintf(" and %d more", len(names)-n)
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
			name = fmt.Sprintf("%s %d/%s", lang.Comma(memberNames(target.Members)), target.Port, target.Protocol)
		}
		if target.Kind == matrix.Published && len(target.Addresses) == 1 {
			name = lang.Sprintf("%s at %s", name, target.Addresses[0])
		}
		if t.engines > 1 && target.Engine != "" {
			name += " @ " + strings.TrimPrefix(target.Engine, "unix://")
		}
		names = append(names, name)
	}
	const most = 3
	if len(names) > most {
		names = append(names[:most], lang.Sprintf("%d more", len(c.targets)-most))
	}
	text := lang.Comma(names)
	if len(names) > 1 {
		text = lang.Sprintf("%s (the same reach them; what decides is told of the first)", text)
	}
	return clean(text)
}

// details tell of each target who reaches it, and what decides.
func (t *reachText) details() {
	title := ""
	for number, column := range t.columns {
		if next := kindHeading(column.first().Kind); next != title {
			title = next
			t.linef(0, "")
			t.linef(0, "%s", t.paint(bold, title))
		}
		t.labelled(2, bold, fmt.Sprintf("%2d  ", number+1), t.targetName(column))
		if about := column.first().Stranger; about != "" {
			t.labelled(6, "", "", about)
		}
		for _, o := range outcomes() {
			if t.Verbose || !unheardOf(column.first().Kind) || o.mark != "?" && o.mark != "." {
				t.outcome(o, column)
			}
		}
		t.remedies(6, column)
	}
}

// outcome is one of those that a cell may have, by its mark in the grid.
type outcome struct{ mark, label, legend, color string }

// outcomes are in the order in which they are told.
func outcomes() []outcome {
	return []outcome{
		{"O", lang.C("a way", "open"), lang.C("a way", "open"), bold},
		{"~", lang.C("a way", "in part"), lang.T("open to a part of its addresses"), bold},
		{"!", lang.C("a way", "crafted"), lang.T("open to frames made by hand (NET_RAW)"), red},
		{"o", lang.C("a way", "unheard"), lang.T("no rule stops it, but nobody listens"), ""},
		{"?", lang.C("a way", "unknown"), lang.C("a way", "not known"), yellow},
		{".", lang.C("a way", "blocked"), lang.C("a way", "blocked"), dim},
	}
}

// wayWord is a verdict on a way as people read it.
func wayWord(v filter.Verdict) string {
	switch v {
	case filter.Open:
		return lang.C("a way", "open")
	case filter.Blocked:
		return lang.C("a way", "blocked")
	case filter.Unknown:
		return lang.C("a way", "unknown")
	}
	return string(v)
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
			t.linef(15, "%s", t.paint(dim, lang.Plural(len(parts)-i, "… and for %d other reason", "… and for %d other reasons", len(parts)-i)))
			return
		}
		t.labelled(6, o.color, monospace.Pad(o.label, 7)+"  ", lang.Semicolon(p.names))
		t.prose(17, "", p.reason)
		if p.probed != "" {
			t.prose(17, lang.T("probed: "), p.probed)
		}
	}
}
