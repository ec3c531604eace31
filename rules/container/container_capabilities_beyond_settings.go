package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func capabilitiesBeyondSettings() *rule.Rule {
	return &rule.Rule{
		ID:       "container-capabilities-beyond-settings",
		Title:    "A process has capabilities that its container was not given",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "The kernel shows capabilities in the process's bounding set that the container's settings do not ask for. " +
			"Something other than the engine's API changed it: a runtime of its own, a hook, or whoever manipulated the host. What reads only settings does not see it.",
		Fix: rule.Fix{
			Text:   "Find out what started the process: the runtime, its hooks, and who may change them. Make the container anew and compare.",
			Shell:  "grep Cap /proc/PID/status\ndocker inspect --format '{{.HostConfig.Runtime}} {{.HostConfig.CapAdd}}' NAME",
			Breaks: "Nothing.",
			Edits:  rule.Edits{Not: "it is told of the process that runs, not of what is declared: make the container anew"},
		},
		Refs: rule.Refs{CIS: "5.4", NIST: "4.4.3", ATTACK: "T1611", Guide: "G17"},
		Bad: []rule.Example{{
			Show: "a runtime that adds SYS_ADMIN", Run: "docker run alpine",
			Facts: running(func(p *snapshot.Process) {
				p.CapBounding = snapshot.See(snapshot.DefaultCaps|snapshot.Caps("SYS_ADMIN"), p.CapBounding.Origin())
			}),
		}},
		Good: []rule.Example{
			{Show: "an ordinary container that runs", Run: "docker run alpine", Facts: running(func(*snapshot.Process) {})},
			{Show: "one that was privileged by request", Run: "docker run --privileged alpine", Facts: running(func(p *snapshot.Process) {
				p.CapBounding = snapshot.See(snapshot.AllCaps, p.CapBounding.Origin())
			})},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			p := confinement.ProcessOf(c, ctr)
			if !p.Runs {
				return c.NotApplicable("it does not run")
			}
			p.CapBounding.Read(c)
			caps := confinement.CapabilitiesOf(c, ctr)
			if extra := caps.Beyond(); extra != 0 {
				return c.Fail("process %d can hold %s, which the container's settings do not give", p.PID, extra)
			}
			return c.Pass("the kernel shows no more than the settings ask for")
		},
	}
}
