package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/rule"
)

// Explain writes all a rule says about itself.
func Explain(w io.Writer, r *rule.Rule, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style}
	t.linef(0, "%s", t.paint(bold, r.Title))
	severity := fmt.Sprintf("%s, severity %s", r.ID, r.Severity)
	if r.Confined != 0 && r.Confined != r.Severity {
		severity += fmt.Sprintf(" (%s where root in the container is not root on the host)", r.Confined)
	}
	if r.Exact {
		severity += ", asked for a benchmark only"
	}
	if r.Deep {
		severity += ", asked with --deep"
	}
	if r.Lists {
		severity += ", asked with --lists"
	}
	if r.Observed {
		severity += ", asked with --observation"
	}
	if r.Dockerfile {
		severity += ", asked of Dockerfiles"
	}
	if r.Where != "" {
		severity += ", from " + r.Where
	}
	t.prose(0, "", fmt.Sprintf("%s, judges each %s", severity, r.Kind()))
	t.linef(0, "")
	t.prose(0, "", r.Why)
	t.linef(0, "")
	t.fix(r, fixForms(r.Fix)...)
	t.edits(r.Fix.Edits)
	t.examples("Fails", r.Bad)
	t.examples("Passes", r.Good)
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, "References"))
	for _, ref := range r.Refs.List() {
		t.prose(2, "", ref)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write explanation: %w", err)
	}
	return nil
}

func (t *textReport) examples(title string, examples []rule.Example) {
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, title))
	for _, e := range examples {
		if e.Show != "" {
			t.prose(2, "", e.Show)
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
		t.linef(0, "%s  %s  %s", t.paint(severityColor(r.Severity), fmt.Sprintf("%-8s", r.Severity)), t.paint(bold, r.ID), r.Title)
	}
	t.linef(0, "%s", plural(len(rules), "rule"))
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	return nil
}
