package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"seawall/compliance"
	"seawall/report/page"
	"seawall/rule"
	"seawall/snapshot"
)

// HTML writes the report as one file for a browser, which loads nothing and works without
// a script. Where the report has its snapshot and paths, these are in it, too.
func HTML(w io.Writer, r *Report, lookup Lookup) error {
	h := &htmlReport{report: r, lookup: lookup, engines: len(r.Engines)}
	return page.Write(w, h.page())
}

// htmlReport is a page being made.
type htmlReport struct {
	report  *Report
	lookup  Lookup
	engines int
}

func (h *htmlReport) page() *page.Page {
	r := h.report
	p := &page.Page{Title: h.title(), About: h.about(), Tool: clean(r.Tool)}
	for _, s := range rule.Severities() {
		p.Severities = append(p.Severities, page.Count{Severity: s.String(), Number: r.counted()[s.String()]})
	}
	if r.Paths != nil {
		p.Assumed = r.Paths.Assumed
		p.Map, p.Changes, p.Paths = r.Paths.htmlMap(), r.Paths.htmlChanges(), r.Paths.htmlPaths()
	}
	groups := r.Attack.first(GroupFindings(counting(r.Results), h.lookup))
	for _, g := range groups {
		p.Findings = append(p.Findings, h.cause(g))
	}
	if r.Snapshot != nil {
		p.Containers = h.containers()
	}
	p.Benchmark, p.Waived = h.benchmark(), h.waived()
	c := r.Coverage
	p.Coverage = fmt.Sprintf("%s asked of %s: %d passed, %d failed, %d not checked, %d not applicable, %d accepted.", plural(c.Rules, "rule"), plural(subjects(c), "subject"),
		c.Results.Pass, c.Results.Fail, c.Results.Unknown, c.Results.NotApplicable, c.Results.Waived)
	for _, g := range r.Gaps {
		p.NotChecked = append(p.NotChecked, page.Gap{Results: g.Results, Text: clean(cmp.Or(g.Detail, string(g.Reason))), Remedy: clean(g.Remedy)})
	}
	p.Warnings = cleanAll(r.Warnings)
	p.Summary = h.summary(groups)
	return p
}

func (h *htmlReport) title() string {
	if h.report.declared() {
		var names []string
		for i := range h.report.Engines {
			names = append(names, clean(h.report.Engines[i].Name))
		}
		return "Docker audit of " + strings.Join(atMost(names, 3), ", ")
	}
	return "Docker audit of " + cmp.Or(clean(h.report.Host.Name), "an unknown host")
}

// about says what was looked at.
func (h *htmlReport) about() []string {
	r := h.report
	parts := []string{}
	for _, part := range []string{r.Host.OS, r.Host.Kernel} {
		if part != "" {
			parts = append(parts, clean(part))
		}
	}
	parts = append(parts, r.TakenAt.UTC().Format("2006-01-02 15:04 UTC"), "profile "+clean(r.Profile))
	out := []string{strings.Join(parts, " · ")}
	for i := range r.Engines {
		e := &r.Engines[i]
		switch {
		case e.Gap != nil:
			out = append(out, clean(e.Name)+" was not readable: "+clean(e.Gap.Detail))
		case e.Declared:
			out = append(out, clean(e.Name)+": "+e.declares())
		default:
			out = append(out, clean(fmt.Sprintf("%s %s at %s, %s", kindName(e.Kind), e.Version, e.Name, plural(e.Containers, "container"))))
		}
	}
	return out
}

