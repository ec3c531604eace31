package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// csvHeader names the columns. Columns are added at the end only.
var csvHeader = []string{
	"verdict", "severity", "rule", "title", "kind", "subject", "engine", "project", "service",
	"message", "evidence", "fix", "fingerprint", "since", "waived until", "waived by", "waiver reason",
}

// CSV writes one line a result as RFC 4180 describes, what fails first.
func CSV(w io.Writer, r *Report, lookup Lookup) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	// The writer keeps its first error; Flush and Error tell it.
	_ = out.Write(csvHeader)
	for _, x := range failingFirst(r.Results) {
		_ = out.Write(csvLine(x, lookup))
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return lang.Errorf("write CSV report: %w", err)
	}
	return nil
}

func csvLine(x *rule.Result, lookup Lookup) []string {
	var title, fix string
	if found, err := lookup(x.Rule); err == nil {
		title, fix = found.Title, found.Fix.Text
	}
	evidence := make([]string, len(x.Evidence))
	for i, e := range x.Evidence {
		evidence[i] = evidenceText(e, true)
	}
	verdict, until, owner, reason := string(x.Verdict), "", "", ""
	if x.Waived != nil {
		verdict, until, owner, reason = "waived", x.Waived.Until, x.Waived.Owner, x.Waived.Reason
	}
	line := []string{
		verdict, x.Severity.String(), x.Rule, title, string(x.Subject.Kind), x.Subject.Name, x.Subject.Engine,
		x.Subject.Project, x.Subject.Service, x.Message, lang.Semicolon(evidence), fix,
		x.Fingerprint, string(x.Since), until, owner, reason,
	}
	for i, cell := range line {
		line[i] = csvCell(cell)
	}
	return line
}

// csvCell keeps a spreadsheet from taking a cell for a formula: one that begins
// as formulas do gets an apostrophe in front, which spreadsheets take as the
// mark of a text (OWASP, CSV Injection). Control characters, which may end a
// cell in lax readers, are replaced.
func csvCell(s string) string {
	s = clean(s)
	if s == "" {
		return s
	}
	if trimmed := strings.TrimLeft(s, " \u00a0\ufeff\u3000"); trimmed != "" && strings.ContainsAny(firstRune(trimmed), "=+-@＝＋－＠") {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for i, r := range s {
		return s[i : i+len(string(r))]
	}
	return ""
}

// failingFirst orders results for readers who stop early: failing, waived,
// unknown, passed, not applicable; each worst first, as they come.
func failingFirst(results []rule.Result) []*rule.Result {
	rank := func(r *rule.Result) int {
		switch {
		case r.Finding():
			return 0
		case r.Waived != nil:
			return 1
		case r.Verdict == rule.Unknown:
			return 2
		case r.Verdict == rule.Passed:
			return 3
		}
		return 4
	}
	list := make([]*rule.Result, len(results))
	for i := range results {
		list[i] = &results[i]
	}
	slices.SortStableFunc(list, func(a, b *rule.Result) int { return rank(a) - rank(b) })
	return list
}
