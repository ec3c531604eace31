package host

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func cgroupV1() *rule.Rule {
	return &rule.Rule{
		ID:       "host-cgroup-v1",
		Title:    "The host still uses cgroup v1",
		Severity: rule.Low,
		Why: "cgroup v1 has a release_agent: a program of the host that the kernel runs as root, set by whoever can write the cgroup's root, which was a way out of containers (CVE-2022-0492). " +
			"Rootless engines cannot limit resources on it, and current engines are giving up its support.",
		Fix: rule.Fix{
			Text:   "Boot with the unified hierarchy.",
			Shell:  "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1   # or GRUB_CMDLINE_LINUX and update-grub; then reboot",
			Breaks: "Programs that know only cgroup v1: Docker before 20.10, Java before 8u372 and 11.0.16, some monitoring agents.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1611", Guide: "G20 G23"},
		Bad:  []rule.Example{{Show: "systemd.unified_cgroup_hierarchy=0", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.CgroupVersion, 1) })}},
		Good: []rule.Example{{Show: "cgroup v2", Facts: func(*snapshot.Snapshot) {}}},
		Host: func(c *rule.Context, h *snapshot.Host) rule.Answer {
			if version := h.CgroupVersion.Read(c); version < 2 {
				return c.Fail("the host uses cgroup v%d", version)
			}
			return c.Pass("the host uses cgroup v2")
		},
	}
}
