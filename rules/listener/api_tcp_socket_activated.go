package listener

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func socketActivated() *rule.Rule {
	return &rule.Rule{
		ID:       "api-tcp-socket-activated",
		Title:    "systemd holds a TCP port of the engine",
		Severity: rule.Low,
		Why: "The address stands in the socket unit, not in daemon.json or on the daemon's command line, so reviews that read those miss it. " +
			"A connection also starts the engine again after it was stopped.",
		Fix: rule.Fix{
			Text:   "Take the TCP address out of docker.socket and, if it is needed, configure it in the engine with client certificates.",
			Shell:  "sudo systemctl edit docker.socket   # remove ListenStream=2376\nsudo systemctl daemon-reload && sudo systemctl restart docker.socket",
			Breaks: "Clients that use the port.",
		},
		Refs:     rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1133", Guide: "G4", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "ListenStream=2376 in docker.socket", Facts: example.Engine(func(e *snapshot.Engine) { example.AddTCP(e, "0.0.0.0:2376", verified(nil), true) })}},
		Good:     []rule.Example{{Show: "dockerd -H tcp://…", Facts: example.TCP("192.0.2.10:2376", verified(nil))}},
		Listener: checkSocketActivated,
	}
}

func checkSocketActivated(c *rule.Context, l *snapshot.Listener) rule.Answer {
	if l.Network != "tcp" || l.Service != "engine" {
		return c.NotApplicable("not a TCP listener of the engine")
	}
	l.Holders.Try(c) // evidence: who holds the socket
	if l.SocketActivated {
		return c.Fail("systemd holds the engine's TCP port %s", l.Address)
	}
	return c.Pass("the engine opened %s itself", l.Address)
}
