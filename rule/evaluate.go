package rule

import (
	"cmp"
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/snapshot"
)

// Evaluate judges every subject of the snapshot by every rule. The results are
// ordered by severity, worst first, then by rule, engine and subject; the same
// snapshot and rules give the same results.
func Evaluate(s *snapshot.Snapshot, rules []*Rule) []Result {
	results := make([]Result, 0, estimate(s, rules))
	for _, r := range rules {
		forEachSubject(s, r, func(c *Context, subject Subject, check func() Answer) {
			results = append(results, judge(c, subject, check))
		})
	}
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Subject.Engine, b.Subject.Engine),
			cmp.Compare(a.Subject.Name, b.Subject.Name),
		)
	})
	fingerprint(s, results)
	return results
}

// estimate sizes the result list: most results are about containers.
func estimate(s *snapshot.Snapshot, rules []*Rule) int {
	containers := 0
	for i := range s.Engines {
		list, _ := s.Engines[i].Containers.Peek()
		containers += len(list)
	}
	perContainer := 0
	for _, r := range rules {
		if r.Container != nil {
			perContainer++
		}
	}
	return containers*perContainer + 4*len(rules)
}

// judge runs one check and turns its answer into a result. A fact that could
// not be read turns anything but a failure into unknown.
func judge(c *Context, subject Subject, check func() Answer) Result {
	a := run(check)
	result := Result{
		Rule:     c.rule.ID,
		Severity: c.rule.Severity,
		Verdict:  a.verdict,
		Subject:  subject,
		Message:  a.message,
		Evidence: c.read,
		Refs:     c.refs,
	}
	if a.verdict != Failed && len(c.missed) > 0 {
		result.Verdict = Unknown
		result.Message = strings.TrimSuffix("could not read "+c.missed[0].Fact, " ") + ": " + c.missed[0].Detail
		result.Gaps = c.missed
	}
	if result.Verdict == Failed {
		if len(c.cited) > 0 {
			result.Evidence = c.cited
		}
		result.Severity, result.SeverityReason = severity(c, a)
	}
	if result.Evidence == nil {
		result.Evidence = []Evidence{}
	}
	return result
}

// run calls the check and turns Stop into an unknown answer.
func run(check func() Answer) (a Answer) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(stopped); !ok {
				panic(p)
			}
			a = Answer{verdict: Unknown}
		}
	}()
	return check()
}

// severity is the answer's own, else the rule's, lowered where the engine
// keeps container root away from host root.
func severity(c *Context, a Answer) (Severity, string) {
	if a.severity != 0 {
		return a.severity, a.reason
	}
	if c.rule.Confined == 0 || c.Engine == nil {
		return c.rule.Severity, ""
	}
	if reason := confinement.Confined(c.Engine, c.container); reason != "" {
		return c.rule.Confined, reason
	}
	return c.rule.Severity, ""
}
