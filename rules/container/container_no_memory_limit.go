package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func noMemoryLimit() *rule.Rule {
	return &rule.Rule{
		ID:       "container-no-memory-limit",
		Title:    "A container may use all memory",
		Severity: rule.Medium,
		Why:      "One container that leaks memory or is attacked takes the memory of the host; the kernel then kills processes, other containers' and the host's services among them.",
		Fix: rule.Fix{
			Text:    "Limit the memory to what the workload needs at its peak.",
			Run:     "--memory 512m",
			Compose: "services:\n  web:\n    mem_limit: 512m",
			Breaks:  "A program that needs more is killed: measure first (docker stats).",
			Edits:   rule.Edits{Not: "how much the workload needs at its peak is not in the file: measure it (docker stats)"},
		},
		Refs: rule.Refs{CIS: "5.11", NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "Resource constraints", Peers: "kics:bb9ac4f7 CL-0026 docksec:limits"},
		Bad:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --memory-reservation 64m alpine"}},
		Good: []rule.Example{{Run: "docker run --memory 512m alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if limit := ctr.Memory.Read(c); limit > 0 {
				return c.Pass("its memory is limited")
			}
			return c.Fail("its memory is not limited%s", life(ctr))
		},
	}
}
