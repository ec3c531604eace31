package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func rootfsWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "container-rootfs-writable",
		Title:    "A container can change its own programs",
		Severity: rule.Low,
		Why: "Whoever breaks in can replace programs and leave tools in the container's root file system. " +
			"Read-only, they are left with the places meant for data, where noexec can be set.",
		Fix: rule.Fix{
			Text:    "Make the root file system read-only, with volumes and tmpfs for what is written.",
			Run:     "--read-only --tmpfs /tmp --tmpfs /run",
			Compose: "services:\n  web:\n    read_only: true\n    tmpfs: [/tmp, /run]",
			Breaks:  "Programs that write elsewhere, logs and caches mostly: docker diff NAME shows where.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("read_only", "true"), rule.Add("tmpfs", "/tmp"), rule.Add("tmpfs", "/run")}},
		},
		Refs: rule.Refs{CIS: "5.13", NIST: "4.4.4", ATTACK: "T1554", Guide: "G25", Docs: "docker container run", Peers: "CL-0007 docksec:writable-root semgrep:writable-filesystem-service"},
		Bad:  []rule.Example{{Run: "docker run alpine"}},
		Good: []rule.Example{{Run: "docker run --read-only alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if ctr.ReadonlyRootfs.Read(c) {
				return c.Pass("its root file system is read-only")
			}
			return c.Fail("its root file system is writable%s", life(ctr))
		},
	}
}
