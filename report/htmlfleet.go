package report

import (
	"cmp"
	"slices"

	"seawall/lang"
	"seawall/report/page"
	"seawall/rule"
)

// htmlFleet is the page of several hosts: how their audits went, and what the newest ones
// found.
func (t *Timeline) htmlFleet(lookup Lookup) *page.Page {
	p := &page.Page{Title: lang.Sprintf("Docker audits of %d hosts", len(t.Hosts)), Timeline: t.htmlTimeline(lookup), Warnings: t.Warnings}
	p.About = []string{t.htmlSpan()}
	counts, unknown, total := map[string]int{}, 0, 0
	for _, r := range t.Newest() {
		for name, n := range r.Coverage.Findings {
			counts[name] += n
			total += n
		}
		unknown += r.Coverage.Results.Unknown
		p.Tool = cmp.Or(p.Tool, clean(r.Tool))
	}
	for _, s := range rule.Severities() {
		p.Severities = append(p.Severities, page.Count{Severity: s.String(), Number: counts[s.String()]})
	}
	p.Findings = t.htmlFleetFindings(lookup)
	p.Summary = append(p.Summary, t.htmlVerdict(), t.htmlFleetCounts(counts, total))
	if unknown > 0 {
		p.Summary = append(p.Summary, page.Statement{Text: lang.Plural(unknown, "%d result could not be decided, for something was not seen.", "%d results could not be decided, for something was not seen.", unknown), Tone: page.Warn, See: "coverage"})
	}
	p.Coverage = lang.T("Of the newest audit of each host:")
	for i := range t.Hosts {
		c := t.Hosts[i].Newest().Coverage
		p.CoverageOf = append(p.CoverageOf, lang.Sprintf("%s: %d rules asked, %d passed, %d failed, %d not checked, %d not applicable, %d accepted.", t.Hosts[i].shown(),
			c.Rules, c.Results.Pass, c.Results.Fail, c.Results.Unknown, c.Results.NotApplicable, c.Results.Waived))
	}
	for i := range t.Hosts {
		t.Hosts[i].htmlGaps(p)
	}
	p.LeftOut = []string{lang.T("Containers, attack map, who reaches what, updates, benchmarks and accepted findings are told of one host at a time: give the audits of one.")}
	return p
}

// htmlGaps adds what the newest audit could not see.
func (h *HostTimeline) htmlGaps(p *page.Page) {
	r := h.Newest()
	said := func(text string) string { return lang.Sprintf("%s: %s", h.shown(), clean(text)) }
	for _, w := range r.Warnings {
		p.Warnings = append(p.Warnings, said(w))
	}
	for i := range r.Engines {
		if e := &r.Engines[i]; e.Gap != nil {
			p.Warnings = append(p.Warnings, said(lang.Sprintf("%s was not readable: %s", e.Name, lang.Reword(e.Gap.Detail))))
		}
	}
	for _, g := range r.Gaps {
		p.NotChecked = append(p.NotChecked, page.Gap{Results: g.Results, Text: said(lang.Reword(cmp.Or(g.Detail, string(g.Reason)))), Remedy: clean(lang.Reword(g.Remedy))})
	}
}

// htmlSpan says when the audits were.
func (t *Timeline) htmlSpan() string {
	var first, last *Report
	for i := range t.Hosts {
		for _, r := range t.Hosts[i].Reports {
			if first == nil || r.TakenAt.Before(first.TakenAt) {
				first = r
			}
			if last == nil || r.TakenAt.After(last.TakenAt) {
				last = r
			}
		}
	}
	return lang.Sprintf("%d audits from %s to %s", t.Audits(), stamp(first), stamp(last))
}

// htmlVerdict is on how many hosts an attack has a way.
func (t *Timeline) htmlVerdict() page.Statement {
	certain, possible, unasked, blind := 0, 0, 0, 0
	for _, r := range t.Newest() {
		if r.blind() {
			blind++
		}
		switch a := r.Attack; {
		case a == nil:
			unasked++
		case a.Certain > 0:
			certain++
		case a.Possible > 0:
			possible++
		}
	}
	hosts := len(t.Hosts)
	switch {
	case unasked == hosts:
		return page.Statement{Text: lang.T("Of no host is it told how an attack could go."), See: "timeline"}
	case certain == 0 && possible == 0 && unasked == 0 && blind > 0:
		return page.Statement{Text: lang.Sprintf("In what could be read, on none of the %d hosts is a path of an attack known; on %d not all could be read.", hosts, blind), Tone: page.Warn, See: "coverage"}
	case certain == 0 && possible == 0 && unasked == 0:
		return page.Statement{Text: lang.Sprintf("On none of the %d hosts is a path of an attack known.", hosts), Tone: page.Good, See: "timeline"}
	case certain > 0:
		return page.Statement{Text: lang.Plural(certain, "%d of %d hosts has a known attack path; on %d more there may be one, and of %d it was not worked out.", "%d of %d hosts have a known attack path; on %d more there may be one, and of %d it was not worked out.", certain, hosts, possible, unasked), Tone: page.Bad, See: "timeline"}
	}
	return page.Statement{Text: lang.Sprintf("No host has a certain attack path; on %d of %d there may be one, and of %d it was not worked out.", possible, hosts, unasked), Tone: page.Warn, See: "timeline"}
}

func (t *Timeline) htmlFleetCounts(counts map[string]int, total int) page.Statement {
	if total == 0 {
		return page.Statement{Text: lang.T("There are no findings."), Tone: page.Good}
	}
	tone := page.Tone("")
	if counts[rule.Critical.String()]+counts[rule.High.String()] > 0 {
		tone = page.Bad
	}
	return page.Statement{Text: lang.Plural(total, "%d finding in the newest audits: %s.", "%d findings in the newest audits: %s.", total, tally(counts)), Tone: tone, See: "findings"}
}

// htmlFleetFindings are those of the newest audits by cause, each subject with its host.
func (t *Timeline) htmlFleetFindings(lookup Lookup) []page.Cause {
	type key struct {
		rule     string
		severity rule.Severity
	}
	var keys []key
	causes := map[key]*page.Cause{}
	numbers := map[key]int{}
	for i := range t.Hosts {
		host := &t.Hosts[i]
		r := host.Newest()
		h := newHTMLReport(r, lookup)
		h.host = host.shown()
		for _, g := range GroupFindings(r.Results, orUnknown(lookup)) {
			k := key{g.Rule.ID, g.Severity}
			numbers[k] += len(g.Results)
			next := h.cause(g)
			if c := causes[k]; c != nil {
				c.Findings = append(c.Findings, next.Findings...)
				c.InPath = c.InPath || next.InPath
				continue
			}
			keys = append(keys, k)
			causes[k] = &next
		}
	}
	slices.SortStableFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(b.severity, a.severity), compareBool(causes[b].InPath, causes[a].InPath), cmp.Compare(numbers[b], numbers[a]), cmp.Compare(a.rule, b.rule))
	})
	var out []page.Cause
	for _, k := range keys {
		out = append(out, *causes[k])
	}
	return out
}
