package ownrule

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// try judges the rule's examples: a bad one must fail, a good one pass, and with
// no fact known the answer must be unknown.
func (f *file) try(r *rule.Rule, bad, good []example) {
	for _, ex := range bad {
		s, err := trial.Load(ex.Example)
		if err != nil {
			continue // told when it was read
		}
		results := rule.Evaluate(s, []*rule.Rule{r})
		if count(results, rule.Failed) == 0 {
			f.fault(ex.node, "the bad example of %s does not fail: %s", r.ID, told(results))
		}
		f.tryBlind(r, ex, s)
	}
	for _, ex := range good {
		s, err := trial.Load(ex.Example)
		if err != nil {
			continue
		}
		results := rule.Evaluate(s, []*rule.Rule{r})
		if count(results, rule.Failed) > 0 || count(results, rule.Passed) == 0 {
			f.fault(ex.node, "the good example of %s does not pass: %s", r.ID, told(results))
		}
	}
}

// tryBlind judges an example of which nothing is known.
func (f *file) tryBlind(r *rule.Rule, ex example, s *snapshot.Snapshot) {
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: lang.N("it is not known in this trial")}
	snapshot.Walk(s, func(_ string, fact snapshot.AnyFact) { fact.Blind(gap) })
	results := rule.Evaluate(s, []*rule.Rule{r})
	if count(results, rule.Unknown) < len(results) {
		f.fault(ex.node, "%s has an answer where no fact is known: let fail or when read one", r.ID)
	}
}

func count(results []rule.Result, v rule.Verdict) int {
	n := 0
	for i := range results {
		if results[i].Verdict == v {
			n++
		}
	}
	return n
}

// told says what became of the example's subjects: of the worst one.
func told(results []rule.Result) string {
	if len(results) == 0 {
		return lang.T("it has no subject")
	}
	for _, v := range []rule.Verdict{rule.Failed, rule.Unknown, rule.NotApplicable, rule.Passed} {
		for _, r := range results {
			if r.Verdict == v {
				return string(r.Subject.Kind) + " " + r.Subject.Name + ": " + string(v) + ", " + r.Message
			}
		}
	}
	return ""
}
