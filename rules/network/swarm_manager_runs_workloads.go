package network

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func managerWorks() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-manager-runs-workloads",
		Title:    "Managers of the swarm also run its services",
		Severity: rule.Medium,
		Why: "A manager holds the swarm's CA key, all secrets and the right to start containers on every node. A container that breaks out of its confinement there has all of that; on a worker it has one node. " +
			"Unless told otherwise a manager runs services like any other node.",
		Fix: rule.Fix{
			Text:   "Drain the managers, so that services run on the workers only.",
			Shell:  "docker node update --availability drain NODE",
			Breaks: "Services whose constraints demand a manager, such as some dashboards; the workers carry the load.",
		},
		Refs: rule.Refs{NIST: "4.3.4", ATTACK: "T1611", Guide: "G24", Docs: "Administer and maintain a swarm of Docker Engines"},
		Bad:  []rule.Example{{Show: "a manager with availability active, and workers", Facts: withNodes("active", "active")}},
		Good: []rule.Example{
			{Show: "docker node update --availability drain m1", Facts: withNodes("drain", "active")},
		},
		Swarm: checkManagerWork,
	}
}

func withNodes(manager, worker string) func(*snapshot.Snapshot) {
	return swarm(func(s *snapshot.Swarm) {
		example.Set(&s.NodeList, []snapshot.SwarmNode{{Name: "m1", Manager: true, Availability: manager}, {Name: "w1", Availability: worker}})
	})
}

func checkManagerWork(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	workers := 0
	var found []string
	for _, n := range s.NodeList.Read(c) {
		switch {
		case !n.Manager:
			workers++
		case n.Availability == "active":
			found = append(found, n.Name)
		}
	}
	switch {
	case workers == 0:
		return c.NotApplicable("the swarm has managers only: services have nowhere else to run")
	case len(found) > 0:
		return c.Fail("the managers %s run services although the swarm has workers", list(found, 8))
	}
	return c.Pass("no manager takes new tasks")
}
