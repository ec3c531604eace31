package container

import (
	"testing"

	"seawall/rule"
	"seawall/rule/ruletest"
	"seawall/snapshot"
)

// TestUserNamespace: the kernel's word counts before the engine's setting, and
// a setting that is not known accuses nobody.
func TestUserNamespace(t *testing.T) {
	elsewhere := running(func(p *snapshot.Process) {
		p.Namespaces = snapshot.See(map[string]snapshot.Namespace{"user": {Inode: 9}}, p.Namespaces.Origin())
	})
	untold := running(func(p *snapshot.Process) {
		p.Namespaces = snapshot.See(map[string]snapshot.Namespace{"net": {Inode: 9}}, p.Namespaces.Origin())
	})
	noSetting := func(s *snapshot.Snapshot) {
		s.Engines[0].Settings.UserNSRemap.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"})
	}
	tests := []struct {
		name, flags string
		facts       func(*snapshot.Snapshot)
		want        rule.Verdict
	}{
		{"the engine remaps nobody, the process is elsewhere all the same", "", elsewhere, rule.Passed},
		{"the process is elsewhere although the container opted out", "--userns host ", both(remapped(true), elsewhere), rule.Passed},
		{"the kernel does not say, the engine remaps", "", both(remapped(true), untold), rule.Passed},
		{"the kernel does not say, the engine remaps nobody", "", untold, rule.Failed},
		{"the setting is not known", "", noSetting, rule.Unknown},
		{"the setting is not known, the container opted out", "--userns host ", noSetting, rule.Failed},
	}
	for _, tt := range tests {
		s, err := ruletest.Load(rule.Example{Run: "docker run " + tt.flags + "alpine", Facts: tt.facts})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rule.Evaluate(s, exactRules()) {
			if r.Rule == "container-in-host-userns" && r.Verdict != tt.want {
				t.Errorf("%s: %s (%s), want %s", tt.name, r.Verdict, r.Message, tt.want)
			}
		}
	}
}
