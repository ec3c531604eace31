package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func systempathsUnconfinedCorePattern() *attack.Step {
	return &attack.Step{
		ID: "systempaths-unconfined-core-pattern", Title: "Name a program for the kernel to run",
		Why:  "Where /proc/sys is not read-only, root writes to it without any capability. The program that core_pattern names is run by the kernel as root of the host.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "two commands",
		Needs: attack.All(cond.Unmasked(), cond.HostRoot(), cond.NoLSM()),
		Rules: []string{"container-unmasked-paths"},
		Proof: "HostConfig.MaskedPaths and ReadonlyPaths, and the security label of its process; nothing is written",
		Bad: []rule.Example{
			{Run: "docker run --security-opt systempaths=unconfined --security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --security-opt apparmor=unconfined alpine"},
			{Run: "docker run --security-opt systempaths=unconfined alpine"},
			{Run: "docker run --security-opt systempaths=unconfined --security-opt apparmor=unconfined alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
