// Package compliance sets the results of an audit against a benchmark: what
// became of each recommendation, and which results say so. It computes no
// verdicts of its own; for what no rule decides it gives the facts that a
// person needs.
package compliance

import (
	"seawall/cis"
	"seawall/rule"
	"seawall/snapshot"
)

// State is what became of a recommendation.
type State string

// The states, in the order in which one outweighs the others.
const (
	// Fail: a rule that decides it fails on some subject, and nobody accepted
	// that.
	Fail State = "fail"
	// Unknown: nothing fails, and some fact was not seen or some rule not asked.
	Unknown State = "unknown"
	// Waived: it is not followed, and every finding was accepted.
	Waived State = "waived"
	Pass   State = "pass"
	// Manual: a person has to judge.
	Manual State = "manual"
	// NotApplicable: there is nothing here that it is about.
	NotApplicable State = "not-applicable"
)

// States lists all states in the order reports show them.
func States() []State { return []State{Fail, Unknown, Waived, Manual, Pass, NotApplicable} }

// Table is a whole benchmark, or a level of it, for all engines of a host.
type Table struct {
	Benchmark string `json:"benchmark"`
	Release   string `json:"release"`
	// Level is the highest level that is part of the table.
	Level           int           `json:"level"`
	Counts          map[State]int `json:"counts"`
	Recommendations []*Entry      `json:"recommendations"`
}

// Entry is one recommendation and what became of it.
type Entry struct {
	Number string `json:"number"` // in the table's release
	Level  int    `json:"level"`
	// Status is the benchmark's own word, "automated" or "manual", as release
	// 1.8 has it.
	Status string `json:"status"`
	Title  string `json:"title"`
	State  State  `json:"state"`
	// Reason says why, where that is not plain from the results.
	Reason string `json:"reason,omitempty"`
	// Rules decide it; none for one that a person judges.
	Rules []string `json:"rules,omitempty"`
	// Results counts those of the rules.
	Results *Counts `json:"results,omitempty"`
	// Behind are the results that keep it from passing.
	Behind []Behind `json:"behind,omitempty"`
	// Judge is what a person has to judge, Facts what was seen of it.
	Judge string     `json:"judge,omitempty"`
	Facts []cis.Fact `json:"facts,omitempty"`

	section string
}

// Section is the title of the benchmark's section.
func (e *Entry) Section() string { return e.section }

// Counts are the results of the rules that decide a recommendation.
type Counts struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"notApplicable"`
	Waived        int `json:"waived"`
}

// Behind names a result of the report.
type Behind struct {
	Rule        string       `json:"rule"`
	Verdict     rule.Verdict `json:"verdict"`
	Subject     rule.Subject `json:"subject"`
	Fingerprint string       `json:"fingerprint"`
	Waived      bool         `json:"waived,omitempty"`
}

// Audit is what a table is made from: the whole book, the rules of it that were
// asked, and what they said of the snapshot.
type Audit struct {
	Snapshot *snapshot.Snapshot
	Book     []*rule.Rule
	Asked    []*rule.Rule
	Results  []rule.Result
}
