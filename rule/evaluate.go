package rule

import (
	"cmp"
	"slices"
	"sync"

	"seawall/confinement"
	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/parallel"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// Evaluate judges every subject of the snapshot by every rule. The results are
// ordered by severity, worst first, then by rule, engine and subject; the same
// snapshot and rules give the same results. Rules are judged side by side, as
// many as there are processors.
func Evaluate(s *snapshot.Snapshot, rules []*Rule) []Result {
	return EvaluateWith(s, rules, World{})
}

// World is what rules may ask for beside facts. Each is called once at most, if a
// rule asks.
type World struct {
	// Reach is who reaches what; nil: as the snapshot tells.
	Reach func() *matrix.Matrix
	// Currency is how up to date the host is; nil: by the data of this build.
	Currency func() *currency.Report
}

// complete fills what is not given, and makes each answer one for all rules.
func (w World) complete(s *snapshot.Snapshot) World {
	if w.Reach == nil {
		w.Reach = func() *matrix.Matrix { return matrix.NewPlan(s, matrix.ForRules).Matrix() }
	}
	if w.Currency == nil {
		w.Currency = func() *currency.Report { return currency.Judge(s, known.BuiltIn()) }
	}
	return World{sync.OnceValue(w.Reach), sync.OnceValue(w.Currency)}
}

// EvaluateWith is Evaluate where some of what rules ask for is known already.
func EvaluateWith(s *snapshot.Snapshot, rules []*Rule, world World) []Result {
	rules = slices.SortedStableFunc(slices.Values(rules), func(a, b *Rule) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.ID, b.ID))
	})
	lines := map[Kind]*lineup{}
	ends := make([]int, len(rules))
	total := 0
	for i, r := range rules {
		if lines[r.Kind()] == nil {
			lines[r.Kind()] = newLineup(s, r)
		}
		total += len(lines[r.Kind()].keys)
		ends[i] = total
	}
	results := make([]Result, total)
	world = world.complete(s)
	parallel.Each(len(rules), func(i int) {
		line := lines[rules[i].Kind()]
		line.judge(s, rules[i], world, results[ends[i]-len(line.keys):ends[i]])
	})
	return settle(rules, ends, results)
}

// settle puts the results whose severity is not their rule's in their places:
// all others are in order already.
func settle(rules []*Rule, ends []int, results []Result) []Result {
	var strays []Result
	kept, from := 0, 0
	for i, r := range rules {
		for j := from; j < ends[i]; j++ {
			if results[j].Severity != r.Severity {
				strays = append(strays, results[j])
				continue
			}
			if kept != j {
				results[kept] = results[j]
			}
			kept++
		}
		from = ends[i]
	}
	slices.SortStableFunc(strays, compareResults)
	for at := len(results) - 1; len(strays) > 0; at-- {
		last := &strays[len(strays)-1]
		if kept > 0 && compareResults(results[kept-1], *last) > 0 {
			kept--
			results[at] = results[kept]
			continue
		}
		results[at] = *last
		strays = strays[:len(strays)-1]
	}
	return results
}

func compareResults(a, b Result) int {
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Rule, b.Rule), compareSubjects(a.Subject, b.Subject))
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
		result.Message = couldNotRead(c.missed[0])
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

// couldNotRead is the message of an open verdict.
func couldNotRead(m MissingFact) string {
	if m.Fact == "" {
		return lang.Sprintf("could not read: %s", lang.T(m.Detail))
	}
	return lang.Sprintf("could not read %s: %s", m.Fact, lang.T(m.Detail))
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
