package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/rule"
	"seawall/rules"
	"seawall/source/daemonconfig"
	"seawall/trial"
)

// TestBaseline judges the well-configured host by the whole book. What it may
// be accused of are choices that a good host can make; nothing may be unknown,
// since every fact that a rule may read is there.
func TestBaseline(t *testing.T) {
	want := map[string]rule.Severity{
		"engine-no-authorization-plugin": rule.Low,
		"engine-runs-as-root":            rule.Medium,
		"engine-userns-remap-off":        rule.Medium,
		"host-interactive-users":         rule.Low,
		"host-user-namespaces-open":      rule.Low,
	}
	got := map[string]rule.Severity{}
	for _, result := range rule.Evaluate(trial.Baseline(), rules.Book().Rules()) {
		switch result.Verdict {
		case rule.Failed:
			got[result.Rule] = result.Severity
		case rule.Unknown:
			t.Errorf("%s on %s %s is unknown: %s", result.Rule, result.Subject.Kind, result.Subject.Name, result.Message)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings on the baseline (-want +got):\n%s", diff)
	}
}

// TestReferences: every rule has a reference to NIST SP 800-190 and ATT&CK.
func TestReferences(t *testing.T) {
	for _, r := range rules.Book().Rules() {
		if r.Refs.NIST == "" || r.Refs.ATTACK == "" {
			t.Errorf("%s: no NIST section or no ATT&CK technique", r.ID)
		}
	}
}

// TestDaemonFixes: what a fix tells to put into daemon.json is something that
// the engine understands.
func TestDaemonFixes(t *testing.T) {
	for _, r := range rules.Book().Rules() {
		if r.Fix.Daemon == "" {
			continue
		}
		if _, err := daemonconfig.Declared("daemon.json", []byte(r.Fix.Daemon)); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
}
