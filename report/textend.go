package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/rule"
)

// gapsShown is how many reasons for unknown results are shown without
// --verbose.
const gapsShown = 4

// waived lists the accepted findings: never silently dropped.
func (t *textReport) waived() {
	first := true
	for i := range t.report.Results {
		r := &t.report.Results[i]
		if r.Waived == nil {
			continue
		}
		if first {
			t.linef(0, "")
			t.linef(0, "%s", t.paint(bold, "WAIVED"))
			first = false
		}
		text := fmt.Sprintf("%s: until %s, %s", t.subjectName(r.Subject), r.Waived.Until, r.Waived.Reason)
		if r.Waived.Owner != "" {
			text += " (" + r.Waived.Owner + ")"
		}
		t.item(2, r.Rule, text)
	}
}

// gaps says what could not be checked and what would make it checkable.
func (t *textReport) gaps() {
	gaps := t.report.Gaps
	if len(gaps) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, "NOT CHECKED  "+plural(t.report.Coverage.Results.Unknown, "result")))
	for i, g := range gaps {
		if i == gapsShown && !t.Verbose && len(gaps) > gapsShown+1 {
			t.linef(2, "… and %s", plural(len(gaps)-i, "other reason"))
			break
		}
		t.prose(2, plural(g.Results, "result")+": ", gapText(g))
		if t.Verbose {
			t.prose(4, "rules: ", strings.Join(g.Rules, ", "))
		}
	}
}

// gapText says why something was not checked, and what would help.
func gapText(g Gap) string {
	if g.Remedy == "" {
		return g.Detail
	}
	return g.Detail + " → " + g.Remedy
}

func (t *textReport) warnings(list []string) {
	if len(list) == 0 {
		return
	}
	t.linef(0, "")
	for _, w := range list {
		t.prose(0, "warning: ", w)
	}
}

// summary is the last lines: the counts, and where to go on.
func (t *textReport) summary(groups []Group) {
	c := t.report.Coverage
	counts := make([]string, 0, 4)
	for _, s := range rule.Severities() {
		counts = append(counts, fmt.Sprintf("%d %s", c.Findings[s.String()], s))
	}
	t.linef(0, "")
	t.prose(0, "", fmt.Sprintf("%s. %d passed, %d not checked, %d not applicable, %d waived; %s on %s.",
		strings.Join(counts, ", "), c.Results.Pass, c.Results.Unknown, c.Results.NotApplicable, c.Results.Waived,
		plural(c.Rules, "rule"), plural(subjects(c), "subject")))
	if len(groups) == 0 {
		return
	}
	t.linef(0, "Explain one:  seawall explain %s", groups[0].Rule.ID)
	if slices.ContainsFunc(groups, t.mendable) {
		t.linef(0, "Mend:         seawall audit --fix --dry-run FILE")
	}
	if !t.Verbose && slices.ContainsFunc(groups, func(g Group) bool { return g.Severity < rule.High }) {
		t.linef(0, "See all:      seawall audit --verbose")
	}
}

// mendable reports whether a cause is one that 'audit --fix' may write into a file.
func (t *textReport) mendable(g Group) bool {
	return t.report.declared() && len(g.Rule.Fix.Edits.Do) > 0 &&
		slices.ContainsFunc(g.Results, func(r *rule.Result) bool { return r.Subject.Service != "" })
}

func subjects(c Coverage) int {
	n := 0
	for _, count := range c.Subjects {
		n += count
	}
	return n
}
