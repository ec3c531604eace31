package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func newPrivilegesAllowed() *rule.Rule {
	return &rule.Rule{
		ID:       "container-new-privileges-allowed",
		Title:    "Programs in a container can gain privileges",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "A setuid program in the image, su or mount for instance, turns an ordinary user of the container into root. " +
			"With no-new-privileges the kernel ignores setuid bits and file capabilities.",
		Fix: rule.Fix{
			Text:    "Set no-new-privileges for the container, or as the engine's default.",
			Run:     "--security-opt no-new-privileges",
			Compose: "services:\n  web:\n    security_opt: [\"no-new-privileges:true\"]",
			Daemon:  `{"no-new-privileges": true}`,
			Breaks:  "sudo, su, ping with file capabilities and other programs that gain privileges on purpose.",
			Edits:   rule.Edits{Do: []rule.Edit{dropOption("no-new-privileges"), rule.Add("security_opt", "no-new-privileges:true")}},
		},
		Refs: rule.Refs{CIS: "5.26", NIST: "4.4.3", ATTACK: "T1548.001", Guide: "G17", Docs: "docker container run", Peers: "kics:27fcc7d6 CL-0003 docksec:no-new-privileges semgrep:no-new-privileges"},
		Bad: []rule.Example{
			{Run: "docker run --security-opt no-new-privileges:false alpine"},
			{Show: "an engine without the default", Run: "docker run alpine",
				Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.NoNewPrivileges }, false)},
			{Show: "a container that was started before the default was set", Run: "docker run alpine", Facts: running(func(*snapshot.Process) {})},
		},
		Good: []rule.Example{
			{Run: "docker run --security-opt no-new-privileges alpine"},
			{Run: "docker run --security-opt no-new-privileges=true alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			g := confinement.NoNewPrivileges(c, c.Engine, ctr)
			if g.Off {
				return c.Fail("its programs can gain privileges: %s%s", g.Why, life(ctr))
			}
			return c.Pass("its programs gain no privileges: %s", g.Why)
		},
	}
}
