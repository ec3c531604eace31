package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func unmaskedPaths() *rule.Rule {
	return &rule.Rule{
		ID:       "container-unmasked-paths",
		Title:    "A container sees the kernel's settings unmasked",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "The engine hides parts of /proc and /sys from containers and makes others read-only. " +
			"Without that, root in the container writes to /proc/sys: kernel.core_pattern names a program that the kernel runs as root on the host.",
		Fix: rule.Fix{
			Text:    "Keep the masks; set single kernel settings of a container with --sysctl.",
			Run:     "remove: --security-opt systempaths=unconfined",
			Compose: "services:\n  web:\n    security_opt: []   # without systempaths=unconfined\n    sysctls: {net.core.somaxconn: 1024}",
			Breaks:  "Nested containers, and programs that change kernel settings.",
			Edits:   rule.Edits{Do: []rule.Edit{dropOption("systempaths")}},
		},
		Refs:      rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
		Bad:       []rule.Example{{Run: "docker run --security-opt systempaths=unconfined alpine"}},
		Good:      []rule.Example{{Run: "docker run alpine"}},
		Container: checkUnmaskedPaths,
	}
}

func checkUnmaskedPaths(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if a, covered := coveredByPrivileged(c, ctr); covered {
		return a
	}
	if !ctr.UnmaskedPaths.Read(c) {
		return c.Pass("the engine's masks of /proc and /sys are in place")
	}
	return failForRoot(c, ctr, rule.High, "", "the masks of /proc and /sys are off (systempaths=unconfined)%s", life(ctr))
}
