package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rules/internal/certificate"
	"seawall/snapshot"
)

func registryWeak() *rule.Rule {
	return &rule.Rule{
		ID:       "registry-certificate-weak",
		Title:    "The engine trusts a registry by a certificate that can be forged",
		Severity: rule.Medium,
		Why: "Whoever computes the key of a CA below certs.d, or copies its signature to another certificate, is the registry for this engine: " +
			"images with programs of theirs are then pulled and run, and credentials are sent to them.",
		Fix: rule.Fix{
			Text:   "Let the registry have a certificate by a CA with a key of at least 2048 bits (RSA) or 224 bits (elliptic curve), signed by way of SHA-256.",
			Shell:  "openssl req -x509 -newkey rsa:4096 -sha256 -days 3650 -nodes -keyout ca.key -out ca.crt -subj '/CN=registry CA'",
			Breaks: "Every client of the registry needs the new CA.",
		},
		Refs:   rule.Refs{NIST: "4.2.1", ATTACK: "T1195.002 T1557", Guide: "G21", Docs: "Use trusted root certificates for registries"},
		Bad:    []rule.Example{{Show: "openssl genrsa 1024", Facts: registryFile(func(f *snapshot.RegistryFile) { f.Certificates[0].KeyBits = 1024 })}},
		Good:   []rule.Example{{Show: "openssl genrsa 4096", Facts: registryFile(unchanged)}},
		Engine: registryCheck(lang.N("certificates for registries can be forged"), lang.N("no certificate for a registry can be forged"), weak),
	}
}

func weak(_ *rule.Context, f *snapshot.RegistryFile) string {
	for i := range f.Certificates {
		if why := certificate.Weakness(&f.Certificates[i]); why != "" {
			return f.Certificates[i].Subject + ": " + why
		}
	}
	return ""
}
