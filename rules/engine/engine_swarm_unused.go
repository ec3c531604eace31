package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func swarmUnused() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-swarm-unused",
		Title:    "Swarm is on and nothing uses it",
		Severity: rule.Low,
		Why: "A node of a swarm listens on further ports, on all addresses as a rule, and keeps keys that let others join. " +
			"This one is alone and has no services, so that is surface without need.",
		Fix: rule.Fix{
			Text:   "Leave the swarm.",
			Shell:  "docker swarm leave --force",
			Breaks: "Swarm secrets, configs and networks on this node are deleted.",
		},
		Refs: rule.Refs{CIS: "5.1", NIST: "4.3.5 4.5.1", ATTACK: "T1133", Guide: "G21", Docs: "Getting started with Swarm mode"},
		Bad:  []rule.Example{{Show: "docker swarm init", Facts: aloneInSwarm()}},
		Good: []rule.Example{
			{Show: "swarm is off", Facts: func(*snapshot.Snapshot) {}},
			{Show: "docker service create nginx", Facts: aloneInSwarm(snapshot.SwarmService{Name: "web", Image: "nginx"})},
			{Show: "an overlay network", Facts: example.Engine(func(e *snapshot.Engine) {
				swarmOf(e, 1)
				example.Add(&e.Networks, snapshot.Network{ID: "o", Name: "app", Driver: "overlay", Scope: "swarm"})
			})},
			{Show: "three nodes", Facts: example.Engine(func(e *snapshot.Engine) { swarmOf(e, 3) })},
		},
		Engine: checkSwarmUnused,
	}
}

// aloneInSwarm is the only node of a swarm with these services.
func aloneInSwarm(services ...snapshot.SwarmService) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { swarmOf(e, 1, services...) })
}

func swarmOf(e *snapshot.Engine, nodes int, services ...snapshot.SwarmService) {
	example.Set(&e.Swarm, snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Nodes: nodes,
		Services: snapshot.See(services, snapshot.At("services", "GET /services"))})
}

func checkSwarmUnused(c *rule.Context, e *snapshot.Engine) rule.Answer {
	swarm := e.Swarm.Read(c)
	if e.Swarm.State() == snapshot.Absent {
		return c.Pass("swarm is off")
	}
	if swarm.Nodes > 1 {
		return c.Pass("the swarm has %d nodes", swarm.Nodes)
	}
	if services := swarm.Services.Read(c); len(services) > 0 { // a gap where the node is no manager
		return c.Pass("the swarm runs services, %s among them", services[0].Name)
	}
	networks, ok := e.Networks.Look(c)
	if !ok {
		c.Stop()
	}
	for _, n := range networks {
		if n.Driver == "overlay" && !n.Ingress {
			return c.Pass("the overlay network %s needs swarm", n.Name)
		}
	}
	return c.Fail("swarm is on, but the node is alone in it and there are no services and no networks")
}
