package report

import (
	"bufio"
	"io"
	"strings"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// Explain writes all a rule says about itself.
func Explain(w io.Writer, r *rule.Rule, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style}
	t.headline("", 0, r.Title)
	about := []string{r.ID, lang.Sprintf("severity %s", severityWord(r.Severity))}
	if r.Confined != 0 && r.Confined != r.Severity {
		about[1] = lang.Sprintf("severity %s (%s where root in the container is not root on the host)", severityWord(r.Severity), severityWord(r.Confined))
	}
	if r.Exact {
		about = append(about, lang.T("asked for a benchmark only"))
	}
	if r.Deep {
		about = append(about, lang.T("asked with --deep"))
	}
	if r.Lists {
		about = append(about, lang.T("asked with --lists"))
	}
	if r.Observed {
		about = append(about, lang.T("asked with --observation"))
	}
	if r.Dockerfile {
		about = append(about, lang.T("asked of Dockerfiles"))
	}
	if r.Where != "" {
		about = append(about, lang.Sprintf("from %s", r.Where))
	}
	t.prose(0, "", lang.Comma(append(about, lang.Sprintf("judges each %s", kindWord(r.Kind())))))
	t.linef(0, "")
	t.prose(0, "", r.Why)
	t.linef(0, "")
	t.fix(r, fixForms(r.Fix)...)
	t.edits(r.Fix.Edits)
	t.examples(lang.T("Fails"), r.Bad)
	t.examples(lang.T("Passes"), r.Good)
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.T("References")))
	for _, ref := range r.Refs.List() {
		t.prose(2, "", ref)
	}
	if err := t.Flush(); err != nil {
		return lang.Errorf("write explanation: %w", err)
	}
	return nil
}

func (t *textReport) examples(title string, examples []rule.Example) {
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, title))
	for _, e := range examples {
		if e.Show != "" {
			t.prose(2, "", lang.T(e.Show))
		}
		for _, code := range []struct{ label, text string }{{"", e.Run}, {"", e.Firewall}, {"daemon.json", e.Daemon}, {"~/.docker/config.json", e.Config}} {
			t.code(code.label, code.text)
		}
	}
}

// code writes lines to be copied, unwrapped.
func (t *textReport) code(label, text string) {
	if text == "" {
		return
	}
	if label != "" {
		t.linef(2, "%s", t.paint(dim, label+":"))
	}
	for _, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		t.linef(4, "%s", line)
	}
}

// RuleList writes one line a rule: id, severity, kind and title.
func RuleList(w io.Writer, rules []*rule.Rule, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style}
	for _, r := range rules {
		t.linef(0, "%s  %s  %s", t.paint(severityColor(r.Severity), monospace.Pad(severityWord(r.Severity), 8)), t.paint(bold, r.ID), r.Title)
	}
	t.linef(0, "%s", ruleCount(len(rules)))
	if err := t.Flush(); err != nil {
		return lang.Errorf("write rules: %w", err)
	}
	return nil
}
