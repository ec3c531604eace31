package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
)

func hostProcMountCorePattern() *attack.Step {
	return &attack.Step{
		ID: "host-proc-mount-core-pattern", Title: "Let the kernel run a program for core dumps",
		Why:  "The kernel runs as root on the host the program that core_pattern names when a process crashes. What keeps a container's own /proc/sys from it does not cover another mount of it.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one file written and one crash",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to the kernel's settings of the host", corePatternWritable), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(corePatternWritable, nil, nil, change.ReadOnlyMount),
		Proof: "access(2) tells that its root may write core_pattern there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /proc:/x alpine"}, {Run: "docker run -v /proc/sys:/x alpine"}, {Run: "docker run -v /proc/sys/kernel:/proc/k --security-opt apparmor=unconfined alpine"}},
		Good: append(scene.WithoutMount("docker run -v /proc:/x alpine"), rule.Example{Run: "docker run -v /proc:/x:ro alpine"},
			rule.Example{Run: "docker run -v /proc/sys/net:/x alpine"}, rule.Example{Run: "docker run -v /proc/sys/kernel:/proc/k alpine"}),
	}
}

// corePatternWritable: core_pattern of the host is inside and may be written,
// outside of the paths that AppArmor's profile for containers keeps.
func corePatternWritable(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if m.ReadOnly || m.Source == "/" || !hostpath.Within(cond.CorePattern, m.Source) {
		return attack.No
	}
	return outsideProfile(q, m)
}

// outsideProfile: no profile of AppArmor denies writing to a mount, which it does
// below /proc and /sys of the container.
func outsideProfile(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if !hostpath.Within(m.Destination, "/proc") && !hostpath.Within(m.Destination, "/sys") {
		return attack.Yes
	}
	return cond.AppArmorOff(q)
}