// summary is what matters first.
func (h *htmlReport) summary(groups []Group) []page.Statement {
	r := h.report
	var out []page.Statement
	if r.Paths != nil {
		out = append(out, r.Paths.htmlVerdict())
	}
	urgent := 0
	for _, g := range groups {
		if g.Severity >= rule.High {
			urgent += len(g.Results)
		}
	}
	total := 0
	for _, n := range r.counted() {
		total += n
	}
	what := "findings"
	if r.Baseline != nil {
		what = "new findings"
	}
	switch {
	case total == 0:
		out = append(out, page.Statement{Text: "There are no " + what + ".", Tone: page.Good})
	case urgent == 0:
		out = append(out, page.Statement{Text: fmt.Sprintf("%d %s in %s, none of them critical or high.", total, what, plural(len(groups), "cause")), See: "findings"})
	default:
		out = append(out, page.Statement{Text: fmt.Sprintf("%d of %d %s are critical or high; all come from %s.", urgent, total, what, plural(len(groups), "cause")), Tone: page.Bad, See: "findings"})
	}
	if n := r.Coverage.Results.Unknown; n > 0 {
		out = append(out, page.Statement{Text: plural(n, "result") + " could not be decided, for something was not seen.", Tone: page.Warn, See: "coverage"})
	} else {
		out = append(out, page.Statement{Text: "Everything that was asked could be seen.", Tone: page.Good})
	}
	if n := r.Coverage.Results.Waived; n > 0 {
		out = append(out, page.Statement{Text: plural(n, "finding") + " accepted.", See: "waived"})
	}
	return out
}

// cause is a group of findings.
func (h *htmlReport) cause(g Group) page.Cause {
	out := page.Cause{
		Severity: g.Severity.String(), Rule: g.Rule.ID, Title: g.Rule.Title, Why: oneParagraph(g.Rule.Why), Fix: g.Rule.Fix.Text, Breaks: g.Rule.Fix.Breaks,
		Lines: pageLines(fixForms(g.Rule.Fix)), InPath: h.report.Attack.takes(g), References: g.Results[0].Refs,
	}
	for _, same := range g.byMessage() {
		f := page.Finding{Message: clean(same[0].Message), New: same[0].Since == rule.New}
		for _, x := range same {
			f.Subjects = append(f.Subjects, clean(shownName(x.Subject, h.engines)))
		}
		for _, e := range same[0].Evidence {
			f.Seen = append(f.Seen, clean(evidenceText(e, true)))
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}

func pageLines(forms []fixForm) []page.Lines {
	var out []page.Lines
	for _, f := range forms {
		out = append(out, page.Lines{Label: f.label, Text: strings.Trim(f.text, "\n")})
	}
	return out
}

// benchmark is the table of a benchmark's recommendations; nil without one.
func (h *htmlReport) benchmark() *page.Table {
	c := h.report.Compliance
	if c == nil {
		return nil
	}
	t := &page.Table{Title: c.Benchmark + " " + c.Release, Head: []string{"number", "recommendation", "outcome", "why"}}
	for _, e := range c.Recommendations {
		tone := map[compliance.State]page.Tone{compliance.Fail: page.Bad, compliance.Pass: page.Good}[e.State]
		t.Rows = append(t.Rows, []page.Value{{Text: e.Number}, {Text: e.Title}, {Text: string(e.State), Tone: tone}, {Text: clean(cmp.Or(e.Reason, e.Judge))}})
	}
	return t
}

// waived is the table of what was accepted; nil if nothing was.
func (h *htmlReport) waived() *page.Table {
	t := &page.Table{Title: "Accepted findings", Head: []string{"rule", "on", "until", "reason", "owner"}}
	for i := range h.report.Results {
		x := &h.report.Results[i]
		if x.Waived == nil {
			continue
		}
		row := []page.Value{}
		for _, text := range []string{x.Rule, shownName(x.Subject, h.engines), x.Waived.Until, x.Waived.Reason, x.Waived.Owner} {
			row = append(row, page.Value{Text: clean(text)})
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// eachContainer visits the containers that were seen.
func eachContainer(s *snapshot.Snapshot, visit func(*snapshot.Engine, *snapshot.Container)) {
	for i := range s.Engines {
		list, _ := s.Engines[i].Containers.Peek()
		for j := range list {
			visit(&s.Engines[i], &list[j])
		}
	}
}
