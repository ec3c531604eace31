package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
	"seawall/snapshot"
)

// Lookup finds a rule by id.
type Lookup func(id string) (*rule.Rule, error)

// Text writes the report for people: what matters first in full, the rest in
// short, then what could not be checked, then the sum.
func Text(w io.Writer, r *Report, style Style, lookup Lookup) error {
	out := bufio.NewWriter(w)
	t := &textReport{Writer: out, Style: style, report: r, engines: len(r.Engines)}
	t.header()
	groups := r.Attack.first(GroupFindings(r.Results, lookup))
	t.attack()
	if r.Baseline == nil {
		t.findings(groups)
	} else {
		t.comparedFindings(lookup)
	}
	t.waived()
	t.gaps()
	t.warnings(r.Warnings)
	t.benchmark()
	t.summary(groups)
	if err := out.Flush(); err != nil {
		return lang.Errorf("write report: %w", err)
	}
	return nil
}

// textReport is the state of one text report being written. Errors of the
// writer surface at the final flush.
type textReport struct {
	*bufio.Writer
	Style
	report  *Report
	engines int
}

// linef writes one line, indented.
func (t *textReport) linef(indent int, format string, args ...any) {
	fmt.Fprintf(t, "%*s", indent, "")
	fmt.Fprintf(t, format, args...)
	t.WriteByte('\n')
}

// prose writes text wrapped to the width, each line indented; the first one
// after the given label.
func (t *textReport) prose(indent int, label, text string) { t.labelled(indent, dim, label, text) }

// item writes a rule's id and what belongs to it, as prose does.
func (t *textReport) item(indent int, id, text string) { t.labelled(indent, bold, id+"  ", text) }

func (t *textReport) labelled(indent int, codes, label, text string) {
	t.hanging(indent, indent+monospace.Width(label), codes, label, text)
}

// step writes text after a mark, as a list has.
func (t *textReport) step(indent int, mark, text string) {
	t.hanging(indent, indent+4, dim, mark+" ", text)
}

// hanging is labelled with further lines that begin at a column.
func (t *textReport) hanging(indent, hang int, codes, label, text string) {
	for i, line := range monospace.Wrap(clean(text), t.width()-hang) {
		if i == 0 {
			t.linef(indent, "%s%s", t.paint(codes, label), line)
			continue
		}
		t.linef(hang, "%s", line)
	}
}

// headline writes a title that follows a label of so many columns, which is painted already.
func (t *textReport) headline(label string, columns int, title string) {
	for i, line := range monospace.Wrap(clean(title), t.width()-columns) {
		if i == 0 {
			t.linef(0, "%s%s", label, t.paint(bold, line))
			continue
		}
		t.linef(columns, "%s", t.paint(bold, line))
	}
}

func (t *textReport) header() {
	r := t.report
	if r.declared() {
		for i := range r.Engines {
			e := &r.Engines[i]
			if e.Gap != nil {
				t.item(0, clean(e.Name), lang.Sprintf("not readable: %s", lang.T(e.Gap.Detail)))
				continue
			}
			t.linef(0, "%s  %s", t.paint(bold, clean(e.Name)), e.declares())
		}
		return
	}
	host := r.Host.Name
	if host == "" {
		host = lang.T("unknown host")
	}
	parts := []string{clean(host)}
	if r.Host.OS != "" {
		parts = append(parts, clean(r.Host.OS))
	}
	if r.Host.Kernel != "" {
		parts = append(parts, lang.Sprintf("kernel %s", clean(r.Host.Kernel)))
	}
	parts = append(parts, r.TakenAt.UTC().Format("2006-01-02 15:04 UTC"))
	for _, line := range monospace.Wrap(strings.Join(parts, " · "), t.width()) {
		t.linef(0, "%s", t.paint(bold, strings.TrimSuffix(line, " ·")))
	}
	for i := range r.Engines {
		t.engine(&r.Engines[i])
	}
}

// declares is what files declare, in words: "2 containers and 1 image declared".
func (e *Engine) declares() string {
	var what []string
	if e.Containers > 0 {
		what = append(what, containerCount(e.Containers))
	}
	if e.Images > 0 {
		what = append(what, lang.Plural(e.Images, "%d image", "%d images", e.Images))
	}
	text := lang.And(what)
	if e.FoundBy == snapshot.FoundByImage {
		return text
	}
	if text == "" {
		return lang.T("declared")
	}
	return lang.Sprintf("%s declared", text)
}

func (t *textReport) engine(e *Engine) {
	if e.Gap != nil {
		text := lang.Sprintf("not readable: %s", lang.T(e.Gap.Detail))
		if e.Gap.Remedy != "" {
			text = lang.Sprintf("not readable: %s (%s)", lang.T(e.Gap.Detail), lang.T(e.Gap.Remedy))
		}
		t.item(0, clean(e.Name), text)
		return
	}
	about := []string{strings.TrimSpace(kindName(e.Kind) + " " + e.Version)}
	if e.Rootless != nil && *e.Rootless {
		about = append(about, lang.T("rootless"))
	}
	if !e.Local {
		about = append(about, lang.T("on another machine"))
	}
	about = append(about, containerCount(e.Containers))
	t.linef(0, "%s  %s", clean(e.Name), clean(lang.Comma(about)))
	if e.Auditor != "" {
		t.prose(2, "", lang.Sprintf("Seawall ran in container %s, which is judged like the others.", e.Auditor))
	}
}

func kindName(kind string) string {
	if kind == "podman" {
		return "Podman"
	}
	return "Docker Engine"
}

// findings writes critical and high groups in full, the others in short.
func (t *textReport) findings(groups []Group) {
	if len(groups) == 0 {
		t.linef(0, "")
		t.linef(0, "%s", t.paint(green, lang.T("No findings.")))
		return
	}
	short := map[rule.Severity][]Group{}
	for _, g := range groups {
		if t.Verbose || g.Severity >= rule.High {
			t.full(g)
		} else {
			short[g.Severity] = append(short[g.Severity], g)
		}
	}
	t.medium(short[rule.Medium])
	t.low(short[rule.Low])
}

func severityColor(s rule.Severity) string {
	switch s {
	case rule.Critical:
		return bold + ";" + red
	case rule.High:
		return red
	case rule.Medium:
		return yellow
	}
	return cyan
}

// medium writes two lines a group: the subjects, and the change to make.
func (t *textReport) medium(groups []Group) {
	if len(groups) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(severityColor(rule.Medium), strings.ToUpper(severityWord(rule.Medium))+"  "+causeCount(len(groups))))
	for _, g := range groups {
		t.item(2, g.Rule.ID, t.subjectList(g.Results, t.width()-monospace.Width(g.Rule.ID)-4))
		t.prose(4, lang.T("Fix: "), g.Rule.Fix.Text)
	}
}

// low writes the causes as a list of ids with the number of subjects.
func (t *textReport) low(groups []Group) {
	if len(groups) == 0 {
		return
	}
	items := make([]string, len(groups))
	for i, g := range groups {
		items[i] = counted(g)
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(severityColor(rule.Low), strings.ToUpper(severityWord(rule.Low))+"  "+causeCount(len(groups))))
	t.prose(2, "", lang.Comma(items))
}
