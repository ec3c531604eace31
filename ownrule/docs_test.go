package ownrule_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"seawall/ownrule"
	"seawall/rule"
	"seawall/rule/ruletest"
)

// TestGuide: the rules in docs/own-rules.md load, and none of them passes
// because a fact is not known.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../docs/own-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []*rule.Rule
	for _, m := range regexp.MustCompile("(?s)```yaml\n(rules:.*?)```").FindAllStringSubmatch(string(text), -1) {
		all = append(all, parse(t, m[1])...)
	}
	if len(all) != 4 {
		t.Errorf("%d rules in the guide, want 4", len(all))
	}
	ruletest.Test(t, all)
}

func free(string) string { return "" }

// parse reads rules that have no fault.
func parse(t testing.TB, text string) []*rule.Rule {
	t.Helper()
	rules, err := ownrule.Parse("rules.yaml", []byte(text), free)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// lines are the faults of a text, one a line.
func lines(err error) string {
	var out []string
	if faults, ok := err.(ownrule.Faults); ok {
		for _, f := range faults {
			out = append(out, f.Error())
		}
	}
	return strings.Join(out, "\n")
}
