package steps

import (
	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

func debugfsMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || waysOf(q, m)&hostplace.Debug == 0 {
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
		Needs: attack.All(placesInside(), has("it can write to debugfs or tracefs", is), hostRoot(), noLockdown(), noLabel()),
		Each:  eachMount(is, nil, nil, readOnlyMount),
		Proof: "mountinfo of its process, and /sys/kernel/security/lsm",
		Bad:   []rule.Example{{Run: "docker run -v /sys/kernel/debug:/x alpine"}},
		Good:  append(withoutMount("docker run -v /sys/kernel/debug:/x alpine"), rule.Example{Run: "docker run -v /sys/kernel/tracing:/x:ro alpine"}, rule.Example{Run: "docker run -v /sys/kernel/debug:/sys/kernel/debug alpine"}),
	}
}
