package report

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"seawall/compliance"
	"seawall/lang"
	"seawall/report/page"
	"seawall/rule"
	"seawall/snapshot"
)

// HTML writes the report as one file for a browser, which loads nothing and works without
// a script. Where the report has its snapshot and paths, these are in it, too.
func HTML(w io.Writer, r *Report, lookup Lookup) error {
	return page.Write(w, newHTMLReport(r, lookup).page())
}

// htmlReport is a page being made.
type htmlReport struct {
	report  *Report
	lookup  Lookup
	engines int
	places  *factPlaces // nil: there is no snapshot
	// host stands before the names of subjects, where a page is of several; else "".
	host string
}

func newHTMLReport(r *Report, lookup Lookup) *htmlReport {
	return &htmlReport{report: r, lookup: lookup, engines: len(r.Engines), places: newFactPlaces(r.Snapshot)}
}

// named is a subject's name.
func (h *htmlReport) named(s rule.Subject) string {
	if h.host == "" {
		return clean(shownName(s, h.engines))
	}
	return lang.Sprintf("%s: %s", h.host, clean(shownName(s, h.engines)))
}

func (h *htmlReport) page() *page.Page {
	r := h.report
	p := &page.Page{Title: h.title(), About: h.about(), Tool: clean(r.Tool)}
	for _, s := range rule.Severities() {
		p.Severities = append(p.Severities, page.Count{Severity: s.String(), Number: r.counted()[s.String()]})
	}
	switch {
	case r.Paths != nil:
		p.Assumed = r.Paths.Assumed
		p.Map, p.Changes, p.Paths = r.Paths.htmlMap(), r.Paths.htmlChanges(), r.Paths.htmlPaths()
		p.Uncut = htmlHops(r.Paths.Cut.Uncut, r.Paths.names())
	case r.Attack != nil:
		p.Paths = r.Attack.htmlPaths()
	}
	if r.Snapshot == nil {
		p.LeftOut = append(p.LeftOut, lang.T("Not in the report: the attack map and its changes, containers, who reaches what, updates and where in the snapshot each fact stands. Give the snapshot for these."))
	}
	groups := r.Attack.first(GroupFindings(counting(r.Results), orUnknown(h.lookup)))
	for _, g := range groups {
		p.Findings = append(p.Findings, h.cause(g))
	}
	if r.Snapshot != nil {
		p.Containers = h.containers()
		p.Heat, p.Dates, p.Reach = h.heat(), h.dates(), h.reach()
		h.updates(p)
		if p.Reach == nil && r.ReachSize > 0 {
			p.LeftOut = append(p.LeftOut, lang.Sprintf("Who reaches what has %d cells, too many for this page: ask seawall reach --from NAME or --to NAME.", r.ReachSize))
		}
	}
	p.Benchmark, p.Waived = h.benchmark(), h.waived()
	c := r.Coverage
	p.Coverage = lang.Plural(c.Rules, "%d rule asked of %d subjects: %d passed, %d failed, %d not checked, %d not applicable, %d accepted.", "%d rules asked of %d subjects: %d passed, %d failed, %d not checked, %d not applicable, %d accepted.", c.Rules, subjects(c),
		c.Results.Pass, c.Results.Fail, c.Results.Unknown, c.Results.NotApplicable, c.Results.Waived)
	for _, g := range r.Gaps {
		p.NotChecked = append(p.NotChecked, page.Gap{Results: g.Results, Text: clean(lang.Reword(cmp.Or(g.Detail, string(g.Reason)))), Remedy: clean(lang.Reword(g.Remedy))})
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
		return lang.Sprintf("Docker audit of %s", strings.Join(atMost(names, 3), ", "))
	}
	return lang.Sprintf("Docker audit of %s", cmp.Or(clean(h.report.Host.Name), lang.T("an unknown host")))
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
	parts = append(parts, stamp(r), lang.Sprintf("profile %s", clean(r.Profile)))
	out := []string{strings.Join(parts, " · ")}
	for i := range r.Engines {
		e := &r.Engines[i]
		switch {
		case e.Gap != nil:
			out = append(out, lang.Sprintf("%s was not readable: %s", clean(e.Name), clean(lang.Reword(e.Gap.Detail))))
		case e.Declared:
			out = append(out, clean(e.Name)+": "+e.declares())
		default:
			out = append(out, clean(lang.Plural(e.Containers, "%[2]s %[3]s at %[4]s, %[1]d container", "%[2]s %[3]s at %[4]s, %[1]d containers", e.Containers, kindName(e.Kind), e.Version, e.Name)))
		}
	}
	return out
}

