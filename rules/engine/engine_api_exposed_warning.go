package engine

import (
	"net"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func apiExposedWarning() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-api-exposed-warning",
		Title:    "The engine itself warns that its API is open",
		Severity: rule.Critical,
		Why: "The engine lists in docker info the addresses at which it serves anyone: without encryption, or with TLS that asks for no client certificate. " +
			"Its word counts where its sockets cannot be looked at, for example from another machine.",
		Fix: rule.Fix{
			Text:   "Remove the TCP listener, or demand client certificates from a CA of your own (see api-tcp-without-tls).",
			Daemon: `{"tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/server-cert.pem", "tlskey": "/etc/docker/server-key.pem"}`,
			Breaks: "Clients without a certificate.",
		},
		Refs:   rule.Refs{CISRelated: "2.8", NIST: "4.3.1 4.3.2", ATTACK: "T1133 T1610", Guide: "G4 G5", Docs: "Protect the Docker daemon socket"},
		Bad:    []rule.Example{{Show: "docker -H tcp://… info warns", Facts: warned("WARNING: API is accessible on http://0.0.0.0:2375 without encryption.")}},
		Good:   []rule.Example{{Show: "docker info without such a warning", Facts: warned("WARNING: No swap limit support")}},
		Engine: checkAPIWarning,
	}
}

// warned is an engine whose listeners cannot be seen, with warnings.
func warned(texts ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		e.Listeners = snapshot.Lost[[]snapshot.Listener](snapshot.Gap{Reason: snapshot.ReasonRemote, Detail: "the engine is on another machine"}, e.Listeners.Origin())
		example.Set(&e.Settings.Warnings, texts)
	})
}

// apiWarning is how the warnings begin (moby, cli/debug warnings of GET /info:
// "API is accessible on http://… without encryption", "… without TLS client
// verification"; since 19.03).
const apiWarning = "API is accessible on "

func checkAPIWarning(c *rule.Context, e *snapshot.Engine) rule.Answer {
	var open []string
	loopback := true
	for _, warning := range e.Settings.Warnings.Read(c) {
		_, rest, found := strings.Cut(warning, apiWarning)
		if !found {
			continue
		}
		address, _, _ := strings.Cut(rest, " ")
		_, host, _ := strings.Cut(address, "://")
		l := snapshot.Listener{Network: "tcp", Address: host}
		if !handshakeSeen(e, host) {
			open = append(open, address)
			loopback = loopback && l.Loopback()
		}
	}
	switch {
	case len(open) == 0:
		return c.Pass("the engine warns of no open API beyond the listeners that are judged themselves")
	case loopback:
		return c.FailAs(rule.High, "the address is reachable on the host only", "the engine says that it serves anyone on %s", lang.Comma(open))
	}
	return c.Fail("the engine says that it serves anyone on %s", lang.Comma(open))
}

// handshakeSeen reports whether the listener was greeted, so that the rules
// about listeners judge it and one cause makes one finding. It leaves out a
// finding that another rule makes; it lets nothing pass.
func handshakeSeen(e *snapshot.Engine, address string) bool {
	listeners, _ := e.Listeners.Peek()
	_, port, _ := net.SplitHostPort(address)
	for _, l := range listeners {
		_, listening, _ := net.SplitHostPort(l.Address)
		if listening == port && l.Handshake.State() == snapshot.Seen {
			return true
		}
	}
	return false
}
