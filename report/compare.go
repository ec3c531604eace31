package report

import (
	"seawall/rule"

	"seawall/lang"
)

// Change is how a finding differs between two reports.
type Change string

// The changes.
const (
	Appeared   Change = "new"         // it fails now and did not before
	Gone       Change = "gone"        // it failed before and does not now
	GotWorse   Change = "worse"       // it fails with a higher severity
	GotBetter  Change = "better"      // it fails with a lower severity
	OtherFacts Change = "evidence"    // it fails for other facts
	Accepted   Change = "waived"      // it still fails, and a waiver accepts it
	Unseen     Change = "not-checked" // it failed before, and now it cannot be told
)

// Difference is a finding that differs between two reports.
type Difference struct {
	Change Change
	// Why says what makes it so.
	Why string
	// Before and After are the results; nil where a report has none.
	Before, After *rule.Result
}

// Result is the later of the two results.
func (d Difference) Result() *rule.Result {
	if d.After != nil {
		return d.After
	}
	return d.Before
}

// Comparison is what changed from one report to another. The lists are in the
// order of the reports: worst first.
type Comparison struct {
	New, Gone, Changed, NotChecked []Difference
	// Same counts the findings that are as they were.
	Same int

	language string // of the later report
}

// Compare finds what changed from one report to another. Findings are the same
// if their fingerprints are. One that the later report could not see is not
// gone: it is not checked.
func Compare(before, after *Report) *Comparison {
	c := &Comparison{language: after.Language}
	earlier, later, seen := index(before), index(after), newSight(before)
	for i := range after.Results {
		if now := &after.Results[i]; now.Verdict == rule.Failed {
			c.failing(before, seen, earlier[now.Fingerprint], now)
		}
	}
	sight := newSight(after)
	for i := range before.Results {
		if was := &before.Results[i]; was.Finding() {
			c.ended(sight, was, later[was.Fingerprint])
		}
	}
	return c
}

func index(r *Report) map[string]*rule.Result {
	out := make(map[string]*rule.Result, len(r.Results))
	for i := range r.Results {
		out[r.Results[i].Fingerprint] = &r.Results[i]
	}
	return out
}

// failing compares a result that fails now with what it was.
func (c *Comparison) failing(before *Report, seen sight, was, now *rule.Result) {
	if now.Waived != nil {
		if was != nil && was.Finding() {
			c.Changed = append(c.Changed, Difference{Accepted, lang.Sprintf("waived until %s", now.Waived.Until), was, now})
		}
		return
	}
	switch {
	case was == nil:
		c.New = append(c.New, Difference{Appeared, seen.blank(now), nil, now})
	case was.Waived != nil:
		c.New = append(c.New, Difference{Appeared, lang.Sprintf("was waived until %s", was.Waived.Until), was, now})
	case was.Verdict == rule.Unknown:
		c.New = append(c.New, Difference{Appeared, lang.T("was not checked"), was, now})
	case was.Verdict != rule.Failed:
		c.New = append(c.New, Difference{Appeared, "", was, now})
	case now.Severity > was.Severity:
		c.Changed = append(c.Changed, Difference{GotWorse, severityWord(was.Severity) + " → " + severityWord(now.Severity), was, now})
	case now.Severity < was.Severity:
		c.Changed = append(c.Changed, Difference{GotBetter, severityWord(was.Severity) + " → " + severityWord(now.Severity), was, now})
	default:
		c.facts(was, now, before.Language == c.language)
	}
}

// facts compares what two findings of one severity rest on; their messages only if both are
// in one language.
func (c *Comparison) facts(was, now *rule.Result, messages bool) {
	what := changedFact(was.Evidence, now.Evidence)
	if what == "" {
		c.Same++
		return
	}
	if messages && was.Message != now.Message {
		what = lang.Sprintf("was: %s", was.Message)
	}
	c.Changed = append(c.Changed, Difference{OtherFacts, what, was, now})
}

// ended takes note of a finding that is none now.
func (c *Comparison) ended(s sight, was, now *rule.Result) {
	switch {
	case now == nil:
		if why := s.blank(was); why != "" {
			c.NotChecked = append(c.NotChecked, Difference{Unseen, why, was, nil})
			return
		}
		c.Gone = append(c.Gone, Difference{Gone, lang.Sprintf("the %s is not there any more", kindWord(was.Subject.Kind)), was, nil})
	case now.Verdict == rule.Unknown:
		c.NotChecked = append(c.NotChecked, Difference{Unseen, now.Message, was, now})
	case now.Verdict == rule.Passed:
		c.Gone = append(c.Gone, Difference{Gone, lang.Sprintf("passes: %s", now.Message), was, now})
	case now.Verdict == rule.NotApplicable:
		c.Gone = append(c.Gone, Difference{Gone, lang.Sprintf("does not apply any more: %s", now.Message), was, now})
	}
}
