package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func writableCgroups() *rule.Rule {
	return &rule.Rule{
		ID:       "container-writable-cgroups",
		Title:    "A container may change its own control groups",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "The engine mounts /sys/fs/cgroup read-only so that a container cannot lift its own limits. " +
			"With writable-cgroups=true root inside can, and on cgroup v1 it can name a program in release_agent that the kernel runs as root on the host.",
		Fix: rule.Fix{
			Text:    "Remove the option. Where the workload manages groups of its own, such as systemd, use cgroup v2 and user namespace remapping.",
			Run:     "remove: --security-opt writable-cgroups=true",
			Compose: "services:\n  web:\n    security_opt: []   # without writable-cgroups=true",
			Breaks:  "Programs that make control groups, such as systemd or an engine inside the container.",
			Edits:   rule.Edits{Do: []rule.Edit{dropOption("writable-cgroups")}},
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
		Bad:  []rule.Example{{Run: "docker run --security-opt writable-cgroups=true alpine"}},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --security-opt writable-cgroups=false alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			if !ctr.WritableCgroups.Read(c) {
				return c.Pass("its control groups are mounted read-only")
			}
			if version, _ := c.Engine.Settings.CgroupVersion.Peek(); version == "1" {
				return failForRoot(c, ctr, rule.High, "on cgroup v1 the kernel runs a program of its choice as root on the host",
					"it may write to its control groups, and with them to release_agent (writable-cgroups=true)%s", life(ctr))
			}
			return c.Fail("it may write to its control groups (writable-cgroups=true)%s", life(ctr))
		},
	}
}
