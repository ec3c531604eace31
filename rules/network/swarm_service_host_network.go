package network

import (
	"seawall/rule"
	"seawall/snapshot"
)

func serviceHostNetwork() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-host-network",
		Title:    "A swarm service uses its nodes' own network",
		Severity: rule.High,
		Why: "Its containers reach everything that listens on the loopback addresses of their nodes, the swarm's ports among them, and take any port. " +
			"Neither the overlay's encryption nor the engine's packet filter stands between.",
		Fix: rule.Fix{
			Text:    "Put the service on an overlay network and publish the ports it needs, in mode host where the client's address matters.",
			Shell:   "docker service update --network-rm host --network-add NAME --publish-add mode=host,target=80,published=80 SERVICE",
			Compose: "services:\n  web:\n    networks: [app]\n    ports:\n      - {target: 80, published: 80, mode: host}",
			Breaks:  "Programs that must see the node's interfaces, such as monitoring agents.",
		},
		Refs:  rule.Refs{NIST: "4.4.2", ATTACK: "T1611", Guide: "G13 G14", Docs: "Use overlay networks"},
		Bad:   []rule.Example{{Show: "docker service create --network host", Facts: withService(snapshot.ServiceSpec{HostNetwork: true})}},
		Good:  []rule.Example{{Show: "docker service create --network app", Facts: withService(snapshot.ServiceSpec{})}},
		Swarm: perService("services use the network of their nodes", "no service uses the network of its nodes", onHostNetwork),
	}
}

func onHostNetwork(s *snapshot.SwarmService) string {
	if s.HostNetwork {
		return "network host"
	}
	return ""
}
