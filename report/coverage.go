package report

import (
	"cmp"
	"maps"
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// cover counts rules, subjects and verdicts.
func cover(rules []*rule.Rule, results []rule.Result) Coverage {
	c := Coverage{Rules: len(rules), Subjects: map[rule.Kind]int{}, Findings: map[string]int{}}
	for _, s := range rule.Severities() {
		c.Findings[s.String()] = 0
	}
	seen := map[rule.Subject]bool{}
	for i := range results {
		r := &results[i]
		if !seen[r.Subject] && r.Subject.Name != "*" {
			seen[r.Subject] = true
			c.Subjects[r.Subject.Kind]++
		}
		c.count(r)
	}
	return c
}

func (c *Coverage) count(r *rule.Result) {
	switch {
	case r.Waived != nil:
		c.Results.Waived++
	case r.Verdict == rule.Failed:
		c.Results.Fail++
		c.Findings[r.Severity.String()]++
	case r.Verdict == rule.Passed:
		c.Results.Pass++
	case r.Verdict == rule.NotApplicable:
		c.Results.NotApplicable++
	default:
		c.Results.Unknown++
	}
}

// collectGaps groups unknown results by what would make them known, the gap
// that leaves most open first.
func collectGaps(results []rule.Result) []Gap {
	type key struct {
		reason         snapshot.Reason
		remedy, detail string
	}
	groups := map[key]*Gap{}
	details := map[key]map[string]int{} // how many results each detail leaves open
	for i := range results {
		r := &results[i]
		if r.Verdict != rule.Unknown || len(r.Gaps) == 0 {
			continue
		}
		g := r.Gaps[0].Gap
		k := key{g.Reason, g.Remedy, g.Detail}
		if g.Remedy != "" {
			k.detail = "" // the same remedy is one entry, whatever the path
		}
		if groups[k] == nil {
			groups[k] = &Gap{Gap: g}
			details[k] = map[string]int{}
		}
		details[k][g.Detail]++
		groups[k].Results++
		if !slices.Contains(groups[k].Rules, r.Rule) {
			groups[k].Rules = append(groups[k].Rules, r.Rule)
		}
	}
	out := make([]Gap, 0, len(groups))
	for k, g := range groups {
		slices.Sort(g.Rules)
		g.Detail = commonest(details[k])
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.Results, a.Results), cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.Remedy, b.Remedy), cmp.Compare(a.Detail, b.Detail))
	})
	return out
}

// commonest is the detail that leaves most results open, and says how many
// others there are.
func commonest(details map[string]int) string {
	names := slices.SortedFunc(maps.Keys(details), func(a, b string) int {
		return cmp.Or(cmp.Compare(details[b], details[a]), cmp.Compare(a, b))
	})
	if len(names) == 1 {
		return names[0]
	}
	return lang.Plural(len(names)-1, "%[2]s, and %[1]d other reason", "%[2]s, and %[1]d other reasons", len(names)-1, lang.Reword(names[0]))
}

// Filter narrows what a report shows; it changes no count and no verdict.
type Filter struct {
	// Severity shows findings of this severity and above; 0 shows all.
	Severity rule.Severity `json:"severity,omitempty"`
	// Subjects are kinds ("container") or shell patterns over subject names.
	Subjects []string `json:"subjects,omitempty"`
}

// Apply removes the results that the filter does not show.
func (f Filter) Apply(r *Report) {
	if f.Severity == 0 && len(f.Subjects) == 0 {
		return
	}
	r.Shown = &f
	r.Results = slices.DeleteFunc(slices.Clone(r.Results), func(x rule.Result) bool { return !f.shows(&x) })
}

// Shows reports whether a result is shown.
func (f Filter) Shows(r *rule.Result) bool { return f.shows(r) }

func (f Filter) shows(r *rule.Result) bool {
	if r.Severity < f.Severity {
		return false
	}
	if len(f.Subjects) == 0 {
		return true
	}
	return slices.ContainsFunc(f.Subjects, func(pattern string) bool {
		return pattern == string(r.Subject.Kind) || rule.MatchName(pattern, r.Subject.Name)
	})
}
