package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capSysAdminCgroupReleaseAgent() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-admin-cgroup-release-agent", Title: "Name a program that the kernel runs when a control group empties",
		Why:  "With version 1 the root of a hierarchy holds release_agent, the path of a program that the kernel runs as root of the host. SYS_ADMIN mounts the hierarchy.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "a few commands",
		Needs: attack.All(cond.HasCap("SYS_ADMIN"), cond.CallsOpen(), cond.CgroupV1(), cond.HostCgroups(), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-capability-sys-admin", "container-host-cgroupns"},
		Proof: "CapBnd and the security label of its process, its control group namespace, the version of the host's control groups",
		Bad: []rule.Example{
			{Run: "docker run --cgroupns host --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
		},
		Good: []rule.Example{
			{Run: "docker run --cgroupns host --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --cgroupns private --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
			{Run: "docker run --cgroupns host --cap-add SYS_ADMIN alpine", Facts: scene.CgroupV1},
			{Run: "docker run --cgroupns host --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
		},
	}
}
