package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capSysRawio() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-rawio", Title: "Program the machine's hardware by its ports",
		Why:  "With SYS_RAWIO a process reads and writes the ports of the machine, and tells its hardware to write to memory.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 4, CostReason: "hardware that can be made to do so",
		Needs: attack.All(cond.HasCap("SYS_RAWIO"), cond.CallsOpen(), cond.HostRoot(), cond.NoLockdown()),
		Rules: []string{"container-capability-sys-rawio"},
		Proof: "CapBnd of its process, /sys/kernel/security/lockdown",
		Bad: []rule.Example{
			{Run: "docker run --cap-add SYS_RAWIO alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_RAWIO alpine", Facts: scene.LockedDown("integrity")},
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add SYS_ADMIN alpine"},
			{Run: "docker run --cap-add SYS_RAWIO alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
