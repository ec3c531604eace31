package report

import (
	"fmt"
	"io"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// TimelineMarkdown writes a comment on how audits went: tables first, what changed folded.
func TimelineMarkdown(w io.Writer, t *Timeline) error {
	m := &comment{}
	if len(t.Hosts) > 1 {
		m.add("## Seawall: " + lang.Sprintf("%d audits of %d hosts", t.Audits(), len(t.Hosts)) + "\n")
		m.add("\n" + mdTable(hostsHead(), t.hostRows()))
	} else {
		m.add("## Seawall: " + lang.Plural(t.Audits(), "%d audit of %s", "%d audits of %s", t.Audits(), mdText(t.Hosts[0].shown())) + "\n")
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		if len(t.Hosts) > 1 {
			m.add("\n### " + mdText(h.shown()) + "\n")
		}
		m.add("\n" + mdTable(timelineHead(), h.rows()))
		for n := len(h.Steps) - 1; n >= 0; n-- {
			m.add(h.mdStep(n))
		}
	}
	for _, warning := range t.Warnings {
		m.add("\n" + mdText(warning) + "\n")
	}
	if _, err := io.WriteString(w, m.String()); err != nil {
		return lang.Errorf("write Markdown timeline: %w", err)
	}
	return nil
}

// mdStep is what changed with an audit, folded; "" if nothing did.
func (h *HostTimeline) mdStep(n int) string {
	var b strings.Builder
	for _, p := range timelineParts(h.Steps[n]) {
		for i, d := range p.list {
			if i == 0 {
				fmt.Fprintf(&b, "\n%s:\n\n", p.title)
			}
			if i == mdSubjects*4 {
				b.WriteString("- " + lang.Sprintf("… and %d more", len(p.list)-i) + "\n")
				break
			}
			x := d.Result()
			fmt.Fprintf(&b, "- %s %s: %s", x.Severity, mdCode(x.Rule), mdCode(shownName(x.Subject, len(h.Reports[n+1].Engines))))
			if d.Why != "" {
				b.WriteString(" (" + mdText(d.Why) + ")")
			}
			b.WriteString("\n")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return fold(stamp(h.Reports[n])+" → "+stamp(h.Reports[n+1]), b.String())
}

// mdTable is a table of plain texts.
func mdTable(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + mdText(c) + " ")
		}
		b.WriteString("|\n")
	}
	line(head)
	b.WriteString(strings.Repeat("| --- ", len(head)) + "|\n")
	for _, row := range rows {
		line(row)
	}
	return b.String()
}

// tally counts findings by severity in words: "2 critical, 1 low".
func tally(counts map[string]int) string {
	var parts []string
	for _, s := range rule.Severities() {
		if n := counts[s.String()]; n > 0 {
			parts = append(parts, severityCount(n, s))
		}
	}
	return lang.Comma(parts)
}
