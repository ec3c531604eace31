package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
	"seawall/rule/example"
)

func capSysModule() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-module", Title: "Load a kernel module",
		Why:  "A module is code of the kernel. The capability opens the system calls that load one.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1547.006", Cost: 2, CostReason: "a module for the running kernel must be built",
		Needs: attack.All(cond.HasCap("SYS_MODULE"), cond.CallsOpen(), cond.HostRoot(), cond.ModulesLoadable(), cond.NoLockdown()),
		Rules: []string{"container-capability-sys-module"},
		Proof: "CapBnd of its process, kernel.modules_disabled, /sys/kernel/security/lockdown",
		Bad:   []rule.Example{{Run: "docker run --cap-add SYS_MODULE alpine"}},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add SYS_MODULE alpine", Facts: example.Sysctl("kernel.modules_disabled", "1")},
			{Run: "docker run --cap-add SYS_MODULE alpine", Facts: scene.LockedDown("integrity")},
		},
	}
}
