package report

import (
	"fmt"

	"seawall/lang"
	"seawall/rule"
)

// goneShown is how many findings that are no more are shown without --verbose.
const goneShown = 10

// comparedFindings writes the new findings as ever, then in short those that the
// baseline holds already, and those that are no more.
func (t *textReport) comparedFindings(lookup Lookup) {
	b := t.report.Baseline
	fresh := GroupFindings(counting(t.report.Results), lookup)
	t.linef(0, "")
	t.prose(0, "", lang.Sprintf("Compared with the baseline of %s: %s.", b.TakenAt.UTC().Format("2006-01-02 15:04 UTC"), b.sum()))
	if b.New+b.Worse == 0 {
		t.linef(0, "%s", t.paint(green, lang.T("Nothing new.")))
	} else {
		t.findings(fresh)
	}
	t.known(lookup)
	t.ended(lang.T("GONE"), b.Gone)
	t.ended(lang.T("NOT CHECKED ANY MORE"), b.NotChecked)
}

// sum counts the findings of the comparison.
func (b *Baseline) sum() string {
	parts := []string{lang.Sprintf("%d new", b.New)}
	if b.Worse > 0 {
		parts = append(parts, lang.Sprintf("%d worse", b.Worse))
	}
	parts = append(parts, lang.Sprintf("%d known", b.Known), lang.Sprintf("%d gone", len(b.Gone)))
	if len(b.NotChecked) > 0 {
		parts = append(parts, lang.Sprintf("%d not checked any more", len(b.NotChecked)))
	}
	return lang.Comma(parts)
}

// known lists the causes that the baseline holds already, by severity; with
// --verbose in full.
func (t *textReport) known(lookup Lookup) {
	groups := GroupFindings(knownOnes(t.report.Results), lookup)
	if len(groups) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.Sprintf("KNOWN  %s, which do not count", findingCount(t.report.Baseline.Known))))
	if t.Verbose {
		for _, g := range groups {
			t.full(g)
		}
		return
	}
	for _, s := range rule.Severities() {
		var items []string
		for _, g := range groups {
			if g.Severity == s {
				items = append(items, counted(g))
			}
		}
		if len(items) > 0 {
			t.labelled(2, severityColor(s), severityWord(s)+": ", lang.Comma(items))
		}
	}
}

// knownOnes are the findings that the baseline holds already.
func knownOnes(results []rule.Result) []rule.Result {
	var out []rule.Result
	for _, x := range results {
		if x.Finding() && x.Since == rule.Known {
			out = append(out, x)
		}
	}
	return out
}

// counted is a cause's rule with the number of its subjects.
func counted(g Group) string {
	if n := len(g.Results); n > 1 {
		return fmt.Sprintf("%s (%d)", g.Rule.ID, n)
	}
	return g.Rule.ID
}

func (t *textReport) ended(title string, list []Ended) {
	if len(list) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, title+"  "+findingCount(len(list))))
	for i, e := range list {
		if i == goneShown && !t.Verbose && len(list) > goneShown+1 {
			t.linef(2, "%s", lang.Sprintf("… and %d more", len(list)-i))
			break
		}
		t.item(2, e.Rule, t.subjectName(e.Subject)+": "+e.Why)
	}
}
