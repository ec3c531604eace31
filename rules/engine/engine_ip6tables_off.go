package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func ip6tablesOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-ip6tables-off",
		Title:    "IPv6 networks of the engine are not filtered",
		Severity: rule.Medium,
		Why: "A network with IPv6 gives its containers addresses that others can route to. With ip6tables off, which was the default before Docker 27, " +
			"all their ports are open to whoever can reach those addresses, published or not.",
		Fix: rule.Fix{
			Text:   "Turn on ip6tables and restart the engine.",
			Daemon: `{"ip6tables": true}`,
			Breaks: "Clients that reach unpublished ports of containers over IPv6.",
		},
		Refs: rule.Refs{CISRelated: "2.4", NIST: "4.3.3 4.4.2", ATTACK: "T1562.004", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad:  []rule.Example{{Show: "dockerd --ip6tables=false --ipv6", Facts: ipv6(false)}},
		Good: []rule.Example{
			{Show: "dockerd --ip6tables --ipv6", Facts: ipv6(true)},
		},
		Engine: dockerd(checkIP6Tables),
	}
}

func ipv6(filtered bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Settings.IP6Tables, filtered)
		example.Add(&e.Networks, snapshot.Network{ID: "n6", Name: "six", Driver: "bridge", Scope: "local", IPv6: true, Subnets: []string{"fd00:6::/64"}})
	})
}

func checkIP6Tables(c *rule.Context, e *snapshot.Engine) rule.Answer {
	networks, _ := e.Networks.Look(c)
	var six []string
	for _, n := range networks {
		if n.IPv6 && n.Driver == "bridge" {
			six = append(six, n.Name)
		}
	}
	if len(six) == 0 {
		return c.NotApplicable("no bridge network has IPv6")
	}
	if e.Settings.IP6Tables.Read(c) {
		return c.Pass("the engine filters IPv6")
	}
	return c.Fail("the engine does not filter IPv6 (ip6tables is false), which these networks use: %s", lang.Comma(six))
}
