package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

// manyPorts is how many published ports are more than one service needs.
const manyPorts = 50

func rangePublished() *rule.Rule {
	return &rule.Rule{
		ID:       "port-range-published",
		Title:    "A container publishes a large range of ports",
		Severity: rule.Low,
		Why: "Nobody knows what listens on each of them, now or after the next update, and all are open in the firewall. " +
			"The engine adds packet filter rules for each port, mostly a process too, which makes the container slow to start.",
		Fix: rule.Fix{
			Text:    "Publish the ports that are used. Where a protocol needs a range, such as RTP or passive FTP, configure a small one, or use macvlan.",
			Run:     "-p 127.0.0.1:8080:8080 -p 10000-10019:10000-10019/udp",
			Compose: "services:\n  web:\n    ports: [\"10000-10019:10000-10019/udp\"]",
			Breaks:  "Sessions beyond the smaller range.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CISRelated: "5.9", NIST: "4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Port publishing and mapping"},
		Bad:  []rule.Example{{Run: "docker run --network app -p 10000-10099:10000-10099/udp alpine"}},
		Good: []rule.Example{{Run: "docker run --network app -p 10000-10019:10000-10019/udp alpine"}, {Run: "docker run -p 127.0.0.1:10000-10099:10000-10099 alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			type port struct {
				number   int
				protocol string
			}
			ports := map[port]struct{}{}
			for _, p := range openPorts(c, ctr) {
				ports[port{p.Port, p.Protocol}] = struct{}{}
			}
			if len(ports) <= manyPorts {
				return c.Pass("it publishes %d ports beyond this host", len(ports))
			}
			c.Cite(ctr.Ports.Origin(), len(ports))
			return c.Fail("it publishes %d ports beyond this host%s", len(ports), life(ctr))
		},
	}
}
