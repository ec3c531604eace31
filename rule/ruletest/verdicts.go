package ruletest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seawall/rule"
)

// Verdicts is a table of results for people to read and for tests to compare: a
// line for each rule and verdict, with the subjects that got it. Of several
// verdicts the one of most subjects says "the rest".
func Verdicts(results []rule.Result) string {
	byRule := map[string]map[rule.Verdict][]string{}
	for i := range results {
		r := &results[i]
		if byRule[r.Rule] == nil {
			byRule[r.Rule] = map[rule.Verdict][]string{}
		}
		byRule[r.Rule][r.Verdict] = append(byRule[r.Rule][r.Verdict], subjectName(r.Subject))
	}
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(byRule)) {
		verdicts := byRule[id]
		most := slices.MaxFunc(slices.Sorted(maps.Keys(verdicts)), func(a, b rule.Verdict) int {
			return cmp.Compare(len(verdicts[a]), len(verdicts[b]))
		})
		for _, v := range slices.Sorted(maps.Keys(verdicts)) {
			subjects := slices.Sorted(slices.Values(verdicts[v]))
			if v == most && len(subjects) > 1 {
				subjects = []string{"all"}
				if len(verdicts) > 1 {
					subjects = []string{"the rest"}
				}
			}
			fmt.Fprintf(&out, "%-44s %-15s %s\n", id, v, strings.Join(subjects, ", "))
		}
	}
	return out.String()
}

// subjectName is short and, on one host, unique for a rule.
func subjectName(s rule.Subject) string {
	if s.Engine == "" || s.Engine == s.Name || s.Engine == "unix:///run/docker.sock" {
		return s.Name
	}
	return s.Name + " @ " + strings.TrimPrefix(s.Engine, "unix://")
}
