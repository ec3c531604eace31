package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func apparmorOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-apparmor-off",
		Title:    "The engine does not confine containers with AppArmor",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "The host has AppArmor, and the profile docker-default keeps containers from mounting and from writing to sensitive files of /proc and /sys. " +
			"The engine does not apply it, or it only complains, so that second barrier is missing.",
		Fix: rule.Fix{
			Text:   "Install apparmor_parser where the daemon can find it and restart the engine; put a complaining profile back into enforce mode.",
			Shell:  "sudo apt-get install apparmor && sudo aa-enforce docker-default; sudo systemctl restart docker",
			Breaks: "Containers that mount file systems or write to /proc/sys; give those a profile of their own.",
		},
		Refs: rule.Refs{CISRelated: "5.2", NIST: "4.4.3 4.5.2", ATTACK: "T1611 T1562.001", Guide: "G20", Docs: "AppArmor security profiles for Docker"},
		Bad: []rule.Example{
			{Show: "no apparmor_parser", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.AppArmor, false) })},
			{Show: "aa-complain docker-default", Facts: hostAppArmor(snapshot.AppArmor{Enabled: true, DockerDefault: snapshot.See("complain", snapshot.At("docker-default", "/sys/kernel/security/apparmor/profiles"))})},
		},
		Good:   []rule.Example{{Show: "AppArmor with docker-default enforced", Facts: func(*snapshot.Snapshot) {}}},
		Engine: checkAppArmor,
	}
}

func hostAppArmor(a snapshot.AppArmor) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.AppArmor, a) })
}

func checkAppArmor(c *rule.Context, e *snapshot.Engine) rule.Answer {
	host := c.Host.AppArmor.Read(c)
	if !host.Enabled {
		return c.NotApplicable("the host has no AppArmor")
	}
	if e.Settings.Rootless.Read(c) {
		return c.NotApplicable("rootless mode cannot load AppArmor profiles")
	}
	if !e.Settings.AppArmor.Read(c) {
		return c.Fail("the host has AppArmor, the engine does not apply it to containers")
	}
	if host.DockerDefault.Read(c) == "complain" {
		return c.Fail("the AppArmor profile docker-default only complains and stops nothing")
	}
	return c.Pass("the engine applies AppArmor profiles")
}
