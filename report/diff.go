package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// DiffFormat is the format and version of a difference in JSON; its schema is
// docs/schema/diff-1.json.
const DiffFormat = "seawall.diff/1"

// Diff is what changed from one report to another.
type Diff struct {
	Before, After *Report
	*Comparison
	Warnings []string
}

// NewDiff compares two reports.
func NewDiff(before, after *Report) *Diff {
	return &Diff{before, after, Compare(before, after), diffWarnings(before, after)}
}

// diffWarnings say what may make the difference less than it seems.
func diffWarnings(before, after *Report) []string {
	var out []string
	if before.Host.Name != after.Host.Name {
		out = append(out, lang.Sprintf("the reports are of two hosts: %s and %s", before.Host.Name, after.Host.Name))
	}
	if before.Shown != nil || after.Shown != nil {
		out = append(out, lang.T("a report shows a part of its results only: save it without --severity and --subject"))
	}
	if before.TakenAt.After(after.TakenAt) {
		out = append(out, lang.T("the first report is younger than the second"))
	}
	return out
}

// Worst is the highest severity among the findings that are new or became worse;
// 0 if there are none.
func (d *Diff) Worst() rule.Severity {
	worst := rule.Severity(0)
	for _, x := range d.New {
		worst = max(worst, x.After.Severity)
	}
	for _, x := range d.Changed {
		if x.Change == GotWorse {
			worst = max(worst, x.After.Severity)
		}
	}
	return worst
}

// parts are the lists of the difference with their headings, in the order in
// which they are shown.
func (d *Diff) parts() []diffPart {
	return []diffPart{{lang.T("NEW"), d.New}, {lang.T("CHANGED"), d.Changed}, {lang.T("GONE"), d.Gone}, {lang.T("NOT CHECKED ANY MORE"), d.NotChecked}}
}

type diffPart struct {
	title string
	list  []Difference
}

// DiffText writes the difference for people.
func DiffText(w io.Writer, d *Diff, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style, report: d.After, engines: max(len(d.Before.Engines), len(d.After.Engines))}
	day := func(r *Report) string {
		return clean(r.Host.Name) + " " + r.TakenAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	t.prose(0, "", fmt.Sprintf("%s → %s", day(d.Before), day(d.After)))
	t.prose(0, "", lang.Sprintf("%d new, %d changed, %d gone, %d not checked any more, %d as before",
		len(d.New), len(d.Changed), len(d.Gone), len(d.NotChecked), d.Same))
	for _, p := range d.parts() {
		t.differences(p)
	}
	t.warnings(d.Warnings)
	if err := t.Flush(); err != nil {
		return lang.Errorf("write difference: %w", err)
	}
	return nil
}

// differences writes those of one rule that have the same reason as one entry,
// with --verbose each.
func (t *textReport) differences(p diffPart) {
	if len(p.list) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, p.title+"  "+findingCount(len(p.list))))
	for from := 0; from < len(p.list); {
		first := p.list[from]
		var alike []*rule.Result
		for _, d := range p.list[from:] {
			if len(alike) > 0 && (t.Verbose || !first.like(d)) {
				break
			}
			alike = append(alike, d.Result())
		}
		from += len(alike)
		severity := first.Result().Severity
		t.labelled(2, severityColor(severity), monospace.Pad(severityWord(severity), 8)+"  ", first.Result().Rule+": "+t.subjectList(alike, t.width())+t.reason(first))
	}
}

// like reports whether two differences differ in their subjects only.
func (d Difference) like(other Difference) bool {
	a, b := d.Result(), other.Result()
	return a.Rule == b.Rule && a.Severity == b.Severity && d.Change == other.Change && d.Why == other.Why
}

// reason says why, and with --verbose what was found.
func (t *textReport) reason(d Difference) string {
	var words []string
	if t.Verbose && d.After != nil && d.After.Verdict == rule.Failed {
		words = append(words, d.After.Message)
	}
	if d.Why != "" {
		words = append(words, d.Why)
	}
	if len(words) == 0 {
		return ""
	}
	return lang.Bracket("", lang.Semicolon(words))
}

// DiffJSON writes the difference in the format described by
// docs/schema/diff-1.json.
func DiffJSON(w io.Writer, d *Diff) error {
	out := diffJSON{
		Format: DiffFormat, Before: side(d.Before), After: side(d.After),
		Counts:   diffCounts{len(d.New), len(d.Changed), len(d.Gone), len(d.NotChecked), d.Same},
		Warnings: append([]string{}, d.Warnings...), Differences: []differenceJSON{},
	}
	for _, p := range d.parts() {
		for _, x := range p.list {
			r := x.Result()
			out.Differences = append(out.Differences, differenceJSON{x.Change, x.Why, r.Rule, r.Subject, r.Fingerprint, state(x.Before), state(x.After)})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return lang.Errorf("write JSON difference: %w", err)
	}
	return nil
}

type diffJSON struct {
	Format      string           `json:"format"`
	Before      diffSide         `json:"before"`
	After       diffSide         `json:"after"`
	Counts      diffCounts       `json:"counts"`
	Warnings    []string         `json:"warnings"`
	Differences []differenceJSON `json:"differences"`
}

// diffSide names one of the two reports.
type diffSide struct {
	Tool    string    `json:"tool"`
	TakenAt time.Time `json:"takenAt"`
	Profile string    `json:"profile"`
	Host    Host      `json:"host"`
}

func side(r *Report) diffSide { return diffSide{r.Tool, r.TakenAt, r.Profile, r.Host} }

type diffCounts struct {
	New        int `json:"new"`
	Changed    int `json:"changed"`
	Gone       int `json:"gone"`
	NotChecked int `json:"notChecked"`
	Same       int `json:"same"`
}

type differenceJSON struct {
	Change      Change       `json:"change"`
	Why         string       `json:"why"`
	Rule        string       `json:"rule"`
	Subject     rule.Subject `json:"subject"`
	Fingerprint string       `json:"fingerprint"`
	Before      *diffState   `json:"before,omitempty"`
	After       *diffState   `json:"after,omitempty"`
}

// diffState is what one report says.
type diffState struct {
	Verdict  rule.Verdict    `json:"verdict"`
	Severity rule.Severity   `json:"severity"`
	Message  string          `json:"message"`
	Evidence []rule.Evidence `json:"evidence"`
	Waived   *rule.Waiver    `json:"waived,omitempty"`
}

func state(r *rule.Result) *diffState {
	if r == nil {
		return nil
	}
	return &diffState{r.Verdict, r.Severity, r.Message, r.Evidence, r.Waived}
}
