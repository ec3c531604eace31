package container

import (
	"net"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func publishedOnAll() *rule.Rule {
	return &rule.Rule{
		ID:       "port-published-on-all-interfaces",
		Title:    "A port is published on all of the host's addresses",
		Severity: rule.Medium,
		Why: "Without an address the engine publishes a port on every interface, IPv4 and IPv6, and opens the host's firewall for it: ufw and firewalld rules do not hold it back. " +
			"A database meant for one other program is then open to the network.",
		Fix: rule.Fix{
			Text:    "Name the address that clients use: 127.0.0.1 where a proxy on the host stands before it. Containers reach each other over a network without publishing.",
			Run:     "-p 127.0.0.1:5432:5432",
			Compose: "services:\n  db:\n    ports: [\"127.0.0.1:5432:5432\"]",
			Daemon:  `{"ip": "127.0.0.1"}`,
			Breaks:  "Clients that come in by another address.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CIS: "5.14", CISRelated: "5.9", NIST: "4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Packet filtering and firewalls", Peers: "kics:451d79dc CL-0005 docksec:port-bound-all-interfaces dclint:no-unbound-port-interfaces"},
		Bad: []rule.Example{
			{Run: "docker run -p 0.0.0.0:8080:80 alpine"},
			{Run: "docker run -p '[::]:81:80' alpine"},
			{Run: "docker run -p 5432:5432 --network app alpine"},
			{Show: "an engine that names no address", Run: "docker run -p 8080:80 alpine",
				Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.IP }, "")},
		},
		Good: []rule.Example{
			{Run: "docker run -p 127.0.0.1:8080:80 alpine"},
			{Run: "docker run alpine"},
			{Show: "an engine that publishes on localhost", Run: "docker run -p 8080:80 alpine"},
		},
		Container: checkPublishedOnAll,
	}
}

func checkPublishedOnAll(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	var open []string
	for _, p := range anyPorts(c, ctr) {
		open = append(open, portText(p))
	}
	if len(open) == 0 {
		return c.Pass("it publishes no port on all addresses")
	}
	text := lang.Comma(open)
	c.Cite(ctr.Ports.Origin(), text)
	return c.Fail("it publishes its %s%s", text, life(ctr))
}

// portText writes a published port: "port 80/tcp on 0.0.0.0:8080".
func portText(p snapshot.Port) string {
	port := p.HostPort
	if port == "" || port == "0" {
		port = lang.T("any free port")
	}
	where := net.JoinHostPort(p.HostIP, port)
	if p.HostIP == "" {
		where = lang.Sprintf("all addresses, port %s", port)
	}
	return lang.Sprintf("port %d/%s on %s", p.Port, p.Protocol, where)
}
