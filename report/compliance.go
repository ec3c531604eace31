package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/compliance"
	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// benchmark writes the table of a benchmark: a line for each recommendation,
// by section, and below it what keeps it from passing.
func (t *textReport) benchmark() {
	table := t.report.Compliance
	if table == nil {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, tableTitle(table)))
	section := ""
	told := map[string]string{}
	for _, e := range table.Recommendations {
		if e.Section() != section {
			section = e.Section()
			t.section(table, section)
		}
		t.recommendation(e, told)
	}
	t.linef(0, "")
	t.prose(0, "", lang.Sentence(lang.Plural(len(table.Recommendations), "%d recommendation", "%d recommendations", len(table.Recommendations))+": "+countText(table.Counts)))
}

func tableTitle(table *compliance.Table) string {
	name := strings.ToUpper(table.Benchmark) + " " + table.Release
	if table.Level == 1 {
		return lang.Sprintf("%s, level 1", name)
	}
	return lang.Sprintf("%s, levels 1 and 2", name)
}

// section writes a section's title with the count of its states.
func (t *textReport) section(table *compliance.Table, title string) {
	counts := map[compliance.State]int{}
	for _, e := range table.Recommendations {
		if e.Section() == title {
			counts[e.State]++
		}
	}
	t.linef(0, "")
	t.prose(0, lang.T(title)+"  ", countText(counts))
}

// countText is "3 fail, 2 unknown, 40 pass".
func countText(counts map[compliance.State]int) string {
	var words []string
	for _, s := range compliance.States() {
		if counts[s] > 0 {
			words = append(words, stateCount(counts[s], s))
		}
	}
	return lang.Comma(words)
}

func stateCount(n int, s compliance.State) string {
	switch s {
	case compliance.Fail:
		return lang.Sprintf("%d fail", n)
	case compliance.Unknown:
		return lang.Sprintf("%d unknown", n)
	case compliance.Waived:
		return lang.Sprintf("%d waived", n)
	case compliance.Pass:
		return lang.Sprintf("%d pass", n)
	case compliance.Manual:
		return lang.Sprintf("%d manual", n)
	}
	return lang.Sprintf("%d not applicable", n)
}

func stateColor(s compliance.State) string {
	switch s {
	case compliance.Fail:
		return red
	case compliance.Pass:
		return green
	case compliance.NotApplicable:
		return dim
	}
	return yellow
}

// The columns of a recommendation: its state, number, level and title.
const (
	stateColumn  = 10
	numberColumn = 8
	titleColumn  = 2 + stateColumn + numberColumn + 4
)

// shortState fits into the column.
func shortState(s compliance.State) string {
	switch s {
	case compliance.Fail:
		return lang.T("FAIL")
	case compliance.Unknown:
		return lang.T("UNKNOWN")
	case compliance.Waived:
		return lang.T("WAIVED")
	case compliance.Pass:
		return lang.T("PASS")
	case compliance.Manual:
		return lang.T("MANUAL")
	}
	return lang.T("n/a")
}

// stateWord is a state as people read it in a sentence or a table.
func stateWord(s compliance.State) string {
	switch s {
	case compliance.Fail:
		return lang.C("a recommendation", "fail")
	case compliance.Unknown:
		return lang.C("a recommendation", "unknown")
	case compliance.Waived:
		return lang.C("a recommendation", "waived")
	case compliance.Pass:
		return lang.C("a recommendation", "pass")
	case compliance.Manual:
		return lang.C("a recommendation", "manual")
	}
	return lang.T("not applicable")
}

// recommendation writes one. Facts that were told already, at the number that
// told has, are not told again.
func (t *textReport) recommendation(e *compliance.Entry, told map[string]string) {
	head := t.paint(stateColor(e.State), monospace.Pad(shortState(e.State), stateColumn)) + fmt.Sprintf("%-*sL%d  ", numberColumn, e.Number, e.Level)
	for i, line := range monospace.Wrap(lang.T(e.Title), t.width()-titleColumn) {
		if i == 0 {
			t.linef(2, "%s%s", head, line)
			continue
		}
		t.linef(titleColumn, "%s", line)
	}
	switch e.State {
	case compliance.Fail, compliance.Waived:
		t.behind(e)
	case compliance.Manual:
		t.manual(e, told)
	case compliance.Unknown:
		t.prose(titleColumn, "", e.Reason)
	default:
		if t.Verbose && e.Reason != "" {
			t.prose(titleColumn, "", e.Reason)
		}
	}
}

// behind names the rules that fail, with their subjects.
func (t *textReport) behind(e *compliance.Entry) {
	subjects := map[string][]*rule.Result{}
	var ids []string
	for i := range e.Behind {
		b := &e.Behind[i]
		if b.Verdict != rule.Failed {
			continue
		}
		if subjects[b.Rule] == nil {
			ids = append(ids, b.Rule)
		}
		subjects[b.Rule] = append(subjects[b.Rule], &rule.Result{Subject: b.Subject})
	}
	slices.Sort(ids)
	for i, id := range ids {
		if i == rulesShown && !t.Verbose && len(ids) > rulesShown+1 {
			t.linef(titleColumn, "%s", lang.Plural(len(ids)-i, "… and %d other rule", "… and %d other rules", len(ids)-i))
			break
		}
		t.item(titleColumn, id, t.subjectList(subjects[id], t.width()-titleColumn-2-len(id)))
	}
	if waived := e.Results.Waived; waived > 0 {
		t.linef(titleColumn, "%s", lang.Plural(waived, "%d finding waived", "%d findings waived", waived))
	}
}

// rulesShown is how many rules, and factsShown how many facts, a recommendation
// shows without --verbose.
const (
	rulesShown = 3
	factsShown = 3
)

// manual writes what a person has to judge, and what was seen of it.
func (t *textReport) manual(e *compliance.Entry, told map[string]string) {
	t.prose(titleColumn, "", lang.T(e.Judge))
	key := fmt.Sprint(e.Facts)
	if number := told[key]; number != "" {
		t.linef(titleColumn, "%s", t.paint(dim, lang.Sprintf("facts: as for %s", number)))
		return
	}
	told[key] = e.Number
	for i, f := range e.Facts {
		if i == factsShown && !t.Verbose && len(e.Facts) > factsShown+1 {
			t.linef(titleColumn, "%s", lang.Plural(len(e.Facts)-i, "… and %d other fact", "… and %d other facts", len(e.Facts)-i))
			break
		}
		t.prose(titleColumn, clean(f.Name)+": ", f.Value)
	}
}
