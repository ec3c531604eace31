package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

// defaultCPUShares is the weight of a container that was given none.
const defaultCPUShares = 1024

func noCPULimit() *rule.Rule {
	return &rule.Rule{
		ID:       "container-no-cpu-limit",
		Title:    "A container may use all processors",
		Severity: rule.Low,
		Why:      "A container that is attacked or mines coins takes all processor time, and the others slow down.",
		Fix: rule.Fix{
			Text:    "Limit the processor time, or give it a weight against the other containers.",
			Run:     "--cpus 1.5",
			Compose: "services:\n  web:\n    cpus: 1.5",
			Breaks:  "The workload gets slower at its peaks.",
			Edits:   rule.Edits{Not: "how fast the workload has to be is not in the file"},
		},
		Refs: rule.Refs{CIS: "5.12", NIST: "4.4.3", ATTACK: "T1496", Guide: "G25", Docs: "Resource constraints", Peers: "kics:6b610c50 CL-0026 docksec:limits"},
		Bad:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --cpu-shares 1024 alpine"}},
		Good: []rule.Example{
			{Run: "docker run --cpus 1.5 alpine"},
			{Run: "docker run --cpu-quota 50000 alpine"},
			{Run: "docker run --cpu-shares 512 alpine"},
			{Run: "docker run --cpuset-cpus 0-1 alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			nano, ok1 := ctr.NanoCPUs.Try(c)
			quota, ok2 := ctr.CPUQuota.Try(c)
			shares, ok3 := ctr.CPUShares.Try(c)
			set, ok4 := ctr.CPUSet.Try(c)
			switch {
			case nano > 0 || quota > 0:
				return c.Pass("its processor time is limited")
			case shares > 0 && shares != defaultCPUShares:
				return c.Pass("it has a weight of its own for processor time")
			case set != "":
				return c.Pass("it may use the processors %s only", set)
			case !ok1 || !ok2 || !ok3 || !ok4:
				c.Stop()
			}
			return c.Fail("its processor time is neither limited nor weighted%s", life(ctr))
		},
	}
}
