package report

import (
	"time"

	"seawall/lang"
	"seawall/rule"
)

// Baseline says how an audit compares with an earlier one, whose findings do
// not count again.
type Baseline struct {
	TakenAt time.Time `json:"takenAt"`
	// New, Worse and Known count the findings; Findings counts the new and the
	// worse ones by severity. These decide the audit's outcome.
	New      int            `json:"new"`
	Worse    int            `json:"worse"`
	Known    int            `json:"known"`
	Findings map[string]int `json:"findings"`
	// Gone are the findings of the baseline that are none any more, NotChecked
	// those of which that cannot be told.
	Gone       []Ended `json:"gone"`
	NotChecked []Ended `json:"notChecked"`
}

// Ended is a finding of the baseline that this audit does not have.
type Ended struct {
	Rule        string        `json:"rule"`
	Severity    rule.Severity `json:"severity"`
	Subject     rule.Subject  `json:"subject"`
	Fingerprint string        `json:"fingerprint"`
	Message     string        `json:"message"`
	Why         string        `json:"why"`
}

// CompareWith marks the findings that the baseline holds already as known. It is
// called before any display filter.
func (r *Report) CompareWith(baseline *Report) {
	c := Compare(baseline, r)
	b := &Baseline{TakenAt: baseline.TakenAt, Findings: map[string]int{}, Gone: ended(c.Gone), NotChecked: ended(c.NotChecked)}
	for _, s := range rule.Severities() {
		b.Findings[s.String()] = 0
	}
	fresh := map[string]rule.Since{}
	for _, d := range c.New {
		fresh[d.After.Fingerprint] = rule.New
	}
	for _, d := range c.Changed {
		if d.Change == GotWorse {
			fresh[d.After.Fingerprint] = rule.Worse
		}
	}
	for i := range r.Results {
		if r.Results[i].Finding() {
			b.count(&r.Results[i], fresh[r.Results[i].Fingerprint])
		}
	}
	r.Baseline = b
	r.Warnings = append(r.Warnings, baselineWarnings(baseline, r)...)
}

func (b *Baseline) count(x *rule.Result, since rule.Since) {
	switch since {
	case rule.New:
		b.New++
	case rule.Worse:
		b.Worse++
	default:
		x.Since = rule.Known
		b.Known++
		return
	}
	x.Since = since
	b.Findings[x.Severity.String()]++
}

func ended(list []Difference) []Ended {
	out := make([]Ended, len(list))
	for i, d := range list {
		out[i] = Ended{d.Before.Rule, d.Before.Severity, d.Before.Subject, d.Before.Fingerprint, d.Before.Message, d.Why}
	}
	return out
}

// baselineWarnings say what may make a comparison less than it seems.
func baselineWarnings(before, after *Report) []string {
	var out []string
	if before.Host.Name != after.Host.Name {
		out = append(out, lang.Sprintf("the baseline is of another host: %s", before.Host.Name))
	}
	if before.Shown != nil {
		out = append(out, lang.T("the baseline shows a part of its results only: save it without --severity and --subject"))
	}
	if before.TakenAt.After(after.TakenAt) {
		out = append(out, lang.T("the baseline is younger than this audit"))
	}
	return out
}
