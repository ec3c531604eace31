package engine

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func tcpWithoutClientCertificates() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-api-tcp-without-client-certificates",
		Title:    "The API over TCP does not demand client certificates",
		Severity: rule.Low,
		Exact:    true,
		Why: "The CIS Docker Benchmark asks it of the engine as a whole. What each listener does, and how bad that is, say api-tcp-without-tls and api-tls-without-client-verification; " +
			"where no listener can be looked at, engine-api-exposed-warning.",
		Fix: rule.Fix{
			Text:   "Remove the TCP listener, or demand client certificates from a CA of your own.",
			Daemon: `{"tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/server-cert.pem", "tlskey": "/etc/docker/server-key.pem"}`,
			Breaks: "Clients without a certificate.",
		},
		Refs: rule.Refs{CIS: "2.8", NIST: "4.3.1 4.3.2", ATTACK: "T1133", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2376 --tlsverify=false", Facts: greeted(true)},
			{Show: "an engine elsewhere that warns of its API", Facts: warned("WARNING: API is accessible on http://0.0.0.0:2375 without encryption.")},
		},
		Good:   []rule.Example{{Show: "dockerd -H tcp://0.0.0.0:2376 --tlsverify", Facts: greeted(false)}},
		Engine: checkTCPCertificates,
	}
}

// greeted is an engine with a TCP listener that serves strangers or not.
func greeted(anonymous bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Add(&e.Listeners, snapshot.Listener{Name: "tcp://0.0.0.0:2376", Service: "engine", Network: "tcp", Address: "0.0.0.0:2376",
			Handshake: snapshot.See(snapshot.Handshake{TLS: true, Anonymous: anonymous}, snapshot.At("handshake", "tcp://0.0.0.0:2376"))})
	})
}

func checkTCPCertificates(c *rule.Context, e *snapshot.Engine) rule.Answer {
	warnings, _ := e.Settings.Warnings.Try(c)
	if i := slices.IndexFunc(warnings, func(w string) bool { return strings.Contains(w, apiWarning) }); i >= 0 {
		return c.Fail("the engine warns: %s", strings.TrimRight(strings.TrimPrefix(warnings[i], "WARNING: "), "."))
	}
	var refusing []string
	listeners, _ := e.Listeners.Look(c)
	for i := range listeners {
		l := &listeners[i]
		if l.Network != "tcp" || l.Service != "engine" {
			continue
		}
		if h, _ := l.Handshake.Try(c); h.Anonymous || h.Plaintext {
			return c.Fail("%s serves clients without a certificate", l.Address)
		}
		refusing = append(refusing, l.Address)
	}
	e.ListsAll(c)
	if len(refusing) == 0 {
		return c.NotApplicable("the API is not served over TCP")
	}
	return c.Pass("clients without a certificate are refused by %s", lang.Comma(refusing))
}
