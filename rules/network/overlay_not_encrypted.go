package network

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func overlayNotEncrypted() *rule.Rule {
	return &rule.Rule{
		ID:       "overlay-not-encrypted",
		Title:    "The overlay network sends its traffic in clear",
		Severity: rule.Medium,
		Why: "Overlay traffic between nodes is VXLAN: unencrypted and unauthenticated unless the network was made with the option encrypted. " +
			"Who sits between the nodes reads it, and who can send UDP 4789 to a node can put packets into the network.",
		Fix: rule.Fix{
			Text:    "Make the network anew with encryption, and let UDP 4789 and ESP through between the nodes only.",
			Shell:   "docker network create --driver overlay --opt encrypted NAME",
			Compose: "driver_opts: {encrypted: \"\"}",
			Breaks:  "Services must be moved to the new network; encryption costs throughput and needs IP protocol 50 between the nodes.",
		},
		Refs:    rule.Refs{CIS: "7.3", NIST: "4.3.3 4.4.2", ATTACK: "T1040 T1557", Guide: "G15", Docs: "Overlay network driver"},
		Bad:     []rule.Example{{Show: "docker network create -d overlay app", Facts: overlay(false)}},
		Good:    []rule.Example{{Show: "docker network create -d overlay --opt encrypted app", Facts: overlay(true)}},
		Network: checkOverlay,
	}
}

func overlay(encrypted bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		inSwarm(snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Nodes: 3})(e)
		example.Add(&e.Networks, snapshot.Network{ID: "o1", Name: "app", Driver: "overlay", Scope: "swarm",
			Encrypted: snapshot.See(encrypted, snapshot.At("Options.encrypted", "GET /networks/app"))})
	})
}

// inSwarm puts the engine into a swarm.
func inSwarm(s snapshot.Swarm) func(*snapshot.Engine) {
	return func(e *snapshot.Engine) { example.Set(&e.Swarm, s) }
}

func checkOverlay(c *rule.Context, n *snapshot.Network) rule.Answer {
	if n.Driver != "overlay" {
		return c.NotApplicable("not an overlay network")
	}
	if n.Encrypted.Read(c) {
		return c.Pass("the overlay network is encrypted")
	}
	if swarm, _ := c.Engine.Swarm.Try(c); swarm.Manager && swarm.Nodes == 1 {
		return c.FailAs(rule.Low, "the swarm has one node, so nothing crosses the wire now", "the overlay network %s is not encrypted", n.Name)
	}
	return c.Fail("the overlay network %s is not encrypted", n.Name)
}
