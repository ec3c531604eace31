package report

import (
	"slices"

	"seawall/lang"
	"seawall/report/monospace"
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
			t.linef(0, "%s", t.paint(bold, lang.T("WAIVED")))
			first = false
		}
		text := lang.Sprintf("%s: until %s, %s", t.subjectName(r.Subject), r.Waived.Until, r.Waived.Reason)
		if r.Waived.Owner != "" {
			text = lang.Bracket(text, r.Waived.Owner)
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
	t.linef(0, "%s", t.paint(bold, lang.T("NOT CHECKED")+"  "+resultCount(t.report.Coverage.Results.Unknown)))
	for i, g := range gaps {
		if i == gapsShown && !t.Verbose && len(gaps) > gapsShown+1 {
			t.linef(2, "%s", lang.Plural(len(gaps)-i, "… and %d other reason", "… and %d other reasons", len(gaps)-i))
			break
		}
		t.prose(2, resultCount(g.Results)+": ", gapText(g))
		if t.Verbose {
			t.prose(4, lang.T("rules: "), lang.Comma(g.Rules))
		}
	}
}

// gapText says why something was not checked, and what would help.
func gapText(g Gap) string {
	if g.Remedy == "" {
		return lang.Reword(g.Detail)
	}
	return lang.Reword(g.Detail) + " → " + lang.Reword(g.Remedy)
}

func (t *textReport) warnings(list []string) {
	if len(list) == 0 {
		return
	}
	t.linef(0, "")
	for _, w := range list {
		t.prose(0, lang.T("warning: "), w)
	}
}

// summary is the last lines: the counts, and where to go on.
func (t *textReport) summary(groups []Group) {
	c := t.report.Coverage
	counts := make([]string, 0, 4)
	for _, s := range rule.Severities() {
		counts = append(counts, severityCount(c.Findings[s.String()], s))
	}
	t.linef(0, "")
	t.prose(0, "", lang.Sprintf("%s. %d passed, %d not checked, %d not applicable, %d waived; %s on %s.",
		lang.Comma(counts), c.Results.Pass, c.Results.Unknown, c.Results.NotApplicable, c.Results.Waived,
		ruleCount(c.Rules), subjectCount(subjects(c))))
	if len(groups) == 0 {
		return
	}
	hints := []hint{{lang.T("Explain one:"), "seawall explain " + groups[0].Rule.ID}}
	if slices.ContainsFunc(groups, t.mendable) {
		hints = append(hints, hint{lang.T("Mend:"), "seawall audit --fix --dry-run FILE"})
	}
	if !t.Verbose && slices.ContainsFunc(groups, func(g Group) bool { return g.Severity < rule.High }) {
		hints = append(hints, hint{lang.T("See all:"), "seawall audit --verbose"})
	}
	t.hints(hints)
}

// hint is a command that tells more.
type hint struct{ what, command string }

// hints writes commands below each other.
func (t *textReport) hints(list []hint) {
	widest := 0
	for _, h := range list {
		widest = max(widest, monospace.Width(h.what))
	}
	for _, h := range list {
		t.linef(0, "%s  %s", monospace.Pad(h.what, widest), h.command)
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
