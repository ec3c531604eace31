package listener

import (
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func certificateExpiring() *rule.Rule {
	return &rule.Rule{
		ID:       "api-certificate-expiring",
		Title:    "The API's certificate ends within 30 days",
		Severity: rule.Low,
		Why:      "When it ends, clients that verify it stop working, usually at a bad time.",
		Fix: rule.Fix{
			Text:   "Make a new certificate now and restart the engine.",
			Shell:  "openssl x509 -req -days 365 -sha256 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.cnf -out server-cert.pem\nsudo systemctl restart docker",
			Breaks: "Nothing, if the CA stays the same.",
		},
		Refs:     rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1489", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "ten days left", Facts: example.TCP("192.0.2.10:2376", until(2026, 11, 11))}},
		Good:     []rule.Example{{Show: "seven months left", Facts: example.TCP("192.0.2.10:2376", verified(nil))}},
		Listener: onCertificate(checkExpiring),
	}
}

// soon is how long before its end a certificate is reported.
const soon = 30 * 24 * time.Hour

func checkExpiring(c *rule.Context, l *snapshot.Listener, cert *snapshot.Certificate) rule.Answer {
	left := cert.NotAfter.Sub(c.Snapshot.TakenAt)
	switch {
	case left < 0:
		return c.NotApplicable("it has ended: see api-certificate-expired")
	case left < soon:
		return c.Fail("the certificate of %s ends on %s, in %d days", l.Address, cert.NotAfter.Format(time.DateOnly), int(left.Hours()/24))
	}
	return c.Pass("the certificate of %s is valid until %s", l.Address, cert.NotAfter.Format(time.DateOnly))
}
