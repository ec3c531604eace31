package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func capBPFNetworkHook() *attack.Step {
	return &attack.Step{
		ID: "cap-bpf-network-hook", Title: "Take the host's packets by a BPF program",
		Why:  "In the host's network the container puts a program on any interface that sees and changes every packet.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1557", Cost: 2, CostReason: "a public tool",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network"), cond.HasCap("BPF"), cond.HasCap("NET_ADMIN"), cond.CallsOpen(), cond.HostRoot()),
		Each:  leadsTo(hostTraffic),
		Rules: []string{"container-host-network", "container-capability-bpf", "container-capability-net-admin"},
		Proof: "HostConfig.NetworkMode and CapBnd of its process",
		Bad: []rule.Example{
			{Run: "docker run --network host --cap-add BPF --cap-add NET_ADMIN alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add BPF --cap-add NET_ADMIN alpine"},
			{Run: "docker run --network host --cap-add NET_ADMIN alpine"},
			{Run: "docker run --network host --cap-add BPF alpine"},
		},
	}
}
