package compliance

import (
	"strings"

	"seawall/cis"
	"seawall/lang"
	"seawall/rule"
)

// Set sets an audit's results against a part of the CIS Docker Benchmark.
func Set(s cis.Selection, a Audit) *Table {
	t := &Table{Benchmark: "CIS Docker Benchmark", Release: string(s.Release) + ".0", Level: s.Level, Counts: map[State]int{}}
	for _, state := range States() {
		t.Counts[state] = 0
	}
	j := newJudge(a)
	for _, r := range s.Recommendations() {
		e := &Entry{Number: cis.NumberIn(r.Number, s.Release), Level: r.Level, Status: status(r), Title: r.Title, section: cis.Section(r.Number)}
		j.decide(r, e)
		t.Counts[e.State]++
		t.Recommendations = append(t.Recommendations, e)
	}
	return t
}

func status(r cis.Recommendation) string {
	if r.Automated {
		return "automated"
	}
	return "manual"
}

// judge finds what decides each recommendation.
type judge struct {
	Audit
	asked   map[string]bool
	results map[string][]*rule.Result // by rule
}

func newJudge(a Audit) *judge {
	j := &judge{Audit: a, asked: map[string]bool{}, results: map[string][]*rule.Result{}}
	for _, r := range a.Asked {
		j.asked[r.ID] = true
	}
	for i := range a.Results {
		r := &a.Results[i]
		j.results[r.Rule] = append(j.results[r.Rule], r)
	}
	return j
}

// decide fills in the state of a recommendation: by the rules that decide it,
// else by the facts, else it is a person's.
func (j *judge) decide(r cis.Recommendation, e *Entry) {
	var deciding []*rule.Rule
	for _, candidate := range j.Book {
		if candidate.Refs.Decides(r.Number) {
			deciding = append(deciding, candidate)
			e.Rules = append(e.Rules, candidate.ID)
		}
	}
	switch {
	case len(deciding) > 0:
		j.byRules(deciding, e)
	case r.Question != nil:
		j.byHand(r.Question, e)
	default:
		e.State, e.Reason = Unknown, lang.T("no rule decides it")
	}
}

// byHand gives a person the facts. Where they leave nothing to judge, that is
// the state.
func (j *judge) byHand(q *cis.Question, e *Entry) {
	facts, settled, reason := q.Ask(j.Snapshot)
	e.State, e.Facts, e.Reason, e.Judge = Manual, facts, reason, q.Judge
	switch settled {
	case cis.Met:
		e.State = Pass
	case cis.Void:
		e.State = NotApplicable
	}
	if settled != cis.Open {
		e.Judge = ""
	}
}

// byRules weighs the results of the rules.
func (j *judge) byRules(rules []*rule.Rule, e *Entry) {
	e.Results = &Counts{}
	var unknown, notApplicable string // the first of their messages
	for _, r := range rules {
		for _, result := range j.results[r.ID] {
			e.count(result)
			switch {
			case result.Verdict == rule.Unknown && unknown == "":
				unknown = result.Message
			case result.Verdict == rule.NotApplicable && notApplicable == "":
				notApplicable = result.Message
			}
		}
	}
	missing := j.notAsked(rules)
	switch c := e.Results; {
	case c.Fail > 0:
		e.State = Fail
	case c.Unknown > 0:
		e.State, e.Reason = Unknown, unknown
	case missing != "":
		e.State, e.Reason = Unknown, lang.Sprintf("not asked: %s", missing)
	case c.Waived > 0:
		e.State, e.Reason = Waived, lang.T("not followed, and accepted")
	case c.Pass > 0:
		e.State = Pass
	case len(j.Snapshot.Engines) == 0:
		e.State, e.Reason = Unknown, lang.T("no engine was found")
	case c.NotApplicable > 0:
		e.State, e.Reason = NotApplicable, notApplicable
	default:
		e.State, e.Reason = NotApplicable, lang.Sprintf("there is nothing to judge: %s", nothing(rules))
	}
}

// notAsked names the rules that the audit was told to leave out.
func (j *judge) notAsked(rules []*rule.Rule) string {
	var ids []string
	for _, r := range rules {
		if !j.asked[r.ID] {
			ids = append(ids, r.ID)
		}
	}
	return strings.Join(ids, ", ")
}

// nothing names the kinds of subjects of which there are none.
func nothing(rules []*rule.Rule) string {
	var kinds []string
	seen := map[rule.Kind]bool{}
	for _, r := range rules {
		if k := r.Kind(); !seen[k] {
			seen[k] = true
			kinds = append(kinds, lang.Sprintf("no %s", lang.T(string(k))))
		}
	}
	return lang.Comma(kinds)
}

func (e *Entry) count(r *rule.Result) {
	c := e.Results
	switch {
	case r.Waived != nil:
		c.Waived++
	case r.Verdict == rule.Failed:
		c.Fail++
	case r.Verdict == rule.Passed:
		c.Pass++
		return
	case r.Verdict == rule.NotApplicable:
		c.NotApplicable++
		return
	default:
		c.Unknown++
	}
	e.Behind = append(e.Behind, Behind{Rule: r.Rule, Verdict: r.Verdict, Subject: r.Subject, Fingerprint: r.Fingerprint, Waived: r.Waived != nil})
}
