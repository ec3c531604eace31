package report

import (
	"bufio"
	"io"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// ExplainStep writes all that a step of attack paths says about itself, with its
// outline.
func ExplainStep(w io.Writer, s *attack.Step, o *attack.Outline, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style}
	t.linef(0, "%s", t.paint(bold, s.Title))
	t.prose(0, "", lang.Sprintf("%s, a step of attack paths, looked for at each %s; MITRE ATT&CK %s", s.ID, kindWord(rule.Kind(s.At)), s.ATTACK))
	t.linef(0, "")
	t.prose(0, "", s.Why)
	t.linef(0, "")
	t.prose(2, lang.T("From: "), lang.Semicolon(o.From))
	t.prose(2, lang.T("To: "), lang.Semicolon(o.To))
	t.prose(2, lang.T("Effort: "), lang.Comma([]string{itoa(s.Cost), s.CostReason}))
	t.several(lang.T("If: "), o.Needs)
	t.several(lang.T("One more effort if: "), o.Harder)
	t.prose(2, lang.T("Seen by: "), s.Proof)
	if s.Permanent != "" {
		t.prose(2, lang.T("Not ended by any change: "), s.Permanent)
	}
	for _, c := range o.Changes {
		t.prose(2, lang.T("Ended by: "), c.Text+" · "+c.ID)
	}
	t.examples(lang.T("There"), s.Bad)
	t.examples(lang.T("Not there"), s.Good)
	if err := t.Flush(); err != nil {
		return lang.Errorf("write explanation: %w", err)
	}
	return nil
}

// several writes texts, each under the same label.
func (t *textReport) several(label string, texts []string) {
	for _, text := range texts {
		t.prose(2, label, text)
	}
}
