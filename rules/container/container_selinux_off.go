package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func seLinuxOff() *rule.Rule {
	return &rule.Rule{
		ID:       "container-selinux-off",
		Title:    "SELinux does not confine a container",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "The host has SELinux, and this container runs without a label that confines it. " +
			"With one, a process that gets out of its container still may not touch the host's files, nor other containers'.",
		Fix: rule.Fix{
			Text:    "Let the engine label containers, and do not disable the label of single ones: relabel their mounts with :z or :Z instead.",
			Run:     "instead of --security-opt label=disable: -v /srv/data:/data:Z",
			Compose: "services:\n  web:\n    security_opt: []   # without label:disable\n    volumes: [\"/srv/data:/data:Z\"]",
			Daemon:  `{"selinux-enabled": true}`,
			Breaks:  "Mounts of host files that are not labelled for containers.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("security_opt")}},
		},
		Refs: rule.Refs{CIS: "5.3", NIST: "4.4.3", ATTACK: "T1611", Guide: "G20", Docs: "dockerd", Peers: "docksec:disabled-security-opt semgrep:selinux-separation-disabled"},
		Bad: []rule.Example{
			{Show: "a host with SELinux", Run: "docker run --security-opt label=disable alpine", Facts: withSELinux(true)},
			{Show: "a host with SELinux", Run: "docker run --security-opt label=type:spc_t alpine", Facts: withSELinux(true)},
			{Show: "an engine that does not label", Run: "docker run alpine", Facts: withSELinux(false)},
			{Show: "a process without confinement", Run: "docker run alpine", Facts: all(withSELinux(true), running(func(p *snapshot.Process) {
				p.Label = snapshot.See("system_u:system_r:spc_t:s0", p.Label.Origin())
			}))},
		},
		Good: []rule.Example{
			{Show: "a host with SELinux", Run: "docker run alpine", Facts: withSELinux(true)},
			{Show: "a container that runs", Run: "docker run alpine", Facts: all(withSELinux(true), running(func(p *snapshot.Process) {
				p.Label = snapshot.See("system_u:system_r:container_t:s0:c1,c2", p.Label.Origin())
			}))},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			if has, _ := confinement.HasSELinux(c, c.Host); !has {
				return c.NotApplicable("the host has no SELinux")
			}
			g := confinement.SELinux(c, c.Engine, ctr)
			if g.Off {
				return c.Fail("SELinux does not confine it: %s%s", g.Why, life(ctr))
			}
			if state := c.Host.SELinux.Read(c); !state.Enforcing {
				return c.NotApplicable("SELinux only reports, which host-selinux-permissive says")
			}
			return c.Pass("SELinux confines it: %s", g.Why)
		},
	}
}

// withSELinux gives the host SELinux, and says whether the engine labels.
func withSELinux(labels bool) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.Host.SELinux = snapshot.See(snapshot.SELinux{Enabled: true, Enforcing: true}, s.Host.SELinux.Origin())
		setting(func(t *snapshot.Settings) *snapshot.Fact[bool] { return &t.SELinux }, labels)(s)
	}
}
