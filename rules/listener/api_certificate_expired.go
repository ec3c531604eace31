package listener

import (
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/certificate"
	"seawall/snapshot"
)

func certificateExpired() *rule.Rule {
	return &rule.Rule{
		ID:       "api-certificate-expired",
		Title:    "The API's certificate is not valid at this time",
		Severity: rule.Medium,
		Why:      "Clients that verify certificates refuse the engine; people then turn verification off, and from that day anyone on the way can pose as the engine.",
		Fix: rule.Fix{
			Text:   "Make a new certificate and restart the engine.",
			Shell:  "openssl x509 -req -days 365 -sha256 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.cnf -out server-cert.pem\nsudo systemctl restart docker",
			Breaks: "Nothing, if the CA stays the same.",
		},
		Refs:     rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1557", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "a certificate that ended a month ago", Facts: example.TCP("192.0.2.10:2376", until(2026, 10, 1))}},
		Good:     []rule.Example{{Show: "a certificate that ends in seven months", Facts: example.TCP("192.0.2.10:2376", verified(nil))}},
		Listener: onCertificate(checkExpired),
	}
}

func until(year, month, day int) snapshot.Handshake {
	return verified(func(h *snapshot.Handshake) {
		h.Certificate.NotAfter = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	})
}

func checkExpired(c *rule.Context, l *snapshot.Listener, cert *snapshot.Certificate) rule.Answer {
	if why := certificate.Invalid(cert, c.Snapshot.TakenAt); why != "" {
		return c.Fail("the certificate of %s %s", l.Address, why)
	}
	return c.Pass("the certificate of %s is valid until %s", l.Address, cert.NotAfter.Format(time.DateOnly))
}
