package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func capSysTime() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-time", Title: "Set the host's clock",
		Why:  "The clock is the host's. With a wrong one certificates are not valid and logins and jobs fail.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1565", Cost: 1, CostReason: "one command (date)",
		Needs: attack.All(cond.HasCap("SYS_TIME"), cond.CallsOpen(), cond.HostRoot()),
		Rules: []string{"container-capability-sys-time"},
		Proof: "CapBnd of its process",
		Bad: []rule.Example{
			{Run: "docker run --cap-add SYS_TIME alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add SYS_TIME alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
