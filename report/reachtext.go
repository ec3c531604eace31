package report

import (
	"bufio"
	"io"

	"seawall/lang"
	"seawall/reach/matrix"
)

// ReachText writes who reaches what for people: a grid of sources and targets
// first, then what the firewall amounts to, then for each target who gets there,
// what decides and what would close it, then what is not known. Where one source and one target were asked for, the way between them.
func ReachText(w io.Writer, r *Reach, style Style) error {
	out := bufio.NewWriter(w)
	head := &Report{Host: r.Host, TakenAt: r.TakenAt, Engines: r.Engines}
	t := &reachText{textReport: &textReport{Writer: out, Style: style, report: head, engines: len(r.Engines)}, reach: r}
	t.header()
	t.columns = t.fold()
	if r.From != "" && r.To != "" {
		t.walks()
	} else {
		t.grid()
		t.policies()
		t.details()
	}
	t.gaps()
	t.closing()
	if err := out.Flush(); err != nil {
		return lang.Errorf("write who reaches what: %w", err)
	}
	return nil
}

// reachText is the state of one text being written.
type reachText struct {
	*textReport
	reach   *Reach
	columns []reachColumn
}

// reachColumn is a target, or several of one kind that the same sources reach.
type reachColumn struct {
	targets []*ReachTarget
	cells   []*ReachCell   // of the first, by source
	others  [][]*ReachCell // of the others
}

func (c reachColumn) first() *ReachTarget { return c.targets[0] }

// foldedFrom is the number of targets from which alike ones share a column,
// without --verbose.
const foldedFrom = 16

// fold makes the columns.
func (t *reachText) fold() []reachColumn {
	var out []reachColumn
	known := map[string]int{}
	for j := range t.reach.Targets {
		target := &t.reach.Targets[j]
		column := reachColumn{targets: []*ReachTarget{target}}
		key := string(target.Kind) + " "
		for i := range t.reach.Sources {
			cell := &t.reach.Cells[i*len(t.reach.Targets)+j]
			column.cells = append(column.cells, cell)
			key += cell.mark()
		}
		at, ok := known[key]
		if ok && !t.Verbose && target.Kind != matrix.API && len(t.reach.Targets) >= foldedFrom {
			out[at].targets, out[at].others = append(out[at].targets, target), append(out[at].others, column.cells)
			continue
		}
		known[key] = len(out)
		out = append(out, column)
	}
	return out
}

// gaps say what is not known for want of having been read, and what would help.
func (t *reachText) gaps() {
	if len(t.reach.Gaps) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.T("NOT READ")))
	for i, g := range t.reach.Gaps {
		if i == gapsShown && !t.Verbose && len(t.reach.Gaps) > gapsShown+1 {
			t.linef(2, "%s", lang.Plural(len(t.reach.Gaps)-i, "… and %d other", "… and %d others", len(t.reach.Gaps)-i))
			return
		}
		t.prose(2, "", g.What+": "+gapText(Gap{Gap: g.Gap}))
	}
}

// closing says where to go on.
func (t *reachText) closing() {
	if t.reach.From != "" && t.reach.To != "" || len(t.reach.Cells) == 0 {
		return
	}
	t.linef(0, "")
	if n := t.reach.RemediesLeftOut; n > 0 {
		t.prose(0, "", lang.Plural(n, "What would close %d other way was not worked out: --verbose does.", "What would close %d other ways was not worked out: --verbose does.", n))
	}
	hints := []hint{{lang.T("One way, hop by hop:"), "seawall reach --from NAME --to NAME"}}
	if !t.Verbose {
		hints = append(hints, hint{lang.T("Everything:"), "seawall reach --verbose"})
	}
	t.hints(hints)
}
