package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func appArmorOff() *rule.Rule {
	return &rule.Rule{
		ID:       "container-apparmor-off",
		Title:    "AppArmor does not confine a container",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "The host has AppArmor, and this container runs without it. " +
			"The engine's profile denies mounting and writing below /proc and /sys, which is what most ways out of a container need.",
		Fix: rule.Fix{
			Text:    "Use the engine's profile docker-default, or one of your own.",
			Run:     "remove: --security-opt apparmor=unconfined",
			Compose: "services:\n  web:\n    security_opt: [\"apparmor:docker-default\"]",
			Shell:   "aa-status | grep docker-default",
			Breaks:  "Programs that mount or change kernel settings.",
			Edits:   rule.Edits{Do: []rule.Edit{dropOption("apparmor")}},
		},
		Refs: rule.Refs{CIS: "5.2", NIST: "4.4.3", ATTACK: "T1611", Guide: "G20", Docs: "AppArmor security profiles for Docker", Peers: "CL-0009 docksec:disabled-security-opt"},
		Bad: []rule.Example{
			{Run: "docker run --security-opt apparmor=unconfined alpine"},
			{Show: "a process whose profile only complains", Run: "docker run alpine", Facts: running(func(p *snapshot.Process) {
				p.Label = snapshot.See("docker-default (complain)", p.Label.Origin())
			})},
			{Show: "an engine that applies no profiles", Run: "docker run alpine",
				Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.AppArmor }, false)},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Show: "a container that runs", Run: "docker run alpine", Facts: running(func(*snapshot.Process) {})},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			if has, _ := confinement.HasAppArmor(c, c.Host, c.Engine); !has {
				return c.NotApplicable("the host has no AppArmor")
			}
			if rootless, _ := c.Engine.Settings.Rootless.Peek(); rootless {
				c.Engine.Settings.Rootless.Try(c)
				return c.NotApplicable("a rootless engine can apply no AppArmor profile")
			}
			g := confinement.AppArmor(c, c.Engine, ctr)
			if g.Off {
				return c.Fail("AppArmor does not confine it: %s%s", g.Why, life(ctr))
			}
			return c.Pass("AppArmor confines it: %s", g.Why)
		},
	}
}
