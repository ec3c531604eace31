package network

import (
	"slices"

	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/ways"
)

func crossesNetworks() *rule.Rule {
	return &rule.Rule{
		ID:       "containers-can-talk-across-projects",
		Title:    "Containers of other projects reach all ports, without a common network",
		Severity: rule.Medium,
		Why: "Networks of their own are what keeps the containers of one project from those of another. Here the packet filters let connections from other networks through to ports that are not published: " +
			"whoever takes over the weakest container reaches the databases of all others. So it is without the engine's own rules (iptables off), from 29.0 on for networks of the mode nat-unprotected, and before 28.0 where rules of one's own come first.",
		Fix: rule.Fix{
			Text:   "Let the engine write its rules, use the gateway mode nat, and narrow rules in DOCKER-USER and FORWARD that accept what comes from bridges.",
			Shell:  "sudo iptables -S FORWARD\nsudo iptables -S DOCKER-USER   # find the rule that is named and delete it with -D",
			Daemon: `{"iptables": true, "ip6tables": true}`,
			Breaks: "Containers that used each other's addresses across networks; put those that belong together on a common network.",
		},
		Refs: rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1046 T1210", Guide: "G14 G16", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "a rule that lets through whatever is forwarded, and an engine before 28.0", Firewall: "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER -j ACCEPT", Facts: example.Running(web, db)},
			{Show: "an engine without its rules", Firewall: "iptables -t raw -F PREROUTING\niptables -F FORWARD\niptables -P FORWARD ACCEPT", Facts: example.Running(web, db)},
		},
		Good: []rule.Example{
			{Show: "an engine 28.5", Facts: example.Running(web, db)},
			{Show: "two networks of one project", Firewall: "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER -j ACCEPT",
				Facts: example.Running(web, example.Container{Name: "db", Network: "back", IPv4: "172.19.0.2", Project: "app"})},
			{Show: "a rule for what comes from outside", Firewall: "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER -i eth0 -j ACCEPT", Facts: example.Running(web, db)},
		},
		Network: onContainers(checkCrossesNetworks),
	}
}

// checkCrossesNetworks is about containers that share no network with the target:
// what a common network allows is for network-joins-projects and the rules about
// icc.
func checkCrossesNetworks(c *rule.Context, v *ways.View, t *matrix.Target, at int) rule.Answer {
	list := v.Who(at, ways.Asked{Open: (*matrix.Way).Through, Sources: func(s *matrix.Source) bool {
		return s.Kind == matrix.Containers && !slices.Contains(s.Networks, t.Network) && slices.ContainsFunc(s.Members, func(m matrix.Member) bool { return foreign(m, t) })
	}})
	if len(list) == 0 {
		return c.Pass("no container of another project reaches the containers on %s from another network", t.Network)
	}
	v.Cite(list)
	return c.Fail("%s can reach all ports of %s on %s (%s)", ways.Names(list), ways.Members(t), t.Network, ways.LetBy(list[0].Way))
}

// foreign says whether a container is of no project, or of another than some of a
// target's.
func foreign(m matrix.Member, t *matrix.Target) bool {
	return m.Project == "" || slices.ContainsFunc(t.Members, func(of matrix.Member) bool { return of.Project != m.Project })
}
