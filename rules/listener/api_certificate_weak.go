package listener

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/certificate"
	"seawall/snapshot"
)

func certificateWeak() *rule.Rule {
	return &rule.Rule{
		ID:       "api-certificate-weak",
		Title:    "The API's certificate can be forged",
		Severity: rule.Medium,
		Why:      "A key below 2048 bits (RSA) or 224 bits (elliptic curve) can be computed, and a signature by MD5 or SHA-1 can be copied to another certificate. Either lets somebody on the way pose as the engine.",
		Fix: rule.Fix{
			Text:   "Make a new key and certificate.",
			Shell:  "openssl req -new -nodes -newkey rsa:4096 -keyout server-key.pem -subj /CN=host -out server.csr\nopenssl x509 -req -days 365 -sha256 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.cnf -out server-cert.pem",
			Breaks: "Nothing, if the CA stays the same.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1557", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Show: "openssl genrsa 1024", Facts: example.TCP("192.0.2.10:2376", signed("RSA", 1024, "SHA256-RSA"))},
			{Show: "openssl req -sha1", Facts: example.TCP("192.0.2.10:2376", signed("RSA", 4096, "SHA1-RSA"))},
		},
		Good:     []rule.Example{{Show: "openssl genrsa 4096", Facts: example.TCP("192.0.2.10:2376", signed("RSA", 4096, "SHA256-RSA"))}},
		Listener: onCertificate(checkWeak),
	}
}

func signed(key string, bits int, signature string) snapshot.Handshake {
	return verified(func(h *snapshot.Handshake) {
		h.Certificate.KeyType, h.Certificate.KeyBits, h.Certificate.Signature = key, bits, signature
	})
}

func checkWeak(c *rule.Context, l *snapshot.Listener, cert *snapshot.Certificate) rule.Answer {
	if why := certificate.Weakness(cert); why != "" {
		return c.Fail("the certificate of %s can be forged: %s", l.Address, why)
	}
	return c.Pass("the certificate of %s has %d bits (%s) and is signed with %s", l.Address, cert.KeyBits, cert.KeyType, cert.Signature)
}
