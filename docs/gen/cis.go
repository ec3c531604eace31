package main

import (
	"fmt"
	"strings"

	"seawall/cis"
	"seawall/rule"
)

// cisPage is the table of the CIS Docker Benchmark: what decides each
// recommendation.
func cisPage(rules []*rule.Rule) string {
	var b strings.Builder
	b.WriteString(`# The CIS Docker Benchmark

What decides each recommendation in ` + "`seawall audit --profile cis-1.8`" + ` (or cis-1.7, cis-1.6;
level 1 only with cis-1.8-l1 and so on). Generated from the catalogue and the rules
by ` + "`make docs`" + `. Titles are our own words; the benchmark's text is to be had from CIS.

A recommendation *fails* if any rule that decides it fails, on any engine of the
host. Else it is *unknown* if a fact was not seen, *waived* if every finding was
accepted, *passed* if something passed, and *not applicable* where there is nothing
that it is about. What no rule decides is *manual*: the report says what to judge and
what was seen of it.
`)
	section := ""
	for _, r := range cis.All() {
		if s := cis.Section(r.Number); s != section {
			section = s
			fmt.Fprintf(&b, "\n## %s\n\n| 1.8 | 1.7 | 1.6 | level | recommendation | decided by |\n| --- | --- | --- | --- | --- | --- |\n", section)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s | %s |\n", cis.NumberIn(r.Number, cis.V18), cis.NumberIn(r.Number, cis.V17), cis.NumberIn(r.Number, cis.V16),
			r.Level, cell(r.Title), decidedBy(r, rules))
	}
	return b.String()
}

// decidedBy names the rules, or the question to a person.
func decidedBy(r cis.Recommendation, rules []*rule.Rule) string {
	var links []string
	for _, candidate := range rules {
		if candidate.Refs.Decides(r.Number) {
			links = append(links, fmt.Sprintf("[%s](rules/%s.md)", candidate.ID, candidate.ID))
		}
	}
	switch {
	case len(links) > 0:
		return strings.Join(links, ", ")
	case r.Question != nil:
		return "manual: " + cell(r.Question.Judge)
	}
	return "not yet decided"
}
