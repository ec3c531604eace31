package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
)

func capBPFPerfmonKernelRead() *attack.Step {
	return &attack.Step{
		ID: "cap-bpf-perfmon-kernel-read", Title: "Read the memory of the host from a BPF program",
		Why:  "A tracing program runs in the kernel for every process of the host and reads its memory: passwords and keys as they are used.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1005", Cost: 2, CostReason: "a public tool (bpftrace)",
		Needs: attack.All(cond.HasCap("BPF"), cond.HasCap("PERFMON"), cond.CallsOpen(), cond.HostRoot(), cond.MemoryReadable(), cond.NotDenied("BPF programs")),
		Each:  leadsTo(lang.N("what the host's processes have in memory")),
		Rules: []string{"container-capability-bpf", "container-capability-perfmon"},
		Proof: "CapBnd of its process, /sys/kernel/security/lockdown",
		Bad: []rule.Example{
			{Run: "docker run --cap-add BPF --cap-add PERFMON alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add BPF --cap-add PERFMON alpine", Facts: scene.Labelled},
			{Run: "docker run --cap-add BPF --cap-add PERFMON alpine", Facts: scene.LockedDown("confidentiality")},
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add BPF alpine"},
			{Run: "docker run --cap-add PERFMON alpine"},
			{Run: "docker run --cap-add BPF --cap-add PERFMON alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
