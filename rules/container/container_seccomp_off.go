package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func seccompOff() *rule.Rule {
	return &rule.Rule{
		ID:       "container-seccomp-off",
		Title:    "A container's system calls are not filtered",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "The engine's seccomp profile keeps about fifty system calls from containers, those that most kernel exploits need: new namespaces, mounting, keyrings, io_uring. " +
			"Without it any kernel flaw is within reach.",
		Fix: rule.Fix{
			Text:    "Use the engine's profile. Where a program needs one more call, write a profile that adds it.",
			Run:     "remove: --security-opt seccomp=unconfined",
			Compose: "services:\n  web:\n    security_opt: []   # without seccomp:unconfined",
			Daemon:  `{"seccomp-profile": "builtin"}`,
			Breaks:  "Programs that use filtered calls, such as sandboxes of browsers and debuggers of old kernels.",
			Edits:   rule.Edits{Do: []rule.Edit{dropOption("seccomp")}},
		},
		Refs: rule.Refs{CIS: "5.22", NIST: "4.4.3", ATTACK: "T1611", Guide: "G20", Docs: "Seccomp security profiles for Docker", Peers: "kics:404fde2c CL-0009 docksec:disabled-security-opt semgrep:seccomp-confinement-disabled"},
		Bad: []rule.Example{
			{Run: "docker run --security-opt seccomp=unconfined alpine"},
			{Show: "an engine whose profile filters nothing", Run: "docker run alpine",
				Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.SeccompProfile }, "unconfined")},
			{Show: "a process without a filter", Run: "docker run alpine", Facts: running(func(p *snapshot.Process) {
				p.SeccompMode = snapshot.See(0, p.SeccompMode.Origin())
			})},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Show: "a container that runs", Run: "docker run alpine", Facts: running(func(*snapshot.Process) {})},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			g := confinement.Seccomp(c, c.Engine, ctr)
			if g.Off {
				return c.Fail("its system calls are not filtered: %s%s", g.Why, life(ctr))
			}
			return c.Pass("%s", g.Why)
		},
	}
}
