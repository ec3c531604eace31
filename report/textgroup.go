package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// evidenceShown is how many pieces of evidence a message shows without
// --verbose, and messagesShown how many different messages a cause shows.
const (
	evidenceShown = 2
	messagesShown = 3
)

// full writes a cause with what was seen, where, the change to make and what
// it may break.
func (t *textReport) full(g Group) {
	t.linef(0, "")
	severity := strings.ToUpper(severityWord(g.Severity))
	t.headline(t.paint(severityColor(g.Severity), severity)+"  ", monospace.Width(severity)+2, g.Rule.Title)
	t.linef(2, "%s", t.paint(dim, g.Rule.ID))
	messages := g.byMessage()
	for i, same := range messages {
		if i == messagesShown && !t.Verbose && len(messages) > messagesShown+1 {
			t.linef(2, "%s", lang.Sprintf("… and %d more", len(messages)-i))
			break
		}
		t.message(same)
	}
	if reason := g.Results[0].SeverityReason; reason != "" {
		t.prose(2, lang.T("Severity: "), lang.Sprintf("%s, not %s: %s", severityWord(g.Severity), severityWord(g.Rule.Severity), reason))
	}
	t.fix(g.Rule, t.shownForms(g)...)
	if t.report.declared() && g.Results[0].Subject.Service != "" {
		t.edits(g.Rule.Fix.Edits)
	}
}

// message writes what was seen on the subjects of which the same is said.
func (t *textReport) message(same []*rule.Result) {
	first := same[0]
	t.prose(2, "", t.subjectList(same, 2*t.width())+": "+first.Message)
	evidence := first.Evidence
	rest := 0
	if !t.Verbose && len(evidence) > evidenceShown {
		rest = len(evidence) - evidenceShown
		evidence = evidence[:evidenceShown]
	}
	for _, e := range evidence {
		t.prose(4, lang.T("seen: "), evidenceText(e, t.Verbose))
	}
	if rest > 0 {
		t.linef(4, "%s", t.paint(dim, moreFacts(rest)))
	}
	if t.Verbose {
		for _, other := range same[1:] {
			for _, e := range other.Evidence {
				t.prose(4, lang.T("seen: "), evidenceText(e, true))
			}
		}
	}
}

// fix writes the change to make, in all the forms there are.
func (t *textReport) fix(r *rule.Rule, forms ...fixForm) {
	t.prose(2, lang.T("Fix: "), r.Fix.Text)
	for _, form := range forms {
		t.form(4, form)
	}
	t.prose(2, lang.T("May break: "), r.Fix.Breaks)
}

// edits says what 'audit --fix' changes in a Compose file.
func (t *textReport) edits(e rule.Edits) {
	if len(e.Do) == 0 {
		return
	}
	words := make([]string, len(e.Do))
	for i, edit := range e.Do {
		words[i] = edit.String()
	}
	text := lang.Sprintf("--fix=all would write %s", lang.Semicolon(words))
	if e.SafeWhen != "" {
		text = lang.Sprintf("--fix=all would write %s; --fix does, %s", lang.Semicolon(words), lang.T(e.SafeWhen))
	}
	t.prose(2, lang.T("In the file: "), text)
}

// form writes lines to copy.
func (t *textReport) form(indent int, f fixForm) {
	lines := strings.Split(strings.Trim(f.text, "\n"), "\n")
	if len(lines) == 1 {
		t.linef(indent, "%s %s", t.paint(dim, f.label+":"), clean(lines[0]))
		return
	}
	t.linef(indent, "%s", t.paint(dim, f.label+":"))
	for _, line := range lines {
		t.linef(indent+2, "%s", clean(line))
	}
}

// fixForm is a fix as lines to copy.
type fixForm struct{ label, text string }

// fixForms are the forms that a rule's fix has.
func fixForms(f rule.Fix) []fixForm {
	all := []fixForm{{"docker run", runWords(f.Run)}, {"Compose", f.Compose}, {"daemon.json", f.Daemon}, {"shell", f.Shell}}
	return slices.DeleteFunc(all, func(form fixForm) bool { return form.text == "" })
}

// runWords is a line for docker run, with what is said in words in the language spoken.
func runWords(run string) string {
	if what, is := strings.CutPrefix(run, "remove: "); is {
		if what, is := strings.CutSuffix(what, ", and directories that contain it"); is {
			return lang.Sprintf("remove: %s, and directories that contain it", what)
		}
		return lang.Sprintf("remove: %s", what)
	}
	if what, is := strings.CutPrefix(run, "instead of "); is {
		if old, line, is := strings.Cut(what, ": "); is {
			return lang.Sprintf("instead of %s: %s", old, line)
		}
	}
	if line, is := strings.CutPrefix(run, "instead: "); is {
		return lang.Sprintf("instead: %s", line)
	}
	return lang.T(run)
}

// shownForms are those that the report shows: all with --verbose; else, of a
// container, the one by which it was made, and of anything else the first.
func (t *textReport) shownForms(g Group) []fixForm {
	forms := fixForms(g.Rule.Fix)
	if t.Verbose || len(forms) < 2 {
		return forms
	}
	if slices.ContainsFunc(g.Results, func(r *rule.Result) bool { return r.Subject.Project != "" }) {
		if i := slices.IndexFunc(forms, func(f fixForm) bool { return f.label == "Compose" }); i >= 0 {
			return forms[i : i+1]
		}
	}
	return forms[:1]
}

// evidenceText is "fact = value (source)". Long values are cut, unless all of
// them is wanted.
func evidenceText(e rule.Evidence, all bool) string {
	value := valueText(e.Value)
	if !all {
		value = cut(value, 100)
	}
	return fmt.Sprintf("%s = %s (%s)", e.Fact, value, e.Source)
}

// subjectList names the subjects of results: as many as fit into the room, then
// the number of the rest. With --verbose all are named.
func (t *textReport) subjectList(results []*rule.Result, room int) string {
	var b strings.Builder
	for i, r := range results {
		name := t.subjectName(r.Subject)
		more := lang.Sprintf(" and %d more", len(results)-i)
		if !t.Verbose && i > 0 && monospace.Width(b.String())+2+monospace.Width(name)+monospace.Width(more) > room {
			b.WriteString(more)
			break
		}
		if i > 0 {
			b.WriteString(lang.Comma([]string{"", ""}))
		}
		b.WriteString(name)
	}
	return clean(b.String())
}

func (t *textReport) subjectName(s rule.Subject) string { return shownName(s, t.engines) }

// shownName is the subject's name, with its engine where several were found.
func shownName(s rule.Subject, engines int) string {
	if s.Kind == rule.KindEngine && engines < 2 {
		return lang.T("engine")
	}
	if engines < 2 || s.Engine == "" || s.Engine == s.Name {
		return s.Name
	}
	return s.Name + " @ " + strings.TrimPrefix(s.Engine, "unix://")
}
