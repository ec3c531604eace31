package listener

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func tlsWithoutClientVerification() *rule.Rule {
	return &rule.Rule{
		ID:       "api-tls-without-client-verification",
		Title:    "The API over TLS serves clients without a certificate",
		Severity: rule.Critical,
		Why: "TLS alone encrypts; it does not ask who is there. The engine answered a client that showed no certificate, so anyone who reaches the port controls the engine. " +
			"It comes from tlsverify=false, which also overrides tls=true.",
		Fix: rule.Fix{
			Text:   "Demand client certificates from a CA that signs nothing else, and restart the engine.",
			Daemon: `{"tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/server-cert.pem", "tlskey": "/etc/docker/server-key.pem"}`,
			Shell: `# the CA; keep ca-key.pem away from the host
openssl req -new -x509 -newkey rsa:4096 -days 365 -sha256 -subj /CN=docker-ca -keyout ca-key.pem -out ca.pem
# the server
printf 'subjectAltName = DNS:host.example,IP:192.0.2.10\nextendedKeyUsage = serverAuth\n' > server.cnf
openssl req -new -nodes -newkey rsa:4096 -subj /CN=host.example -keyout server-key.pem -out server.csr
openssl x509 -req -days 365 -sha256 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.cnf -out server-cert.pem
# each client
printf 'extendedKeyUsage = clientAuth\n' > client.cnf
openssl req -new -nodes -newkey rsa:4096 -subj /CN=client -keyout key.pem -out client.csr
openssl x509 -req -days 365 -sha256 -in client.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile client.cnf -out cert.pem
# on the host
sudo install -m 444 ca.pem server-cert.pem /etc/docker && sudo install -m 400 server-key.pem /etc/docker`,
			Breaks: "Clients that have no certificate yet.",
		},
		Refs:     rule.Refs{CIS: "2.8", NIST: "4.3.1 4.3.2", ATTACK: "T1133 T1610 T1611", Guide: "G4 G5", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "dockerd --tlsverify=false --tlscert … -H tcp://0.0.0.0:2376", Facts: example.TCP("0.0.0.0:2376", verified(func(h *snapshot.Handshake) { h.Anonymous, h.ClientCAs = true, nil }))}},
		Good:     []rule.Example{{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376", Facts: example.TCP("0.0.0.0:2376", verified(nil))}},
		Listener: onTCP(checkClientVerification),
	}
}

func checkClientVerification(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	switch {
	case !h.TLS:
		return c.NotApplicable("the listener does not speak TLS")
	case h.Anonymous:
		return openAPI(c, l, lang.T("clients without a certificate"))
	case len(h.ClientCAs) > 0:
		return c.Pass("%s refuses clients without a certificate; it accepts those of %s", l.Address, lang.Comma(h.ClientCAs))
	}
	return c.Pass("%s refuses clients without a certificate", l.Address)
}
