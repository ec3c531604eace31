package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/report/monospace"
)

const (
	// gridTargets is how many targets the grid of paths has room for, gridRows how
	// many rows of entries, without --verbose.
	gridTargets = 4
	gridRows    = 12
	// gridName is how wide the names of entries are at least, however many targets
	// there are.
	gridName = 28
)

// gridRow are entries that reach the same targets at the same cost.
type gridRow struct {
	entries []string
	// with are the further entries that it takes together with the one.
	with  []string
	cells []string
}

// grid tells which entries reach which targets, by the least effort that it takes.
func (t *pathsText) grid() {
	targets := t.paths.reached()
	if len(targets) == 0 {
		return
	}
	t.title(lang.T("WHO GETS WHERE, AND WITH WHAT EFFORT"))
	left := 0
	if !t.Verbose && len(targets) > gridTargets {
		left = len(targets) - gridTargets
		targets = targets[:gridTargets]
	}
	for i, id := range targets {
		t.prose(2, string(rune('A'+i%26))+"  ", t.name(id))
	}
	rows := t.paths.rows(targets)
	width := 0
	for _, r := range rows {
		width = max(width, monospace.Width(t.entry(r)))
	}
	width = min(width, max(t.width()-6-4*len(targets), gridName))
	for from, room := 0, (t.width()-2-width)/4; from < len(targets); from += room {
		to := min(from+room, len(targets))
		part := rows
		if to-from < len(targets) {
			part = slices.DeleteFunc(slices.Clone(rows), func(r gridRow) bool {
				return !slices.ContainsFunc(r.cells[from:to], func(cell string) bool { return cell != noCell })
			})
		}
		t.gridPart(part, width, from, to)
	}
	if left > 0 {
		t.linef(2, "%s", t.paint(dim, lang.Plural(left, "and %d other target: --verbose", "and %d other targets: --verbose", left)))
	}
	if strings.Contains(fmt.Sprint(rows), "?") {
		t.linef(2, "%s", t.paint(dim, lang.T("?: if what was not seen is so")))
	}
}

// noCell stands where an entry does not reach a target.
const noCell = "·"

// gridPart writes the columns of some targets.
func (t *pathsText) gridPart(rows []gridRow, width, from, to int) {
	head := strings.Repeat(" ", width)
	for i := from; i < to; i++ {
		head += fmt.Sprintf("%4s", string(rune('A'+i%26)))
	}
	t.linef(2, "%s", t.paint(bold, head))
	for i, r := range rows {
		if i == gridRows && !t.Verbose {
			t.linef(2, "%s", t.paint(dim, lang.Plural(len(rows)-i, "and %d other row: --verbose", "and %d other rows: --verbose", len(rows)-i)))
			break
		}
		line := monospace.Fit(t.entry(r), width)
		for _, c := range r.cells[from:to] {
			line += fmt.Sprintf("%4s", c)
		}
		t.linef(2, "%s", line)
	}
}

// rows are the entries that reach something, those that are alike in one.
func (p *Paths) rows(targets []string) []gridRow {
	type cell struct{ from, to string }
	cost := map[cell]string{}
	names := p.names()
	var all []gridRow
	for _, entry := range p.Entries {
		all = append(all, gridRow{entries: []string{entry}})
	}
	for _, pair := range p.Pairs {
		at := cell{together(pair.From, pair.With), pair.To}
		cost[at] = itoa(pair.Cost)
		if pair.Possible {
			cost[at] += "?"
		}
		if len(pair.With) > 0 && !slices.ContainsFunc(all, func(r gridRow) bool { return together(r.entries[0], r.with) == at.from }) {
			all = append(all, gridRow{entries: []string{pair.From}, with: pair.With})
		}
	}
	var rows []gridRow
	at := map[string]int{}
	for _, row := range all {
		entry := row.entries[0]
		reaches := false
		for _, target := range targets {
			c, ok := cost[cell{together(entry, row.with), target}]
			reaches = reaches || ok
			if !ok {
				c = noCell
			}
			row.cells = append(row.cells, c)
		}
		key := string(names[entry].Kind) + together(strings.Join(row.cells, " "), row.with)
		switch i, known := at[key]; {
		case !reaches:
		case known:
			rows[i].entries = append(rows[i].entries, entry)
		default:
			at[key] = len(rows)
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b gridRow) int {
		return attack.CompareEntries(names[a.entries[0]].Kind, names[b.entries[0]].Kind)
	})
	return rows
}

// entry is what a row is called.
func (names pathNames) entry(r gridRow) string {
	n := 0
	for _, id := range r.entries {
		n += max(1, len(names[id].Members))
	}
	name := clean(names[r.entries[0]].Name)
	for _, id := range r.with {
		name = lang.Sprintf("%s with %s", name, clean(names[id].Name))
	}
	if n > 1 {
		name += lang.Sprintf(" and %d more", n-1)
	}
	return name
}

// together names several entries as one.
func together(first string, with []string) string {
	return strings.Join(append([]string{first}, with...), "\n")
}
