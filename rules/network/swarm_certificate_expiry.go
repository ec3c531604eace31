package network

import (
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func certificateExpiry() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-certificate-expiry",
		Title:    "Certificates of swarm nodes live long",
		Severity: rule.Low,
		Why:      "A node's certificate lets its holder take part in the swarm. One that is stolen serves until it ends; the default of 90 days was lengthened.",
		Fix: rule.Fix{
			Text:   "Set the lifetime to 90 days or less; nodes renew by themselves.",
			Shell:  "docker swarm update --cert-expiry 720h",
			Breaks: "Nodes that are off for longer than the lifetime must join anew.",
		},
		Refs:  rule.Refs{CIS: "7.7", NIST: "4.3.5", ATTACK: "T1552.004", Guide: "G21", Docs: "Manage swarm security with public key infrastructure (PKI)"},
		Bad:   []rule.Example{{Show: "docker swarm update --cert-expiry 8760h", Facts: swarm(func(s *snapshot.Swarm) { example.Set(&s.CertificateExpiry, 8760*time.Hour) })}},
		Good:  []rule.Example{{Show: "docker swarm init", Facts: swarm(func(*snapshot.Swarm) {})}},
		Swarm: checkCertificateExpiry,
	}
}

// longestExpiry is Docker's default.
const longestExpiry = 90 * 24 * time.Hour

func checkCertificateExpiry(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	days := int(s.CertificateExpiry.Read(c) / (24 * time.Hour))
	if expiry, _ := s.CertificateExpiry.Peek(); expiry > longestExpiry {
		return c.Fail("certificates of nodes are valid for %d days", days)
	}
	return c.Pass("certificates of nodes are valid for %d days", days)
}
