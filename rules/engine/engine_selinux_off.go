package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func selinuxOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-selinux-off",
		Title:    "The engine does not label containers for SELinux",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "The host has SELinux, but the engine runs without selinux-enabled. Containers are then not separated by type and category: " +
			"a process that escapes meets no policy between it and the files of the host and of other containers.",
		Fix: rule.Fix{
			Text:   "Install the policy package container-selinux, turn on selinux-enabled and restart the engine.",
			Daemon: `{"selinux-enabled": true}`,
			Breaks: "Bind mounts without a label for containers: add :z (shared) or :Z (private) to them. Never put :Z on system directories.",
		},
		Refs:   rule.Refs{CISRelated: "5.3", NIST: "4.4.3 4.5.2", ATTACK: "T1611 T1562.001", Guide: "G20", Docs: "dockerd"},
		Bad:    []rule.Example{{Show: "dockerd without --selinux-enabled on Fedora", Facts: selinux(false)}},
		Good:   []rule.Example{{Show: "dockerd --selinux-enabled on Fedora", Facts: selinux(true)}},
		Engine: checkSELinux,
	}
}

func selinux(on bool) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		example.Set(&s.Host.SELinux, snapshot.SELinux{Enabled: true, Enforcing: true})
		example.Set(&s.Engines[0].Settings.SELinux, on)
	}
}

func checkSELinux(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !c.Host.SELinux.Read(c).Enabled {
		return c.NotApplicable("the host has no SELinux")
	}
	if e.Settings.SELinux.Read(c) {
		return c.Pass("the engine labels containers for SELinux")
	}
	return c.Fail("the host has SELinux, the engine does not label containers for it")
}
