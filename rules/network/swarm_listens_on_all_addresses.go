package network

import (
	"net"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func swarmListensOnAll() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-listens-on-all-addresses",
		Title:    "The swarm's management port is open on all addresses",
		Severity: rule.Low,
		Why: "A manager answers other nodes on every network the host is in, unless it was told one address. " +
			"Certificates keep strangers from joining; they do not keep them from trying stolen tokens or flaws of what listens.",
		Fix: rule.Fix{
			Text:   "Make the swarm anew with the address on which its nodes are; it cannot be changed later. Until then let the firewall keep port 2377 to the nodes.",
			Shell:  "docker swarm init --listen-addr 192.0.2.10:2377 --advertise-addr 192.0.2.10",
			Breaks: "Nodes that come by another address; services, secrets and networks of a swarm that is made anew.",
		},
		Refs:  rule.Refs{CIS: "7.2", NIST: "4.3.5 4.4.2", ATTACK: "T1133", Guide: "G11", Docs: "Run Docker Engine in swarm mode"},
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: managesAt("[::]:2377", "[::]:7946")}, {Show: "docker swarm init --listen-addr 0.0.0.0", Facts: managesAt("0.0.0.0:2377")}},
		Good:  []rule.Example{{Show: "docker swarm init --listen-addr 192.0.2.10", Facts: managesAt("192.0.2.10:2377", "192.0.2.10:7946")}},
		Swarm: checkSwarmPort,
	}
}

// managesAt is a manager that listens at these addresses.
func managesAt(addresses ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		swarm(func(*snapshot.Swarm) {})(s)
		example.Set(&s.Engines[0].SwarmPorts, addresses)
	}
}

// managementPort is where managers listen unless --listen-addr names another
// port.
const managementPort = "2377"

func checkSwarmPort(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	var open, narrow []string
	for _, address := range c.Engine.SwarmPorts.Read(c) {
		switch _, port, _ := net.SplitHostPort(address); {
		case port != managementPort:
		case (snapshot.Listener{Network: "tcp", Address: address}).Any():
			open = append(open, address)
		default:
			narrow = append(narrow, address)
		}
	}
	switch {
	case len(open) > 0:
		return c.Fail("the swarm is managed on all addresses (%s)", strings.Join(open, ", "))
	case len(narrow) == 0:
		c.Missed(c.Engine.SwarmPorts.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("the manager does not listen on port %s; on which it does, the engine does not tell", managementPort)})
	}
	return c.Pass("the swarm is managed on %s", strings.Join(narrow, ", "))
}
