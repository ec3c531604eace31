package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func seccompUnconfinedUsernsSurface() *attack.Step {
	return &attack.Step{
		ID: "seccomp-unconfined-userns-surface", Title: "Exploit a fault in parts of the kernel that are for root",
		Why:  "Without a filter any user makes a user namespace, is root in it, and calls parts of the kernel where most faults have been found: packet filters, file systems.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.HostRoot,
		ATTACK: "T1068", Cost: 4, CostReason: "a fault of the running kernel is assumed",
		Needs: attack.All(cond.NoSeccomp(), cond.UserNamespaces()),
		Rules: []string{"container-seccomp-off"},
		Proof: "Seccomp of its process, and the kernel's settings for user namespaces",
		Bad: []rule.Example{
			{Run: "docker run --security-opt seccomp=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --security-opt seccomp=unconfined alpine", Facts: scene.NoUserNamespaces},
		},
	}
}
