package rule

import "seawall/snapshot"

// Verdict is a rule's answer about one subject.
type Verdict string

// The verdicts.
const (
	Passed        Verdict = "pass"
	Failed        Verdict = "fail"
	Unknown       Verdict = "unknown"
	NotApplicable Verdict = "not-applicable"
)

// Result is the verdict of one rule about one subject, with what it rests on.
type Result struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// SeverityReason says why the severity differs from the rule's own.
	SeverityReason string  `json:"severityReason,omitempty"`
	Verdict        Verdict `json:"verdict"`
	Subject        Subject `json:"subject"`
	// Fingerprint names the result: the same rule and subject have the same one
	// in the next audit, and no other result of this one has it.
	Fingerprint string     `json:"fingerprint"`
	Message     string     `json:"message"`
	Evidence    []Evidence `json:"evidence"`
	// Gaps are the facts that could not be read, where they left the verdict
	// open.
	Gaps []MissingFact `json:"gaps,omitempty"`
	Refs []string      `json:"refs"`
	// Waived is the waiver that accepts this finding.
	Waived *Waiver `json:"waived,omitempty"`
	// Patch are changes of files that mend this finding; nil: none were asked for, or
	// there are none.
	Patch *Patch `json:"patch,omitempty"`
	// Since says how a failing result compares with the baseline; "" where the
	// audit has none.
	Since Since `json:"since,omitempty"`
}

// Since says how a failing result compares with an earlier audit.
type Since string

// The comparisons with a baseline.
const (
	New   Since = "new"   // it did not fail then
	Worse Since = "worse" // it failed then, with a lower severity
	Known Since = "known" // it failed then
)

// Finding reports whether the result is a failing one that nobody accepted.
func (r *Result) Finding() bool { return r.Verdict == Failed && r.Waived == nil }

// Counts reports whether the result counts for the audit's outcome: a finding
// that the baseline does not hold already.
func (r *Result) Counts() bool { return r.Finding() && r.Since != Known }

// Evidence is one fact a verdict rests on.
type Evidence struct {
	Fact   string `json:"fact"`
	Value  any    `json:"value"` // null: asked for and absent
	Source string `json:"source"`
}

// MissingFact is a fact that could not be read.
type MissingFact struct {
	Fact   string `json:"fact"`
	Source string `json:"source,omitempty"`
	snapshot.Gap
}
