package engine_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/engine"
	"seawall/snapshot"
	"seawall/trial"
)

// TestAuthorizationBypassOfBuilds: what a distribution has mended cannot be told
// from the number of the release.
func TestAuthorizationBypassOfBuilds(t *testing.T) {
	for _, tt := range []struct {
		version, commit string
		want            rule.Verdict
	}{
		{"28.2.2", "45873be", rule.Failed},
		{"28.2.2", "", rule.Failed},
		{"28.2.2", "28.2.2-0ubuntu1~24.04.1", rule.Unknown},
		{"26.1.5+dfsg1", "411e817", rule.Unknown},
		{"29.3.1", "abcdef0", rule.Passed},
		{"29.3", "abcdef0", rule.Failed},
		{"dev", "abcdef0", rule.Unknown},
	} {
		s := trial.Baseline()
		e := &s.Engines[0]
		e.Version = snapshot.See(tt.version, e.Version.Origin())
		e.Components = snapshot.See([]snapshot.Component{
			{Name: "containerd", Version: "1.7.28", Commit: "1.7.28-0ubuntu1~24.04.1"}, {Name: "Engine", Version: tt.version, Commit: tt.commit},
		}, e.Components.Origin())
		e.Settings.AuthorizationPlugins = snapshot.See([]string{"opa"}, e.Settings.AuthorizationPlugins.Origin())
		for _, r := range rule.Evaluate(s, engine.Rules()) {
			if r.Rule == "engine-authorization-bypass" && r.Verdict != tt.want {
				t.Errorf("%s, commit %q: %s (%s), want %s", tt.version, tt.commit, r.Verdict, r.Message, tt.want)
			}
		}
	}
}
