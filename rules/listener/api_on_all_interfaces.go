package listener

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func onAllInterfaces() *rule.Rule {
	return &rule.Rule{
		ID:       "api-on-all-interfaces",
		Title:    "The API listens on all addresses of the host",
		Severity: rule.Medium,
		Why: "The port is open on every network the host is in, now and later: public interfaces, VPNs, the gateways of its own container networks. " +
			"Certificates keep strangers from giving orders; they do not keep them from trying flaws of the TLS stack or stolen keys.",
		Fix: rule.Fix{
			Text:   "Bind the API to the one address where its clients are, and let only their addresses through the firewall.",
			Daemon: `{"hosts": ["unix:///run/docker.sock", "tcp://192.0.2.10:2376"]}`,
			Breaks: "Clients that came by another address. A host in daemon.json beside -H in the unit keeps the daemon from starting.",
		},
		Refs:     rule.Refs{CISRelated: "2.8", NIST: "4.3.1 4.4.2", ATTACK: "T1133", Guide: "G11 G12", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376", Facts: example.TCP("0.0.0.0:2376", verified(nil))}, {Show: "dockerd --tlsverify -H tcp://:2376", Facts: example.TCP("[::]:2376", verified(nil))}},
		Good:     []rule.Example{{Show: "dockerd --tlsverify -H tcp://192.0.2.10:2376", Facts: example.TCP("192.0.2.10:2376", verified(nil))}},
		Listener: checkAllInterfaces,
	}
}

func checkAllInterfaces(c *rule.Context, l *snapshot.Listener) rule.Answer {
	if l.Network != "tcp" || l.Service != "engine" {
		return c.NotApplicable("not a TCP listener of the engine")
	}
	c.Cite(snapshot.At("listener", l.Holders.Origin().Source), l.Address)
	if l.Any() {
		return c.Fail("the API listens on all addresses (%s)", l.Address)
	}
	return c.Pass("the API listens on %s", l.Address)
}
