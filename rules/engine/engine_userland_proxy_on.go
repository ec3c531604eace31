package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func userlandProxyOn() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-userland-proxy-on",
		Title:    "The engine runs a proxy program for every published port",
		Severity: rule.Low,
		Why:      "For each published port a docker-proxy process runs beside the packet filter. It is one more program that faces the network, and it hides the client's address where it is used.",
		Fix: rule.Fix{
			Text:   "Turn the proxy off where the host has packet forwarding by the kernel and no container needs to be reached at ::1.",
			Daemon: `{"userland-proxy": false}`,
			Breaks: "Access to published ports from the host by ::1. The engine then sets route_localnet on its bridges: a container with CAP_NET_RAW can reach ports published on 127.0.0.1, so drop that capability as well.",
		},
		Refs: rule.Refs{CIS: "2.17", NIST: "4.4.2", ATTACK: "T1090", Guide: "G21", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Daemon: `{}`},
			{Show: "dockerd", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.UserlandProxy, true) })},
		},
		Good:   []rule.Example{{Daemon: `{"userland-proxy": false}`}, {Show: "dockerd --userland-proxy=false", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkUserlandProxy),
	}
}

func checkUserlandProxy(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.UserlandProxy.Read(c) {
		return c.Fail("the userland proxy is on")
	}
	return c.Pass("the userland proxy is off")
}
