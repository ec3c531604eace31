package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"seawall/lang"
	"seawall/rule"
)

const (
	// mdLimit is the length of a report in characters: GitHub takes comments of
	// 65,536.
	mdLimit = 60_000
	// mdSubjects is how many subjects a cause names.
	mdSubjects = 8
	// mdEvidence is how many pieces of evidence a subject shows.
	mdEvidence = 3
)

// Markdown writes a comment for a merge request or an issue: what matters first
// in a table, all else folded. What does not fit a comment is left out, and said
// so.
func Markdown(w io.Writer, r *Report, lookup Lookup) error {
	m := &markdown{report: r, engines: len(r.Engines)}
	groups := GroupFindings(counting(r.Results), lookup)
	m.add(m.head())
	m.add(m.urgent(groups))
	m.add(m.seen(groups))
	m.add(m.rest(groups, rule.Medium))
	m.add(m.rest(groups, rule.Low))
	m.add(m.known(lookup))
	m.add(m.gone())
	m.add(m.waived())
	m.add(m.gaps())
	m.add(m.foot())
	if _, err := io.WriteString(w, m.String()); err != nil {
		return lang.Errorf("write Markdown report: %w", err)
	}
	return nil
}

// counting are the findings that the baseline does not hold already.
func counting(results []rule.Result) []rule.Result {
	return slices.DeleteFunc(slices.Clone(results), func(x rule.Result) bool { return !x.Counts() })
}

// markdown is a Markdown report being written.
type markdown struct {
	comment
	report  *Report
	engines int
}

// comment is a text that must fit a comment.
type comment struct {
	strings.Builder
	length int
	full   bool
}

// add writes a section, if there is room for it.
func (m *comment) add(section string) {
	m.length += utf8.RuneCountInString(section)
	if m.length <= mdLimit {
		m.WriteString(section)
		return
	}
	if !m.full {
		m.WriteString("\n" + lang.T("Further sections do not fit a comment and are left out.") + "\n")
		m.full = true
	}
}

func (m *markdown) head() string { return mdHead(m.report, m.headline()) }

// mdHead says what came of it, and what it is about.
func mdHead(r *Report, headline string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Seawall: %s\n\n", headline)
	parts := []string{lang.Sprintf("Host %s", mdCode(r.Host.Name))}
	for _, part := range []string{r.Host.OS, r.Host.Kernel} {
		if part != "" {
			parts = append(parts, mdText(part))
		}
	}
	b.WriteString(lang.Sentence(lang.Comma(append(parts, r.TakenAt.UTC().Format("2006-01-02 15:04 UTC")))) + "\n")
	for i := range r.Engines {
		e := &r.Engines[i]
		if e.Gap != nil {
			b.WriteString(lang.Sprintf("%s was not readable: %s.", mdCode(e.Name), mdText(lang.T(e.Gap.Detail))) + "\n")
			continue
		}
		b.WriteString(lang.Sprintf("%s %s at %s, %s.", kindName(e.Kind), mdText(e.Version), mdCode(e.Name), containerCount(e.Containers)) + "\n")
	}
	return b.String()
}

// headline says the outcome in a few words.
func (m *markdown) headline() string {
	counts := m.report.counted()
	var parts []string
	for _, s := range rule.Severities() {
		if n := counts[s.String()]; n > 0 {
			parts = append(parts, severityCount(n, s))
		}
	}
	what := lang.Comma(parts)
	switch {
	case m.report.Baseline != nil && what == "":
		return lang.T("nothing new")
	case m.report.Baseline != nil:
		return lang.Sprintf("%s new", what)
	case what == "":
		return lang.T("no findings")
	}
	return what
}

// urgent is the table of critical and high causes.
func (m *markdown) urgent(groups []Group) string {
	urgent := atLeast(groups, rule.High)
	if len(urgent) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n" + mdHeader(lang.T("severity"), lang.T("fault"), lang.T("on"), lang.T("change")))
	for _, g := range urgent {
		fmt.Fprintf(&b, "| **%s** | %s<br>%s | %s | %s |\n", severityWord(g.Severity), mdText(g.Rule.Title), mdCode(g.Rule.ID),
			m.subjects(g.Results, mdCell), mdText(g.Rule.Fix.Text))
	}
	return b.String()
}

// mdHeader is the head of a table.
func mdHeader(titles ...string) string {
	return "| " + strings.Join(titles, " | ") + " |\n|" + strings.Repeat(" --- |", len(titles)) + "\n"
}

func atLeast(groups []Group, s rule.Severity) []Group {
	return slices.DeleteFunc(slices.Clone(groups), func(g Group) bool { return g.Severity < s })
}

// subjects names the subjects of a cause, each as a code span.
func (m *markdown) subjects(results []*rule.Result, code func(string) string) string {
	var names []string
	for i, x := range results {
		if i == mdSubjects && len(results) > mdSubjects+1 {
			return lang.Comma(names) + lang.Sprintf(" and %d more", len(results)-i)
		}
		names = append(names, code(shownName(x.Subject, m.engines)))
	}
	return lang.Comma(names)
}
