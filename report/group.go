package report

import (
	"cmp"
	"slices"
	"strconv"

	"seawall/rule"
)

// Group is one cause: all findings of one rule at one severity.
type Group struct {
	Rule     *rule.Rule
	Severity rule.Severity
	Results  []*rule.Result
}

// GroupFindings gathers findings by cause, worst first; among equals those
// with more subjects first.
func GroupFindings(results []rule.Result, lookup func(id string) (*rule.Rule, error)) []Group {
	type key struct {
		id       string
		severity rule.Severity
	}
	index := map[key]int{}
	var groups []Group
	for i := range results {
		r := &results[i]
		if !r.Finding() {
			continue
		}
		k := key{r.Rule, r.Severity}
		at, ok := index[k]
		if !ok {
			found, err := lookup(r.Rule)
			if err != nil {
				continue // a result of a rule that the book does not hold
			}
			at = len(groups)
			index[k] = at
			groups = append(groups, Group{Rule: found, Severity: r.Severity})
		}
		groups[at].Results = append(groups[at].Results, r)
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(len(b.Results), len(a.Results)), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return groups
}

// byMessage splits a group into results that say the same of their subjects.
func (g Group) byMessage() [][]*rule.Result {
	index := map[string]int{}
	var out [][]*rule.Result
	for _, r := range g.Results {
		at, ok := index[r.Message]
		if !ok {
			at = len(out)
			index[r.Message] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], r)
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
