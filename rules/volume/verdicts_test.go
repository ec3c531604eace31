package volume

import (
	"testing"

	"seawall/rule"
	"seawall/trial"
)

// The programs of the host are harmless to read, and not to write.
func TestReadOnlyBind(t *testing.T) {
	for options, want := range map[string]rule.Verdict{"bind,ro": rule.Passed, "ro,bind": rule.Passed, "bind": rule.Failed, "bind,rw": rule.Failed} {
		s, err := trial.Load(volume("/usr/bin", options))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, r := range rule.Evaluate(s, []*rule.Rule{bindsHostPath()}) {
			if r.Subject.Name == "data" {
				found = true
				if r.Verdict != want {
					t.Errorf("/usr/bin with o=%s: %s (%s), want %s", options, r.Verdict, r.Message, want)
				}
			}
		}
		if !found {
			t.Errorf("no result about the volume with o=%s", options)
		}
	}
}
