package report

import (
	"fmt"
	"io"

	"seawall/lang"
	"seawall/report/page"
	"seawall/rule"
)

// TimelineHTML writes how audits went as one file for a browser. Of one host it is the
// page of its newest audit with the timeline; of several, what their newest audits found,
// together.
func TimelineHTML(w io.Writer, t *Timeline, lookup Lookup) error {
	if len(t.Hosts) == 1 {
		p := newHTMLReport(t.Newest()[0], lookup).page()
		if t.grows() {
			p.Timeline = t.htmlTimeline(lookup)
			p.Summary = append(p.Summary, t.Hosts[0].htmlSince())
		}
		p.Warnings = append(p.Warnings, t.Warnings...)
		return page.Write(w, p)
	}
	return page.Write(w, t.htmlFleet(lookup))
}

// htmlTimeline is the part of the page that tells how audits went.
func (t *Timeline) htmlTimeline(lookup Lookup) *page.Timeline {
	out := &page.Timeline{}
	if len(t.Hosts) > 1 {
		out.Hosts = tableOf(lang.T("Hosts"), hostsHead(), t.hostRows())
		out.Chart = t.htmlFleetChart()
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		next := page.History{ID: fmt.Sprintf("history-%d", i+1), Title: h.shown(), Table: tableOf(h.shown(), timelineHead(), h.rows())}
		if len(h.Reports) > 1 {
			next.Chart = h.htmlChart(i + 1)
		}
		for n := len(h.Steps) - 1; n >= 0; n-- {
			next.Steps = append(next.Steps, h.htmlStep(n, lookup))
		}
		out.Histories = append(out.Histories, next)
	}
	return out
}

// tableOf is a table of plain texts.
func tableOf(title string, head []string, rows [][]string) *page.Table {
	t := &page.Table{Title: title, Head: head}
	for _, row := range rows {
		var cells []page.Value
		for _, text := range row {
			cells = append(cells, page.Value{Text: clean(text)})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// htmlChart is the findings of a host by severity over time.
func (h *HostTimeline) htmlChart(number int) *page.Chart {
	c := &page.Chart{
		ID: fmt.Sprintf("chart-%d", number), Title: lang.T("Findings by severity"),
		About: lang.Sprintf("Findings of %s by severity over %d audits; the table below has the same numbers.", h.shown(), len(h.Reports)),
	}
	for _, s := range rule.Severities() {
		l := page.ChartLine{Name: severityWord(s), Class: s.String()}
		for _, r := range h.Reports {
			n := r.Coverage.Findings[s.String()]
			l.Points = append(l.Points, page.ChartPoint{At: r.TakenAt, Number: n, Text: lang.Sprintf("%s: %s", stamp(r), severityCount(n, s))})
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// htmlFleetChart is the urgent findings of each host over time; nil if there is no time.
func (t *Timeline) htmlFleetChart() *page.Chart {
	if !t.grows() {
		return nil
	}
	c := &page.Chart{
		ID: "chart-hosts", Title: lang.T("Critical and high findings, by host"),
		About: lang.Sprintf("Critical and high findings of %d hosts over time; the tables below have the numbers.", len(t.Hosts)),
	}
	for i := range t.Hosts {
		l := page.ChartLine{Name: t.Hosts[i].shown(), Class: "host"}
		for _, r := range t.Hosts[i].Reports {
			n := r.findings(rule.High)
			l.Points = append(l.Points, page.ChartPoint{At: r.TakenAt, Number: n, Text: lang.Sprintf("%s, %s: %d critical or high", t.Hosts[i].shown(), stamp(r), n)})
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// htmlStep is what changed with audit n+1.
func (h *HostTimeline) htmlStep(n int, lookup Lookup) page.Step {
	c := h.Steps[n]
	out := page.Step{Title: stamp(h.Reports[n]) + " → " + stamp(h.Reports[n+1]), Sum: h.sum(c)}
	engines := max(len(h.Reports[n].Engines), len(h.Reports[n+1].Engines))
	for _, p := range timelineParts(c) {
		if len(p.list) > 0 {
			out.Parts = append(out.Parts, page.StepPart{Title: p.title, Items: htmlItems(p.list, engines, lookup)})
		}
	}
	return out
}

// sum is how much changed.
func (h *HostTimeline) sum(c *Comparison) string {
	return lang.Sprintf("%d appeared, %d changed, %d went, %d not checked any more, %d as before", len(c.New), len(c.Changed), len(c.Gone), len(c.NotChecked), c.Same)
}

// htmlItems are differences, those of one rule that changed alike together.
func htmlItems(list []Difference, engines int, lookup Lookup) []page.StepItem {
	var out []page.StepItem
	type key struct {
		rule, why string
		severity  rule.Severity
		change    Change
	}
	at := map[key]int{}
	for _, d := range list {
		x := d.Result()
		k := key{x.Rule, d.Why, x.Severity, d.Change}
		i, known := at[k]
		if !known {
			i = len(out)
			at[k] = i
			out = append(out, page.StepItem{Severity: x.Severity.String(), Rule: clean(x.Rule), Title: titleOf(x.Rule, lookup), Why: clean(d.Why)})
		}
		out[i].Subjects = append(out[i].Subjects, clean(shownName(x.Subject, engines)))
	}
	return out
}

// htmlSince says what came with the newest audit.
func (h *HostTimeline) htmlSince() page.Statement {
	c, before := h.last(), h.Reports[len(h.Reports)-2]
	if n := len(c.NotChecked); n > 0 {
		return page.Statement{Text: lang.Sprintf("Since %s: %d appeared, %d got worse, %d went, and %d are not checked any more.", stamp(before), len(c.New), c.worse(), len(c.Gone), n), Tone: page.Warn, See: "timeline"}
	}
	if len(c.New)+c.worse() == 0 {
		return page.Statement{Text: lang.Sprintf("Since %s: nothing appeared, nothing got worse, %d went.", stamp(before), len(c.Gone)), Tone: page.Good, See: "timeline"}
	}
	return page.Statement{Text: lang.Sprintf("Since %s: %d appeared, %d got worse, %d went.", stamp(before), len(c.New), c.worse(), len(c.Gone)), Tone: page.Warn, See: "timeline"}
}
