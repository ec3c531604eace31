package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func capSysAdminProcfsRemount() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-admin-procfs-remount", Title: "Mount a /proc of one's own and name a program for the kernel to run",
		Why:  "A newly mounted /proc is not masked. The program that it names in core_pattern is run by the kernel as root of the host when any process crashes.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "two commands",
		Needs: attack.All(cond.HasCap("SYS_ADMIN"), cond.CallsOpen(), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-capability-sys-admin"},
		Proof: "CapBnd and the security label of its process; nothing is mounted",
		Bad: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --privileged alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add SYS_ADMIN alpine"},
			{Run: "docker run --cap-add NET_ADMIN --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
