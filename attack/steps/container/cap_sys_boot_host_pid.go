package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func capSysBootHostPID() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-boot-host-pid", Title: "Restart the host",
		Why:  "In the host's pid namespace the system call reboot is about the host.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1529", Cost: 1, CostReason: "one command (reboot -f)",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), cond.HasCap("SYS_BOOT"), cond.CallsOpen(), cond.HostRoot()),
		Rules: []string{"container-host-pid", "container-capability-sys-boot"},
		Proof: "HostConfig.PidMode and CapBnd of its process",
		Bad: []rule.Example{
			{Run: "docker run --pid host --cap-add SYS_BOOT alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_BOOT alpine"},
			{Run: "docker run --pid host alpine"},
		},
	}
}
