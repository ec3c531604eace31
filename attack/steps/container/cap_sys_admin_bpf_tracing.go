package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capSysAdminBPFTracing() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-admin-bpf-tracing", Title: "Change the memory of the host's processes from a BPF program",
		Why:  "A tracing program runs in the kernel for every process of the host, and with SYS_ADMIN may write to the memory of the one that called.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a tracing program must be built for the host",
		Needs: attack.All(cond.HasCap("SYS_ADMIN"), cond.CallsOpen(), cond.HostRoot(), cond.NoLockdown()),
		Rules: []string{"container-capability-sys-admin"},
		Proof: "CapBnd of its process, /sys/kernel/security/lockdown",
		Bad: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN alpine", Facts: scene.LockedDown("integrity")},
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add BPF alpine"},
			{Run: "docker run --cap-add SYS_ADMIN alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
