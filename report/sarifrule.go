package report

import (
	"fmt"
	"strings"

	"seawall/cis"
	"seawall/lang"
	"seawall/rule"
)

// sarifText1024 is how long a rule's description may be for GitHub, in
// characters.
const sarifText1024 = 1024

// The parts of a SARIF rule that are used.
type (
	sarifRule struct {
		ID            string              `json:"id"`
		Name          string              `json:"name"`
		Short         sarifText           `json:"shortDescription"`
		Full          sarifText           `json:"fullDescription"`
		Help          sarifText           `json:"help"`
		Configuration sarifConfiguration  `json:"defaultConfiguration"`
		Properties    sarifRuleProperties `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRuleProperties struct {
		Tags      []string `json:"tags"`
		Precision string   `json:"precision"`
		// Severity is a number above 0 and up to 10, as text.
		Severity string `json:"security-severity"`
	}
)

func newSARIFRule(r *rule.Rule) sarifRule {
	return sarifRule{
		ID: r.ID, Name: camel(r.ID),
		Short:         sarifText{Text: r.Title},
		Full:          sarifText{Text: cut(oneParagraph(r.Why), sarifText1024)},
		Help:          sarifText{Text: helpText(r), Markdown: helpMarkdown(r)},
		Configuration: sarifConfiguration{sarifLevel(r.Severity)},
		Properties:    sarifRuleProperties{Tags: sarifTags(r), Precision: "high", Severity: securitySeverity(r.Severity)},
	}
}

// securitySeverity is a number in the middle of GitHub's range for each
// severity: over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium.
func securitySeverity(s rule.Severity) string {
	return map[rule.Severity]string{rule.Critical: "9.5", rule.High: "8.0", rule.Medium: "5.5", rule.Low: "2.0"}[s]
}

// sarifTags are the tags of a rule; GitHub uses ten.
func sarifTags(r *rule.Rule) []string {
	tags := []string{"security", "docker", string(r.Kind())}
	for _, n := range strings.Fields(r.Refs.CIS) {
		if n = cis.NumberIn(n, cis.V18); n != "" {
			tags = append(tags, "CIS-Docker-1.8-"+n)
		}
	}
	for _, id := range strings.Fields(r.Refs.ATTACK) {
		tags = append(tags, "ATT&CK-"+id)
	}
	for _, section := range strings.Fields(r.Refs.NIST) {
		tags = append(tags, "NIST-SP-800-190-"+section)
	}
	return tags[:min(len(tags), 10)]
}

func helpText(r *rule.Rule) string {
	var b strings.Builder
	b.WriteString(oneParagraph(r.Why) + "\n\n" + lang.T("Fix: ") + oneParagraph(r.Fix.Text) + "\n")
	for _, f := range fixForms(r.Fix) {
		fmt.Fprintf(&b, "\n%s:\n%s\n", f.label, strings.Trim(f.text, "\n"))
	}
	b.WriteString("\n" + lang.T("May break: ") + oneParagraph(r.Fix.Breaks) + "\n\n" + lang.T("References: ") + strings.Join(r.Refs.List(), "; ") + "\n")
	return b.String()
}

func helpMarkdown(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n**%s** %s\n", mdText(r.Why), lang.T("Fix."), mdText(r.Fix.Text))
	for _, f := range fixForms(r.Fix) {
		fmt.Fprintf(&b, "\n%s:\n\n%s\n", f.label, mdBlock(f.text))
	}
	fmt.Fprintf(&b, "\n**%s** %s\n\n**%s**\n\n", lang.T("May break."), mdText(r.Fix.Breaks), lang.T("References"))
	for _, ref := range r.Refs.List() {
		fmt.Fprintf(&b, "- %s\n", mdText(ref))
	}
	return b.String()
}

// camel is a rule's id as SARIF wants names: "ContainerPrivileged".
func camel(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		b.WriteString(strings.ToUpper(word[:min(1, len(word))]) + word[min(1, len(word)):])
	}
	return b.String()
}

func oneParagraph(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens a text to a number of characters.
func cut(s string, length int) string {
	if r := []rune(s); len(r) > length {
		return string(r[:length-1]) + "…"
	}
	return s
}
