package network

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func overlayAttachable() *rule.Rule {
	return &rule.Rule{
		ID:       "overlay-attachable",
		Title:    "Any container of any node may join an overlay network",
		Severity: rule.Low,
		Why: "Into an attachable network every client of every node's engine can put a container by docker run, workers included. " +
			"It then talks to the services in it and is counted nowhere: the managers list services, not such containers.",
		Fix: rule.Fix{
			Text:    "Make the network anew without attachable, and run what must be in it as a service.",
			Shell:   "docker network create --driver overlay --opt encrypted NAME",
			Compose: "networks:\n  app:\n    attachable: false",
			Breaks:  "Containers started by docker run or Compose outside the swarm's stacks.",
		},
		Refs:    rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1610", Guide: "G14", Docs: "Overlay network driver"},
		Bad:     []rule.Example{{Show: "docker network create -d overlay --attachable app", Facts: attachable(true)}},
		Good:    []rule.Example{{Show: "docker network create -d overlay app", Facts: attachable(false)}},
		Network: checkAttachable,
	}
}

func attachable(on bool) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		overlay(true)(s)
		networks, _ := s.Engines[0].Networks.Peek()
		networks[len(networks)-1].Attachable = on
		example.Set(&s.Engines[0].Networks, networks)
	}
}

func checkAttachable(c *rule.Context, n *snapshot.Network) rule.Answer {
	if n.Driver != "overlay" || n.Ingress {
		return c.NotApplicable("not an overlay network of users")
	}
	c.Cite(snapshot.At("Attachable", "GET /networks/"+n.Name), n.Attachable)
	if n.Attachable {
		return c.Fail("every container of every node may join the network %s", n.Name)
	}
	return c.Pass("only services may join the network %s", n.Name)
}
