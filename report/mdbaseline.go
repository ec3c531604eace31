package report

import (
	"fmt"
	"strings"
)

// known folds the findings that the baseline holds already.
func (m *markdown) known(lookup Lookup) string {
	groups := GroupFindings(knownOnes(m.report.Results), lookup)
	if len(groups) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| severity | fault | on |\n| --- | --- | --- |\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "| %s | %s<br>%s | %s |\n", g.Severity, mdText(g.Rule.Title), mdCode(g.Rule.ID), m.subjects(g.Results, mdCell))
	}
	return fold(fmt.Sprintf("%d known since the baseline", m.report.Baseline.Known), b.String())
}

// gone folds the findings of the baseline that are no more, and those of which
// that cannot be told.
func (m *markdown) gone() string {
	if m.report.Baseline == nil {
		return ""
	}
	return m.endedTable("gone since the baseline", m.report.Baseline.Gone) +
		m.endedTable("of the baseline not checked any more", m.report.Baseline.NotChecked)
}

func (m *markdown) endedTable(what string, list []Ended) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| rule | on | why |\n| --- | --- | --- |\n")
	for _, e := range list {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", mdCell(e.Rule), mdCell(shownName(e.Subject, m.engines)), mdText(e.Why))
	}
	return fold(fmt.Sprintf("%d %s", len(list), what), b.String())
}
