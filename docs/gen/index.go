package main

import (
	"fmt"
	"slices"
	"strings"

	"seawall/rule"
)

const indexIntro = `
Rules marked as *benchmark* ask what the CIS Docker Benchmark asks, to the letter. Their findings are no faults by themselves; they belong to the profiles of the benchmark ([table](../cis.md)) and to ` + "`all`" + `.
Those marked ` + "`--deep`, `--lists` or `--observation`" + ` are asked with that flag only, and those marked *Dockerfile* where one is judged.
`

// index lists the rules by the kind of subject they judge.
func index(rules []*rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rules\n\n%d rules, by what they judge; also [by severity](by-severity.md). Generated from the rules by `make docs`.\n%s", len(rules), indexIntro)
	for _, kind := range rule.Kinds() {
		table(&b, string(kind), "severity", rules, func(r *rule.Rule) (string, bool) { return marked(r), r.Kind() == kind })
	}
	return b.String()
}

// bySeverity lists the rules by severity, the worst first.
func bySeverity(rules []*rule.Rule) string {
	var b strings.Builder
	b.WriteString("# Rules by severity\n\n" + strings.Join(strings.Fields(`What a finding of each severity means: **critical**, one step gives control of the engine or the host to someone
who should not have it; **high**, a barrier between a container, a user or the network and the host is gone; **medium**, a second line of defence is weaker, or one workload can harm
another; **low**, hygiene. Also [by what they judge](README.md). Generated from the rules by`), " ") + " `make docs`.\n" + indexIntro)
	severities := []rule.Severity{rule.Critical, rule.High, rule.Medium, rule.Low}
	for _, severity := range severities {
		table(&b, severity.String(), "judges", rules, func(r *rule.Rule) (string, bool) {
			return string(r.Kind()) + onlyWith(r), !r.Exact && r.Severity == severity
		})
	}
	table(&b, "benchmark", "judges", rules, func(r *rule.Rule) (string, bool) { return string(r.Kind()) + onlyWith(r), r.Exact })
	return b.String()
}

// table lists the rules that are of a part of the index; say also gives the text of the
// column in the middle.
func table(b *strings.Builder, title, column string, rules []*rule.Rule, say func(*rule.Rule) (text string, is bool)) {
	if !slices.ContainsFunc(rules, func(r *rule.Rule) bool { _, is := say(r); return is }) {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n| rule | %s | fault |\n| --- | --- | --- |\n", title, column)
	for _, r := range rules {
		if text, is := say(r); is {
			fmt.Fprintf(b, "| [%s](%s.md) | %s | %s |\n", r.ID, r.ID, text, cell(r.Title))
		}
	}
}

// marked is the severity of a rule, and when it is asked.
func marked(r *rule.Rule) string {
	if r.Exact {
		return "benchmark" + onlyWith(r)
	}
	return r.Severity.String() + onlyWith(r)
}

// onlyWith says when a rule is asked, if not always.
func onlyWith(r *rule.Rule) string {
	var b strings.Builder
	for _, when := range []struct {
		is   bool
		text string
	}{{r.Deep, " (`--deep`)"}, {r.Lists, " (`--lists`)"}, {r.Observed, " (`--observation`)"}, {r.Dockerfile, " (Dockerfile)"}} {
		if when.is {
			b.WriteString(when.text)
		}
	}
	return b.String()
}
