package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
)

func hostNetworkFirewallRewrite() *attack.Step {
	return &attack.Step{
		ID: "host-network-firewall-rewrite", Title: "Redirect the host's traffic",
		Why:  "With NET_ADMIN a process in the host's network changes its addresses, routes and packet filters: it opens ports and sends traffic to itself.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1557", Cost: 2, CostReason: "a few commands, and traffic that is not encrypted",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network"), cond.HasCap("NET_ADMIN"), cond.HostRoot()),
		Each:  leadsTo(hostTraffic),
		Rules: []string{"container-host-network", "container-capability-net-admin"},
		Proof: "HostConfig.NetworkMode and CapBnd of its process",
		Bad: []rule.Example{
			{Run: "docker run --network host --cap-add NET_ADMIN alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-add NET_ADMIN alpine"},
			{Run: "docker run --network host alpine"},
		},
	}
}
