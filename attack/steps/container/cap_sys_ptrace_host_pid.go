package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func capSysPtraceHostPID() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-ptrace-host-pid", Title: "Go through /proc into the root directory of a process of the host",
		Why:  "With SYS_PTRACE the files of /proc/1 are open: its root directory is the host's, and code is put into processes of root.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one command (cat /proc/1/root/…)",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), cond.HasCap("SYS_PTRACE"), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-host-pid", "container-capability-sys-ptrace"},
		Proof: "HostConfig.PidMode, CapBnd and the security label of its process",
		Bad: []rule.Example{
			{Run: "docker run --pid host --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --pid host --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --pid host --cap-add SYS_PTRACE alpine"},
		},
	}
}
