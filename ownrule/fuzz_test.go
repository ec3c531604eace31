package ownrule_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"seawall/ownrule"
	"seawall/rule"
	"seawall/trial"
)

// lineBreaks are those of YAML 1.1.
var lineBreaks = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// FuzzParse: whatever the file, there are rules that can be judged, or faults of
// one line each at places in the file.
func FuzzParse(f *testing.F) {
	f.Add(owner)
	f.Add(withFail("container.mounts.exists(m, m.source == '/')", "{container.name}"))
	f.Add("rules: [{id: a-b, fail: \"x\\n\", facts: {a.b[1][\"c\"]: null}}]")
	f.Add("rules: &a\n  - *a\n")
	f.Add(strings.Replace(owner, "run: docker run nginx", "run: docker run nginx\n        facts: {container.process.uid: 0, 'host.sysctls[\"x\"]': y}", 1))
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := ownrule.Parse("rules.yaml", []byte(text), free)
		var faults ownrule.Faults
		switch {
		case err == nil:
			s, err := trial.Load(rule.Example{Run: "docker run nginx"})
			if err != nil {
				t.Fatal(err)
			}
			rule.Evaluate(s, rules)
		case !errors.As(err, &faults) || len(faults) == 0:
			t.Errorf("error %v is no fault", err)
		}
		for _, fault := range faults {
			if strings.ContainsAny(fault.Text, "\n\r") || fault.Text == "" {
				t.Errorf("fault %q is not one line", fault.Text)
			}
			if lines := 1 + len(lineBreaks.FindAllString(text, -1)); fault.Line > lines {
				t.Errorf("fault in line %d of %d", fault.Line, lines)
			}
		}
	})
}
