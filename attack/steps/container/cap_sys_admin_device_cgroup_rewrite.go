package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capSysAdminDeviceCgroupRewrite() *attack.Step {
	return &attack.Step{
		ID: "cap-sys-admin-device-cgroup-rewrite", Title: "Allow oneself all devices",
		Why:  "With version 1 the list of devices that a container may open is a file in its control group. SYS_ADMIN mounts it writable, and MKNOD makes the file of the host's disk.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a few commands",
		Needs: attack.All(cond.HasCap("SYS_ADMIN"), cond.HasCap("MKNOD"), cond.CallsOpen(), cond.CgroupV1(), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-capability-sys-admin"},
		Proof: "CapBnd and the security label of its process, the version of the host's control groups",
		Bad: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --cap-add SYS_ADMIN --cap-drop MKNOD --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
			{Run: "docker run --cap-add SYS_ADMIN alpine", Facts: scene.CgroupV1},
			{Run: "docker run --security-opt apparmor=unconfined alpine", Facts: scene.CgroupV1},
		},
	}
}
