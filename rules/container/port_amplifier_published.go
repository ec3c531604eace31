package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// amplifiers are services over UDP whose answers are larger than the questions
// (US-CERT TA14-017A).
var amplifiers = []knownPort{
	{17, "udp", rule.Medium, "QOTD"},
	{19, "udp", rule.Medium, "chargen"},
	{53, "udp", rule.Low, "DNS"},
	{69, "udp", rule.Medium, "TFTP"},
	{111, "udp", rule.Medium, lang.N("the portmapper")},
	{123, "udp", rule.Medium, "NTP"},
	{137, "udp", rule.Medium, "NetBIOS"},
	{161, "udp", rule.Medium, "SNMP"},
	{389, "udp", rule.Medium, "LDAP"},
	{1900, "udp", rule.Medium, "SSDP"},
	{3702, "udp", rule.Medium, "WS-Discovery"},
	{5353, "udp", rule.Medium, "mDNS"},
	{11211, "udp", rule.Medium, "memcached"},
}

func amplifierPublished() *rule.Rule {
	return &rule.Rule{
		ID:       "port-amplifier-published",
		Title:    "A service that amplifies attacks is published over UDP",
		Severity: rule.Medium,
		Why: "Such services send large answers to small questions, and over UDP nobody proves who asked. Attackers ask in the name of their victim: " +
			"the host floods others, its line is full, and its provider may cut it off.",
		Fix: rule.Fix{
			Text:    "Publish the port only on an address that known clients reach, or limit who may ask in DOCKER-USER.",
			Run:     "-p 10.0.0.5:53:53/udp",
			Compose: "services:\n  web:\n    ports: [\"10.0.0.5:53:53/udp\"]",
			Breaks:  "Clients that come in by another address.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CISRelated: "5.9 5.14", NIST: "4.4.2", ATTACK: "T1498.002", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Run: "docker run --network app -p 123:123/udp chrony"},
			{Run: "docker run -p 0.0.0.0:53:53/udp dns"},
		},
		Good: []rule.Example{
			{Run: "docker run -p 127.0.0.1:53:53/udp dns"},
			{Run: "docker run -p 10.0.0.5:53:53/udp dns"},
			{Run: "docker run -p 0.0.0.0:51820:51820/udp -p 0.0.0.0:53:53/tcp vpn"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			worst, text := publishes(c, ctr, anyPorts(c, ctr), amplifiers)
			if worst == 0 {
				return c.Pass("it publishes no known amplifier on all addresses")
			}
			reason := ""
			if worst == rule.Low {
				reason = lang.T("to serve DNS may be its purpose; whom it answers decides")
			}
			return c.FailAs(worst, reason, "it publishes %s%s", text, life(ctr))
		},
	}
}
