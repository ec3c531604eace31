package engine

import (
	"seawall/rule"
	"seawall/snapshot"
)

func forwardPolicyKept() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-forward-policy-kept",
		Title:    "The engine makes the host a router and lets everything through",
		Severity: rule.Low,
		Why: "When the engine turns on packet forwarding it sets the policy of the FORWARD chain to DROP, so that the host does not become a router between all its networks. " +
			"With ip-forward-no-drop it leaves the policy as it is, ACCEPT unless somebody chose otherwise.",
		Fix: rule.Fix{
			Text:   "Remove the setting, or set the policy in the host's own firewall and let through what is meant.",
			Daemon: `{"ip-forward-no-drop": false}`,
			Shell:  "sudo iptables -P FORWARD DROP",
			Breaks: "Other traffic that the host routes, such as that of virtual machines; let it through in DOCKER-USER.",
		},
		Refs:   rule.Refs{NIST: "4.3.3 4.5.1", ATTACK: "T1562.004", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad:    []rule.Example{{Daemon: `{"ip-forward-no-drop": true}`}},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkForwardPolicy),
	}
}

func checkForwardPolicy(c *rule.Context, e *snapshot.Engine) rule.Answer {
	switch {
	case !e.Settings.IPForward.Read(c):
		return c.NotApplicable("the engine does not turn on forwarding")
	case !e.Settings.IPTables.Read(c):
		return c.NotApplicable("the engine sets no packet filter rules, which engine-iptables-off reports")
	case e.Settings.IPForwardNoDrop.Read(c):
		return c.Fail("the engine turns on forwarding and leaves the policy of FORWARD as it is (ip-forward-no-drop)")
	}
	return c.Pass("the engine sets the policy of FORWARD where it turns on forwarding")
}
