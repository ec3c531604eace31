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

// grid writes the sources against the numbered columns, in blocks that fit the
// width.
func (t *reachText) grid() {
	t.linef(0, "")
	if len(t.reach.Cells) == 0 {
		t.linef(0, "%s", lang.T("Nothing is known of who reaches what: the network of the machine was not read."))
		return
	}
	t.linef(0, "%s", t.paint(bold, lang.T("WHO REACHES WHAT")))
	names := make([]string, len(t.reach.Sources))
	label, room := 0, t.width()*2/5
	for i := range t.reach.Sources {
		names[i] = monospace.Shorten(t.sourceName(&t.reach.Sources[i], room), room)
		label = max(label, monospace.Width(names[i]))
	}
	for _, block := range t.blocks(t.width() - label) {
		t.block(names, label, block)
	}
	t.legend()
}

// reachBlock is a run of columns of one kind in a block of the grid: from and to
// are indices, and width is what they take with the space before them.
type reachBlock struct {
	title           string
	from, to, width int
}

// columnWidth is that of a column with the space before it: room for a number of
// two digits, and for a mark with its star.
const columnWidth = 3

// blocks distributes the columns over blocks of the grid.
func (t *reachText) blocks(room int) [][]reachBlock {
	var out [][]reachBlock
	left := 0
	for i := range t.columns {
		title := kindTitle(t.columns[i].first().Kind)
		if n := len(out); n > 0 && left >= columnWidth {
			last := &out[n-1][len(out[n-1])-1]
			if last.title == title {
				grown := max(last.width, (i+1-last.from)*columnWidth+1)
				if grown-last.width <= left {
					left -= grown - last.width
					last.to, last.width = i+1, grown
					continue
				}
			}
		}
		next := reachBlock{title, i, i + 1, max(monospace.Width(title)+2, columnWidth+1)}
		if n := len(out); n > 0 && next.width <= left && out[n-1][len(out[n-1])-1].title != title {
			out[n-1] = append(out[n-1], next)
			left -= next.width
			continue
		}
		out = append(out, []reachBlock{next})
		left = room - next.width
	}
	return out
}

// block writes one block of the grid.
func (t *reachText) block(names []string, label int, runs []reachBlock) {
	var titles, numbers strings.Builder
	for _, run := range runs {
		titles.WriteString("  " + monospace.Pad(run.title, run.width-2))
		numbers.WriteString(pad(run, func(column int) string { return fmt.Sprintf("%3d", column+1) }))
	}
	t.linef(label, "%s", t.paint(bold, strings.TrimRight(titles.String(), " ")))
	t.linef(label, "%s", t.paint(dim, strings.TrimRight(numbers.String(), " ")))
	for i, name := range names {
		var row strings.Builder
		for _, run := range runs {
			row.WriteString(pad(run, func(column int) string { return t.shownMark(&t.columns[column], i) }))
		}
		t.linef(0, "%s%s", monospace.Pad(name, label), strings.TrimRight(row.String(), " "))
	}
	t.linef(0, "")
}

// pad joins the cells of a run, each three columns wide, and fills its width.
func pad(run reachBlock, cell func(column int) string) string {
	var b strings.Builder
	for i := run.from; i < run.to; i++ {
		b.WriteString(cell(i))
	}
	return b.String() + strings.Repeat(" ", run.width-(run.to-run.from)*columnWidth)
}

// shownMark is the mark of a cell, after a star where something else came of
// trying than was predicted. What gives others than the machine control of the
// engine is red.
func (t *reachText) shownMark(column *reachColumn, source int) string {
	c := column.cells[source]
	o := c.outcome()
	if h := column.first().Handshake; c.Verdict == filter.Open && h != nil && h.Anonymous && t.reach.Sources[source].Kind != matrix.Host {
		o.color = bold + ";" + red
	}
	star := " "
	if c.disagrees() {
		star = "*"
	}
	return " " + star + t.paint(o.color, o.mark)
}

// outcome is that of the cell's mark.
func (c *ReachCell) outcome() outcome {
	mark := c.mark()
	all := outcomes()
	return all[slices.IndexFunc(all, func(o outcome) bool { return o.mark == mark })]
}

// legend says what the marks that occur mean.
func (t *reachText) legend() {
	var words []string
	stars := 0
	for _, o := range outcomes() {
		if slices.ContainsFunc(t.reach.Cells, func(c ReachCell) bool { return c.mark() == o.mark }) {
			words = append(words, o.mark+" "+o.legend)
		}
	}
	for i := range t.reach.Cells {
		if t.reach.Cells[i].disagrees() {
			stars++
		}
	}
	if stars > 0 {
		words = append(words, lang.T("* not as probed"))
	}
	t.labelled(0, dim, "", lang.Semicolon(words))
	if stars > 0 {
		t.linef(0, "%s", t.paint(red, lang.Plural(stars, "PREDICTED AND PROBED DISAGREE in %d place.", "PREDICTED AND PROBED DISAGREE in %d places.", stars)))
	}
}
