package container

import (
	"testing"

	"seawall/rule"
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
		{"the process is elsewhere although the container opted out", "--userns host ", all(remapped(true), elsewhere), rule.Passed},
		{"the kernel does not say, the engine remaps", "", all(remapped(true), untold), rule.Passed},
		{"the kernel does not say, the engine remaps nobody", "", untold, rule.Failed},
		{"the setting is not known", "", noSetting, rule.Unknown},
		{"the setting is not known, the container opted out", "--userns host ", noSetting, rule.Failed},
	}
	for _, tt := range tests {
		if got := judged(t, "container-in-host-userns", "docker run "+tt.flags+"alpine", tt.facts); got.Verdict != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, got.Verdict, got.Message, tt.want)
		}
	}
}

// TestExactOnHosts: what the host does not have confines nobody, and what the
// kernel shows counts before what was asked for.
func TestExactOnHosts(t *testing.T) {
	withoutAppArmor := func(s *snapshot.Snapshot) {
		s.Host.AppArmor = snapshot.See(snapshot.AppArmor{}, s.Host.AppArmor.Origin())
		setting(func(t *snapshot.Settings) *snapshot.Fact[bool] { return &t.AppArmor }, false)(s)
	}
	bounding := func(caps snapshot.CapSet) func(*snapshot.Snapshot) {
		return running(func(p *snapshot.Process) { p.CapBounding = snapshot.See(caps, p.CapBounding.Origin()) })
	}
	tests := []struct {
		id, flags string
		facts     func(*snapshot.Snapshot)
		want      rule.Verdict
	}{
		{"container-without-apparmor", "--security-opt apparmor=unconfined ", withoutAppArmor, rule.NotApplicable},
		{"container-without-selinux", "--security-opt label=disable ", nil, rule.NotApplicable},
		{"container-without-selinux", "--privileged ", withSELinux(true), rule.Failed},
		{"container-capabilities-wide", "", bounding(snapshot.Caps("CHOWN")), rule.Passed},
		{"container-capabilities-wide", "--cap-drop ALL ", bounding(snapshot.Caps("CHOWN", "SYS_ADMIN")), rule.Failed},
	}
	for _, tt := range tests {
		if got := judged(t, tt.id, "docker run "+tt.flags+"alpine", tt.facts); got.Verdict != tt.want {
			t.Errorf("%s of %s: %s (%s), want %s", tt.id, tt.flags, got.Verdict, got.Message, tt.want)
		}
	}
}
