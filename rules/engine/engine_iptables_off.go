package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func iptablesOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-iptables-off",
		Title:    "The engine does not set packet filter rules",
		Severity: rule.Medium,
		Why: "With iptables off the engine keeps no network apart from another: ports that were never published can be reached from neighbouring networks and hosts, and icc=false cannot be enforced. " +
			"Only rules of one's own can replace that.",
		Fix: rule.Fix{
			Text:   "Let the engine manage its rules and put own ones into the chain DOCKER-USER.",
			Daemon: `{"iptables": true}`,
			Breaks: "Hand-written rules for containers that then stand twice or in another order.",
		},
		Refs: rule.Refs{CIS: "2.4", NIST: "4.3.3 4.4.2", ATTACK: "T1562.004", Guide: "G12 G14", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Daemon: `{"iptables": false}`},
			{Show: "dockerd --iptables=false", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.IPTables, false) })},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkIPTables),
	}
}

func checkIPTables(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.IPTables.Read(c) {
		return c.Pass("the engine sets packet filter rules")
	}
	return c.Fail("the engine sets no packet filter rules (iptables is false)")
}
