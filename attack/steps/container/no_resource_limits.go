package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func noResourceLimits() *attack.Step {
	return &attack.Step{
		ID: "no-resource-limits", Title: "Use up the host's memory or process numbers",
		Why:  "A container without a limit takes what the host has: the kernel ends other processes for want of memory, or none can be started.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Outage,
		ATTACK: "T1499", Cost: 1, CostReason: "one command",
		Needs: []attack.Need{attack.Any(cond.NoMemoryLimit(), cond.NoPidsLimit())},
		Rules: []string{"container-no-memory-limit", "container-no-pids-limit"},
		Proof: "HostConfig.Memory and PidsLimit",
		Bad: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --memory 1g alpine"},
			{Run: "docker run --pids-limit 100 alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --memory 1g --pids-limit 100 alpine"},
		},
	}
}
