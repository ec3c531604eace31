package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func hostCgroupns() *rule.Rule {
	return &rule.Rule{
		ID:       "container-host-cgroupns",
		Title:    "A container sees the host's control groups",
		Severity: rule.Low,
		Why: "In the host's cgroup namespace the container sees the paths of all groups it is in, and whoever gets a writable cgroup mount there works on the host's tree. " +
			"It is the default on hosts with cgroup v1.",
		Fix: rule.Fix{
			Text:    "Give the container a cgroup namespace of its own.",
			Run:     "--cgroupns private",
			Compose: "services:\n  web:\n    cgroup: private",
			Daemon:  `{"default-cgroupns-mode": "private"}`,
			Breaks:  "Agents that read the host's cgroup tree, such as cAdvisor.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("cgroup", "private")}},
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
		Bad: []rule.Example{
			{Run: "docker run --cgroupns host alpine"},
			{Show: "a host with cgroup v1", Run: "docker run alpine", Facts: func(s *snapshot.Snapshot) {
				setting(func(t *snapshot.Settings) *snapshot.Fact[string] { return &t.CgroupVersion }, "1")(s)
			}},
		},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --cgroupns private alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			mode := ctr.CgroupnsMode.Read(c)
			if mode == "" && c.Engine.Settings.CgroupVersion.Read(c) == "1" {
				return c.Fail("its cgroup namespace is the host's, the default with cgroup v1%s", life(ctr))
			}
			if mode == "host" {
				return c.Fail("its cgroup namespace is the host's%s", life(ctr))
			}
			return c.Pass("its cgroup namespace is its own")
		},
	}
}
