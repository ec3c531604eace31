package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func pidHostKill() *attack.Step {
	return &attack.Step{
		ID: "pid-host-kill", Title: "End the host's processes",
		Why:  "Root of the host may signal all its processes, and in the host's pid namespace they have numbers. CAP_KILL is not needed for those of root.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1489", Cost: 1, CostReason: "one command (kill)",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-host-pid"},
		Proof: "HostConfig.PidMode and the security label of its process",
		Bad: []rule.Example{
			{Run: "docker run --pid host --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --pid host --cap-drop ALL --security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --pid host alpine"},
		},
	}
}
