package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func pidHostSameUIDProcRoot() *attack.Step {
	return &attack.Step{
		ID: "pid-host-same-uid-proc-root", Title: "Become the user of a process of the host and use its files",
		Why:  "Root in the container becomes any user. The kernel then lets it into /proc of that user's processes: their environment, and the host's files as the user has them. SYS_PTRACE is not needed.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1611", Cost: 3, CostReason: "a process of the user must run",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), cond.HasCap("SETUID"), cond.HasCap("SETGID"), cond.HostRoot(), cond.NoLSM()),
		Each:  everyUser,
		Rules: []string{"container-host-pid"},
		Proof: "HostConfig.PidMode, CapBnd and the security label of its process, the host's accounts",
		Bad: []rule.Example{
			{Run: "docker run --pid host --security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --pid host alpine"},
			{Run: "docker run --pid host --cap-drop SETUID --security-opt apparmor=unconfined alpine"},
		},
	}
}