// summary is what matters first.
func (h *htmlReport) summary(groups []Group) []page.Statement {
	r := h.report
	var out []page.Statement
	switch {
	case r.Paths != nil:
		out = append(out, r.Paths.htmlVerdicts()...)
	case r.Attack != nil:
		out = append(out, r.Attack.htmlVerdicts(r.blind())...)
	}
	counts, total := r.counted(), 0
	for _, n := range counts {
		total += n
	}
	urgent := counts[rule.Critical.String()] + counts[rule.High.String()]
	out = append(out, page.Statement{Text: r.htmlCounts(total, urgent, len(groups)), Tone: page.Good})
	switch at := &out[len(out)-1]; {
	case urgent > 0:
		at.Tone, at.See = page.Bad, "findings"
	case total > 0:
		at.Tone, at.See = "", "findings"
	}
	if n := r.Coverage.Results.Unknown; n > 0 {
		out = append(out, page.Statement{Text: lang.Plural(n, "%d result could not be decided, for something was not seen.", "%d results could not be decided, for something was not seen.", n), Tone: page.Warn, See: "coverage"})
	} else {
		out = append(out, page.Statement{Text: lang.T("Everything that was asked could be seen."), Tone: page.Good})
	}
	if n := r.Coverage.Results.Waived; n > 0 {
		see := "" // a display filter may leave none of them
		if h.waived() != nil {
			see = "waived"
		}
		out = append(out, page.Statement{Text: lang.Plural(n, "%d finding is accepted.", "%d findings are accepted.", n), See: see})
	}
	return out
}

// blind reports whether something could not be read that may hold paths and findings.
func (r *Report) blind() bool {
	return len(r.Gaps) > 0 || slices.ContainsFunc(r.Engines, func(e Engine) bool { return e.Gap != nil })
}

// orUnknown gives a rule without texts where the book does not hold it: a report may be of
// another version, or of a file of rules.
func orUnknown(lookup Lookup) Lookup {
	return func(id string) (*rule.Rule, error) {
		if r, err := lookup(id); err == nil {
			return r, nil
		}
		return &rule.Rule{ID: id, Title: id, Why: lang.T("This program does not know the rule: it is of another version, or of a file of rules that was not named.")}, nil
	}
}

// htmlCounts is how many findings there are, those that count, and of how many causes.
func (r *Report) htmlCounts(total, urgent, causes int) string {
	switch fresh := r.Baseline != nil; {
	case total > 0 && r.Shown != nil:
		return lang.Sprintf("%d of %d findings are critical or high. Not all of them are listed here: the report was asked for a part.", urgent, total)
	case total == 0 && fresh:
		return lang.T("There are no new findings.")
	case total == 0:
		return lang.T("There are no findings.")
	case urgent == 0 && fresh:
		return lang.Plural(total, "%d new finding, of causes: %d. It is neither critical nor high.", "%d new findings, of causes: %d. None is critical or high.", total, causes)
	case urgent == 0:
		return lang.Plural(total, "%d finding, of causes: %d. It is neither critical nor high.", "%d findings, of causes: %d. None is critical or high.", total, causes)
	case fresh:
		return lang.Plural(causes, "%[2]d of %[3]d new findings are critical or high. All %[3]d come from %[1]d cause.", "%[2]d of %[3]d new findings are critical or high. All %[3]d come from %[1]d causes.", causes, urgent, total)
	}
	return lang.Plural(causes, "%[2]d of %[3]d findings are critical or high. All %[3]d come from %[1]d cause.", "%[2]d of %[3]d findings are critical or high. All %[3]d come from %[1]d causes.", causes, urgent, total)
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
			f.Subjects = append(f.Subjects, h.named(x.Subject))
		}
		f.Seen = h.seen(same[0].Subject, same[0].Evidence)
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
	t := &page.Table{Title: tableTitle(c), Head: []string{lang.T("number"), lang.T("recommendation"), lang.T("outcome"), lang.T("why")}}
	for _, e := range c.Recommendations {
		tone := map[compliance.State]page.Tone{compliance.Fail: page.Bad, compliance.Pass: page.Good}[e.State]
		t.Rows = append(t.Rows, []page.Value{{Text: e.Number}, {Text: lang.T(e.Title)}, {Text: stateWord(e.State), Tone: tone}, {Text: clean(cmp.Or(e.Reason, lang.T(e.Judge)))}})
	}
	return t
}

// waived is the table of what was accepted; nil if nothing was.
func (h *htmlReport) waived() *page.Table {
	t := &page.Table{Title: lang.T("Accepted findings"), Head: []string{lang.T("rule"), lang.T("on"), lang.T("until"), lang.T("reason"), lang.T("owner")}}
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
