package report

import (
	"fmt"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// fold hides a text behind its summary.
func fold(summary, text string) string {
	return "\n<details>\n<summary>" + summary + "</summary>\n\n" + strings.Trim(text, "\n") + "\n\n</details>\n"
}

// seen tells of each critical and high cause what was seen, where, and the
// lines that change it.
func (m *markdown) seen(groups []Group) string {
	urgent := atLeast(groups, rule.High)
	if len(urgent) == 0 {
		return ""
	}
	var b strings.Builder
	for _, g := range urgent {
		fmt.Fprintf(&b, "\n#### %s\n\n", mdText(g.Rule.Title))
		messages := g.byMessage()
		for i, same := range messages {
			if i == mdSubjects && len(messages) > mdSubjects+1 {
				b.WriteString("- " + lang.Sprintf("… and %d more", len(messages)-i) + "\n")
				break
			}
			fmt.Fprintf(&b, "- %s: %s\n", m.subjects(same, mdCode), mdText(same[0].Message))
			for j, e := range same[0].Evidence {
				if j == mdEvidence {
					b.WriteString("  - " + moreFacts(len(same[0].Evidence)-j) + "\n")
					break
				}
				fmt.Fprintf(&b, "  - %s\n", mdCode(evidenceText(e, false)))
			}
		}
		for _, form := range fixForms(g.Rule.Fix) {
			fmt.Fprintf(&b, "\n%s:\n\n%s\n", form.label, mdBlock(form.text))
		}
		b.WriteString("\n" + lang.T("May break: ") + mdText(g.Rule.Fix.Breaks) + "\n")
	}
	return fold(lang.T("What was seen, and the lines to change"), b.String())
}

// rest is the table of the causes of one lower severity.
func (m *markdown) rest(groups []Group, s rule.Severity) string {
	var b strings.Builder
	causes, findings := 0, 0
	for _, g := range groups {
		if g.Severity != s {
			continue
		}
		if causes++; causes == 1 {
			b.WriteString(mdHeader(lang.T("fault"), lang.T("on"), lang.T("change")))
		}
		findings += len(g.Results)
		fmt.Fprintf(&b, "| %s<br>%s | %s | %s |\n", mdText(g.Rule.Title), mdCode(g.Rule.ID), m.subjects(g.Results, mdCell), mdText(g.Rule.Fix.Text))
	}
	if causes == 0 {
		return ""
	}
	return fold(lang.Comma([]string{severityCount(findings, s), causeCount(causes)}), b.String())
}

func (m *markdown) waived() string {
	var b strings.Builder
	n := 0
	for i := range m.report.Results {
		x := &m.report.Results[i]
		if x.Waived == nil {
			continue
		}
		if n++; n == 1 {
			b.WriteString(mdHeader(lang.T("rule"), lang.T("on"), lang.C("a date", "until"), lang.T("reason"), lang.T("owner")))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", mdCell(x.Rule), mdCell(shownName(x.Subject, m.engines)),
			mdText(x.Waived.Until), mdText(x.Waived.Reason), mdText(x.Waived.Owner))
	}
	if n == 0 {
		return ""
	}
	return fold(lang.Sprintf("%d waived", n), b.String())
}

func (m *markdown) gaps() string {
	if len(m.report.Gaps) == 0 {
		return ""
	}
	var b strings.Builder
	for _, g := range m.report.Gaps {
		fmt.Fprintf(&b, "- %s: %s\n", resultCount(g.Results), mdText(gapText(g)))
	}
	return fold(lang.Sprintf("%d not checked", m.report.Coverage.Results.Unknown), b.String())
}

func (m *markdown) foot() string {
	c := m.report.Coverage
	var b strings.Builder
	for _, w := range m.report.Warnings {
		b.WriteString("\n" + lang.Sprintf("Warning: %s", mdText(w)) + "\n")
	}
	b.WriteString("\n" + lang.Sprintf("%d passed, %d not checked, %d not applicable, %d waived; %s on %s. Seawall %s.", c.Results.Pass, c.Results.Unknown,
		c.Results.NotApplicable, c.Results.Waived, ruleCount(c.Rules), subjectCount(subjects(c)), mdText(m.report.Tool)) + "\n")
	return b.String()
}
