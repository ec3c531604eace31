package network

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func managerCount() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-manager-count",
		Title:    "The swarm has an unfit number of managers",
		Severity: rule.Low,
		Why: "Every manager holds all secrets and can start anything on any node, so more than seven are more targets without more safety. " +
			"With an even number one of them adds nothing: two managers lose control of the swarm when either fails.",
		Fix: rule.Fix{
			Text:   "Keep three, five or seven managers, or one where an outage is acceptable; make the others workers.",
			Shell:  "docker node demote NODE",
			Breaks: "Nothing, as long as more than half of the managers stay up.",
		},
		Refs:  rule.Refs{CIS: "7.1", NIST: "4.3.1 4.3.5", ATTACK: "T1489", Guide: "G21", Docs: "Administer and maintain a swarm of Docker Engines"},
		Bad:   []rule.Example{{Show: "two managers", Facts: swarm(func(s *snapshot.Swarm) { s.Managers = 2 })}, {Show: "nine managers", Facts: swarm(func(s *snapshot.Swarm) { s.Managers, s.Nodes = 9, 12 })}},
		Good:  []rule.Example{{Show: "three managers", Facts: swarm(func(*snapshot.Swarm) {})}},
		Swarm: checkManagers,
	}
}

func checkManagers(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	switch {
	case !s.Manager:
		return c.NotApplicable("the node is a worker, which does not know")
	case s.Managers == 0:
		c.Missed(c.Engine.Swarm.Origin(), snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.T("the number of managers is not known")})
	case s.Managers > 7:
		return c.Fail("the swarm has %d managers; more than seven do not make it safer", s.Managers)
	case s.Managers%2 == 0:
		return c.Fail("the swarm has %d managers, an even number", s.Managers)
	}
	return c.Pass("the swarm has %d managers", s.Managers)
}
