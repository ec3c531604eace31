package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func hostNetworkAbstractSockets() *attack.Step {
	return &attack.Step{
		ID: "host-network-abstract-sockets", Title: "Give orders to a service of the host by an abstract socket",
		Why:  "Abstract sockets belong to a network and have no permissions: a service that trusts whoever comes as root takes the container for the host's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1559", Cost: 4, CostReason: "a service that trusts whoever connects is assumed",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network"), cond.HostRoot()),
		Rules: []string{"container-host-network"},
		Proof: "HostConfig.NetworkMode; nothing is connected",
		Bad: []rule.Example{
			{Run: "docker run --network host alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --network none alpine"},
		},
	}
}
