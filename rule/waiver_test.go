package rule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seawall/rule"
)

func known(id string) error {
	if !rule.MatchName(id, "container-privileged") {
		return &rule.UnknownNameError{What: "rule", Name: id, Near: "container-privileged", See: "seawall rules"}
	}
	return nil
}

const goodWaiver = `waivers:
  - rule: container-privileged
    subject: ci-*
    reason: the build agent needs it
    owner: ops
    until: 2026-12-31
`

func TestParseWaiversMistakes(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no reason", "waivers:\n  - rule: container-privileged\n    until: 2026-12-31\n", "w.yaml:2: waiver of container-privileged has no reason"},
		{"no date", "waivers:\n  - rule: container-privileged\n    reason: x\n", "w.yaml:2: waiver of container-privileged has no date"},
		{"bad date", "waivers:\n  - rule: container-privileged\n    reason: x\n    until: soon\n", `date "soon" is not of the form YYYY-MM-DD`},
		{"no rule", "waivers:\n  - reason: x\n", "waiver without a rule"},
		{"unknown rule", "waivers:\n  - rule: container-priviledged\n    reason: x\n    until: 2026-12-31\n", `did you mean "container-privileged"`},
		{"unknown field", "waivers:\n  - rule: container-privileged\n    why: x\n", `w.yaml:3: unknown field "why"`},
		{"twice", "waivers:\n  - rule: container-privileged\n    rule: container-privileged\n", "rule is given twice"},
		{"not a mapping", "waivers:\n  - container-privileged\n", "want a waiver with rule"},
		{"not a list", "waivers: 3\n", "w.yaml: "},
		{"other key", "waiver:\n", "w.yaml: "},
		{"not yaml", "waivers: [\n", "w.yaml: "},
		{"unknown pattern", "waivers:\n  - {rule: 'kontainer-*', reason: x, until: 2026-12-31}\n", "unknown rule"},
		{"everything", "waivers:\n  - {rule: '*', reason: x, until: 2026-12-31}\n", "waiver of everything"},
		{"bad fingerprint", "waivers:\n  - {rule: container-privileged, fingerprint: abc, reason: x, until: 2026-12-31}\n", `fingerprint "abc" is not 32 hexadecimal digits`},
		{"too long", "waivers: []\n#" + strings.Repeat("x", 1<<20), "more than 1048576 bytes"},
		{"bad pattern", "waivers:\n  - {rule: container-privileged, subject: '[', reason: x, until: 2026-12-31}\n", `bad pattern "["`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rule.ParseWaivers("w.yaml", []byte(tt.text), known)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, tt.want)
			}
		})
	}
}

func finding(subject string) rule.Result {
	return rule.Result{Rule: "container-privileged", Verdict: rule.Failed, Subject: rule.Subject{Kind: rule.KindContainer, Name: subject}}
}

func TestWaiversApply(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := []struct {
		name, subject string
		now           time.Time
		waived        bool
		warning       string
	}{
		{"holds", "ci-1", day("2026-11-01 12:00:00"), true, ""},
		{"holds on its last day", "ci-1", day("2026-12-31 23:59:59"), true, ""},
		{"ended", "ci-1", day("2027-01-01 00:00:00"), false, "ended on 2026-12-31"},
		{"other subject", "web", day("2026-11-01 12:00:00"), false, "matches no finding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			waivers, err := rule.ParseWaivers("w.yaml", []byte(goodWaiver), known)
			if err != nil {
				t.Fatal(err)
			}
			results := []rule.Result{finding(tt.subject)}
			warnings := strings.Join(waivers.Apply(results, tt.now), "\n")
			if (results[0].Waived != nil) != tt.waived {
				t.Errorf("waived %v, want %v", results[0].Waived, tt.waived)
			}
			if !strings.Contains(warnings, tt.warning) || tt.warning == "" && warnings != "" {
				t.Errorf("warnings %q, want %q", warnings, tt.warning)
			}
		})
	}
}

// TestWaiverNarrows: pattern, engine and fingerprint say which findings a
// waiver accepts.
func TestWaiverNarrows(t *testing.T) {
	const print = "00112233445566778899aabbccddeeff"
	tests := []struct {
		name, fields string
		waived       bool
	}{
		{"rule", "rule: container-privileged", true},
		{"pattern of rules", "rule: container-*", true},
		{"pattern of other rules", "rule: '*-privileged', engine: 'tcp://*'", false},
		{"engine", "rule: container-privileged, engine: 'unix:///run/*'", true},
		{"fingerprint", "rule: container-privileged, fingerprint: " + print, true},
		{"another fingerprint", "rule: container-privileged, fingerprint: " + strings.Repeat("0", 32), false},
		{"any rule of a subject", "rule: '*', subject: web", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			waivers, err := rule.ParseWaivers("w.yaml", []byte("waivers:\n  - {"+tt.fields+", reason: x, until: 2026-12-31}\n"), known)
			if err != nil {
				t.Fatal(err)
			}
			r := finding("web")
			r.Subject.Engine, r.Fingerprint = "unix:///run/docker.sock", print
			results := []rule.Result{r}
			waivers.Apply(results, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			if (results[0].Waived != nil) != tt.waived {
				t.Errorf("waived %v, want %v", results[0].Waived, tt.waived)
			}
		})
	}
}

func FuzzParseWaivers(f *testing.F) {
	f.Add([]byte(goodWaiver))
	f.Add([]byte("waivers:\n- {rule: a, reason: b, until: 2026-01-01}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		waivers, err := rule.ParseWaivers("w.yaml", data, known)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
		for _, w := range waivers {
			if w.Reason == "" || w.Until == "" {
				t.Errorf("accepted a waiver without reason or date: %+v", w)
			}
		}
	})
}

func TestUnknownNames(t *testing.T) {
	_, err := rule.LookupProfile("essentials")
	var unknown *rule.UnknownNameError
	if !errors.As(err, &unknown) || unknown.Near != "essential" {
		t.Errorf("got %v, want the nearest profile", err)
	}
}
