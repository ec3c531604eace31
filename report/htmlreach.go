package report

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/report/page"
)

// reach is the matrix of who reaches what; nil if it was not worked out.
func (h *htmlReport) reach() *page.Reach {
	r := h.report.Reach
	if r == nil || len(r.Cells) == 0 {
		return nil
	}
	t := &reachText{textReport: &textReport{report: h.report, engines: h.engines}, reach: r}
	t.columns = t.fold()
	out := &page.Reach{}
	used := map[string]bool{}
	for number, column := range t.columns {
		next := page.ReachColumn{Number: number + 1, Kind: kindTitle(column.first().Kind), Name: t.targetName(column), About: clean(column.first().Stranger)}
		for _, o := range outcomes() {
			if o.mark != "." {
				next.Ways = append(next.Ways, t.htmlWays(o, column)...)
			}
		}
		out.Columns = append(out.Columns, next)
	}
	for i := range r.Sources {
		row := page.ReachRow{Name: t.sourceName(&r.Sources[i], nameRoom)}
		for c := range t.columns {
			m := t.htmlMark(&t.columns[c], i)
			used[m.Sign] = true
			row.Cells = append(row.Cells, m)
		}
		out.Rows = append(out.Rows, row)
	}
	for _, o := range outcomes() {
		if used[o.mark] {
			out.Legend = append(out.Legend, page.Mark{Sign: o.mark, Text: o.legend})
		}
	}
	for _, p := range r.Policies {
		out.Policies = append(out.Policies, clean(p.Words))
	}
	for _, g := range r.Gaps {
		out.NotRead = append(out.NotRead, clean(g.What+": "+gapText(Gap{Gap: g.Gap})))
	}
	return out
}

// htmlMark is a cell of the matrix. What gives others than the machine control of the
// engine is bad.
func (t *reachText) htmlMark(column *reachColumn, source int) page.Mark {
	c := column.cells[source]
	o := c.outcome()
	m := page.Mark{Sign: o.mark, Text: o.legend}
	h := column.first().Handshake
	switch from := t.reach.Sources[source].Kind; {
	case c.Verdict == filter.Open && h != nil && h.Anonymous && from != matrix.Host, o.mark == "!":
		m.Tone = page.Bad
	case c.Verdict == filter.Open && (from == matrix.Internet || from == matrix.Network):
		m.Tone = page.Warn
	}
	if c.disagrees() {
		m.Text = lang.Sprintf("%s; not as probed", m.Text)
		m.Sign += "*"
	}
	return m
}

// htmlWays are the senders to a column that have an outcome, those with one reason together.
func (t *reachText) htmlWays(o outcome, column reachColumn) []page.ReachBy {
	var out []page.ReachBy
	var names [][]string
	for i, cell := range column.cells {
		if cell.mark() != o.mark {
			continue
		}
		source := &t.reach.Sources[i]
		next := page.ReachBy{Outcome: lang.T(o.label), Why: clean(cell.reason(source.Kind == matrix.Internet || source.Kind == matrix.Network))}
		at := slices.IndexFunc(out, func(b page.ReachBy) bool { return b == next })
		if at < 0 {
			at = len(out)
			out, names = append(out, next), append(names, nil)
		}
		names[at] = append(names[at], t.sourceName(source, nameRoom))
	}
	for i := range out {
		out[i].From = strings.Join(names[i], "; ")
		if o.mark == "!" {
			out[i].Tone = page.Bad
		}
	}
	return out
}

// reachedBy says for each container, by engine and name, who reaches its ports; nil if that
// was not worked out.
func (h *htmlReport) reachedBy() map[[2]string][]string {
	r := h.report.Reach
	if r == nil || len(r.Cells) == 0 {
		return nil
	}
	out := map[[2]string][]string{}
	t := &reachText{textReport: &textReport{report: h.report, engines: h.engines}, reach: r}
	for j := range r.Targets {
		target := &r.Targets[j]
		if target.Kind != matrix.Published && target.Kind != matrix.Port {
			continue
		}
		text := t.reachedAt(j)
		for _, m := range target.Members {
			key := [2]string{m.Engine, m.Name}
			out[key] = append(out[key], text)
		}
	}
	for key, list := range out {
		slices.Sort(list)
		out[key] = slices.Compact(list)
	}
	return out
}

// reachedAt says who reaches one target.
func (t *reachText) reachedAt(j int) string {
	target := &t.reach.Targets[j]
	var open, unknown []string
	for i := range t.reach.Sources {
		switch c := &t.reach.Cells[i*len(t.reach.Targets)+j]; c.Verdict {
		case filter.Open:
			open = append(open, t.sourceName(&t.reach.Sources[i], nameRoom))
		case filter.Unknown:
			unknown = append(unknown, t.sourceName(&t.reach.Sources[i], nameRoom))
		}
	}
	port := itoa(int(target.Port)) + "/" + target.Protocol
	if target.Kind == matrix.Published {
		port = lang.Sprintf("published %s", clean(target.Name))
	}
	switch from := strings.Join(atMost(open, 6), "; "); {
	case from == "" && len(unknown) == 0:
		return lang.Sprintf("%s: nobody reaches it", port)
	case from == "":
		return lang.Sprintf("%s: it is not known who reaches it", port)
	case len(unknown) > 0:
		return lang.Plural(len(unknown), "%[2]s: reached from %[3]s; of %[1]d other sender it is not known", "%[2]s: reached from %[3]s; of %[1]d other senders it is not known", len(unknown), port, from)
	default:
		return lang.Sprintf("%s: reached from %s", port, from)
	}
}
