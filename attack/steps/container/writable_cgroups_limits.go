package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func writableCgroupsLimits() *attack.Step {
	return &attack.Step{
		ID: "writable-cgroups-limits", Title: "Lift one's own limits",
		Why:  "Limits are files in the container's control group. Where they are writable, root of the host sets them to what the host has.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1499", Cost: 1, CostReason: "one command",
		Needs: attack.All(cond.WritableCgroups(), cond.CgroupV1(), cond.HostRoot()),
		Rules: []string{"container-writable-cgroups"},
		Proof: "HostConfig.SecurityOpt and the version of the host's control groups",
		Bad: []rule.Example{
			{Run: "docker run --memory 1g --security-opt writable-cgroups=true alpine", Facts: scene.CgroupV1},
		},
		Good: []rule.Example{
			{Run: "docker run --memory 1g alpine", Facts: scene.CgroupV1},
			{Run: "docker run --security-opt writable-cgroups=true alpine"},
		},
	}
}
