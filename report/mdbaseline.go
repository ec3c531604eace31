package report

import (
	"fmt"
	"strings"

	"seawall/lang"
)

// known folds the findings that the baseline holds already.
func (m *markdown) known(lookup Lookup) string {
	groups := GroupFindings(knownOnes(m.report.Results), lookup)
	if len(groups) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(mdHeader(lang.T("severity"), lang.T("fault"), lang.T("on")))
	for _, g := range groups {
		fmt.Fprintf(&b, "| %s | %s<br>%s | %s |\n", severityWord(g.Severity), mdText(g.Rule.Title), mdCode(g.Rule.ID), m.subjects(g.Results, mdCell))
	}
	return fold(lang.Sprintf("%d known since the baseline", m.report.Baseline.Known), b.String())
}

// gone folds the findings of the baseline that are no more, and those of which
// that cannot be told.
func (m *markdown) gone() string {
	if m.report.Baseline == nil {
		return ""
	}
	gone, unseen := m.report.Baseline.Gone, m.report.Baseline.NotChecked
	return m.endedTable(lang.Sprintf("%d gone since the baseline", len(gone)), gone) +
		m.endedTable(lang.Sprintf("%d of the baseline not checked any more", len(unseen)), unseen)
}

func (m *markdown) endedTable(summary string, list []Ended) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(mdHeader(lang.T("rule"), lang.T("on"), lang.T("why")))
	for _, e := range list {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", mdCell(e.Rule), mdCell(shownName(e.Subject, m.engines)), mdText(e.Why))
	}
	return fold(summary, b.String())
}
