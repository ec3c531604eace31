package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

func debugfsMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || cond.WaysOf(q, m)&hostplace.Debug == 0 {
			return attack.No
		}
		return outsideProfile(q, m)
	}
	return &attack.Step{
		ID: "debugfs-tracefs-mount", Title: "Change the inside of the kernel",
		Why:  "debugfs and tracefs show and change the inside of the kernel and its drivers; lockdown closes the worst of it.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 4, CostReason: "a driver must have a file that writes memory, or a probe must catch a secret",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to debugfs or tracefs", is), cond.HostRoot(), cond.NoLockdown(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil, change.ReadOnlyMount),
		Proof: "mountinfo of its process, and /sys/kernel/security/lsm",
		Bad:   []rule.Example{{Run: "docker run -v /sys/kernel/debug:/x alpine"}},
		Good:  append(scene.WithoutMount("docker run -v /sys/kernel/debug:/x alpine"), rule.Example{Run: "docker run -v /sys/kernel/tracing:/x:ro alpine"}, rule.Example{Run: "docker run -v /sys/kernel/debug:/sys/kernel/debug alpine"}),
	}
}
