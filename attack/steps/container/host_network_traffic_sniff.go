package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func hostNetworkTrafficSniff() *attack.Step {
	return &attack.Step{
		ID: "host-network-traffic-sniff", Title: "Listen to the host's network",
		Why:  "With NET_RAW, which every container has, a process in the host's network sees every packet on every interface.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1040", Cost: 2, CostReason: "a public tool (tcpdump), and traffic that is not encrypted",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network"), cond.HasCap("NET_RAW"), cond.HostRoot()),
		Each:  leadsTo(hostTraffic),
		Rules: []string{"container-host-network"},
		Proof: "HostConfig.NetworkMode and CapBnd of its process; nothing is received",
		Bad: []rule.Example{
			{Run: "docker run --network host alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --network host --cap-drop NET_RAW alpine"},
		},
	}
}
