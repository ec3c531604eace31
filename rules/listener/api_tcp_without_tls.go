package listener

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func tcpWithoutTLS() *rule.Rule {
	return &rule.Rule{
		ID:       "api-tcp-without-tls",
		Title:    "The API serves anyone over TCP without encryption",
		Severity: rule.Critical,
		Why: "Over this port the engine takes orders from anyone who reaches it, without a password, and the traffic can be read. " +
			"One request starts a container with the host's root directory. Such ports are searched for and taken over within hours.",
		Fix: rule.Fix{
			Text: "Remove the listener and use the engine by ssh. Where TCP must be: demand client certificates from a CA of your own, and let only known hosts through the firewall. " +
				"The loopback address is no protection: local users and containers with the host's network reach it.",
			Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
			Shell:  "docker context create remote --docker host=ssh://admin@host",
			Breaks: "Everything that uses the port now: CI jobs, IDEs, monitoring.",
		},
		Refs:     rule.Refs{CIS: "2.8", NIST: "4.3.1 4.3.2", ATTACK: "T1133 T1610 T1611", Guide: "G4 G5 G13", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "dockerd -H tcp://0.0.0.0:2375", Facts: example.TCP("0.0.0.0:2375", plain)}, {Show: "dockerd -H tcp://127.0.0.1:2375", Facts: example.TCP("127.0.0.1:2375", plain)}},
		Good:     []rule.Example{{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376", Facts: example.TCP("0.0.0.0:2376", verified(nil))}},
		Listener: onTCP(checkWithoutTLS),
	}
}

func checkWithoutTLS(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	if !h.Plaintext {
		return c.Pass("%s does not answer without TLS", l.Address)
	}
	return openAPI(c, l, lang.T("anyone without encryption"))
}

// openAPI fails: the listener serves those whom it should not. On a loopback
// address they are local users and containers with the host's network.
func openAPI(c *rule.Context, l *snapshot.Listener, whom string) rule.Answer {
	switch {
	case l.Loopback():
		return c.FailAs(rule.High, "the address is reachable on the host only: for local users and for containers with the host's network",
			"the API on %s serves %s", l.Address, whom)
	case l.Any():
		return c.Fail("the API on all addresses (%s) serves %s, also the containers of this host by their network's gateway", l.Address, whom)
	}
	return c.Fail("the API on %s serves %s", l.Address, whom)
}
