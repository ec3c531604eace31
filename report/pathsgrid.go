package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"seawall/attack"
)

const (
	// gridTargets is how many targets the grid of paths has room for, gridRows how
	// many rows of entries, without --verbose.
	gridTargets = 4
	gridRows    = 12
	// gridName is how wide the names of entries are at least, however many targets
	// there are.
	gridName = 12
)

// gridRow are entries that reach the same targets at the same cost.
type gridRow struct {
	entries []string
	cells   []string
}

// grid tells which entries reach which targets, by the least effort that it takes.
func (t *pathsText) grid() {
	targets := t.paths.reached()
	if len(targets) == 0 {
		return
	}
	t.title("WHO GETS WHERE, AND WITH WHAT EFFORT")
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
		width = max(width, utf8.RuneCountInString(t.entry(r)))
	}
	width = min(width, max(t.width()-6-4*len(targets), gridName))
	head := strings.Repeat(" ", width)
	for i := range targets {
		head += fmt.Sprintf("%4s", string(rune('A'+i%26)))
	}
	t.linef(2, "%s", t.paint(bold, head))
	for i, r := range rows {
		if i == gridRows && !t.Verbose {
			t.linef(2, "%s", t.paint(dim, "and "+plural(len(rows)-i, "other row")+": --verbose"))
			break
		}
		line := fit(t.entry(r), width)
		for _, c := range r.cells {
			line += fmt.Sprintf("%4s", c)
		}
		t.linef(2, "%s", line)
	}
	if left > 0 {
		t.linef(2, "%s", t.paint(dim, "and "+plural(left, "other target")+": --verbose"))
	}
	if strings.Contains(fmt.Sprint(rows), "?") {
		t.linef(2, "%s", t.paint(dim, "?: if what was not seen is so"))
	}
}

// rows are the entries that reach something, those that are alike in one.
func (p *Paths) rows(targets []string) []gridRow {
	cost := map[[2]string]string{}
	names := p.names()
	for _, pair := range p.Pairs {
		if len(pair.With) > 0 {
			continue // the paths tell it
		}
		cost[[2]string{pair.From, pair.To}] = itoa(pair.Cost)
		if pair.Possible {
			cost[[2]string{pair.From, pair.To}] += "?"
		}
	}
	var rows []gridRow
	at := map[string]int{}
	for _, entry := range p.Entries {
		row := gridRow{entries: []string{entry}}
		reaches := false
		for _, target := range targets {
			c, ok := cost[[2]string{entry, target}]
			reaches = reaches || ok
			if !ok {
				c = "·"
			}
			row.cells = append(row.cells, c)
		}
		key := string(names[entry].Kind) + strings.Join(row.cells, " ")
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
	if n > 1 {
		name += fmt.Sprintf(" and %d more", n-1)
	}
	return name
}

// fit cuts or fills a text to a width.
func fit(text string, width int) string {
	n := utf8.RuneCountInString(text)
	if n > width {
		return string([]rune(text)[:max(width-1, 0)]) + "…"
	}
	return text + strings.Repeat(" ", width-n)
}
