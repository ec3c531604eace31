package engine

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func directRouting() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-direct-routing-allowed",
		Title:    "Containers can be addressed directly from other machines",
		Severity: rule.Medium,
		Why: "From 28.0 on the engine drops packets that another machine sends to a container's own address: a port published on 127.0.0.1 stays on the host. " +
			"allow-direct-routing, or the variable DOCKER_INSECURE_NO_IPTABLES_RAW, takes that away. Whoever can route to the container networks, such as every neighbour on the link, then reaches such ports.",
		Fix: rule.Fix{
			Text:   "Remove the setting; where one network must be reached directly, give that network the gateway mode routed.",
			Daemon: `{"allow-direct-routing": false}`,
			Shell:  "docker network create -o com.docker.network.bridge.gateway_mode_ipv4=routed NAME",
			Breaks: "Machines that reach containers at their own addresses.",
		},
		Refs: rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Daemon: `{"allow-direct-routing": true}`},
			{Show: "DOCKER_INSECURE_NO_IPTABLES_RAW=1 dockerd", Facts: warnings("WARNING: DOCKER_INSECURE_NO_IPTABLES_RAW is set")},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "another warning", Facts: warnings("WARNING: No swap limit support")}},
		Engine: dockerd(checkDirectRouting),
	}
}

func warnings(list ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Warnings, list) })
}

// checkDirectRouting reads the setting, and the engine's own warning about the
// variable (moby, daemon/info_unix.go).
func checkDirectRouting(c *rule.Context, e *snapshot.Engine) rule.Answer {
	list, _ := e.Settings.Warnings.Look(c)
	for _, w := range list {
		if strings.Contains(w, "DOCKER_INSECURE_NO_IPTABLES_RAW") {
			c.Cite(e.Settings.Warnings.Origin(), w)
			return c.Fail("the engine keeps no packets from containers' own addresses (DOCKER_INSECURE_NO_IPTABLES_RAW is set)")
		}
	}
	if allowed, _ := e.Settings.AllowDirectRouting.Try(c); allowed {
		return c.Fail("the engine lets other machines address containers directly (allow-direct-routing)")
	}
	if olderThan(c, e, 28) {
		return c.NotApplicable("engines before 28.0 do not keep such packets away: the FORWARD policy of the host decides")
	}
	return c.Pass("the engine drops packets from other machines to containers' own addresses")
}
