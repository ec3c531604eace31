package engine

import (
	"cmp"

	"seawall/lang"
	"seawall/rule"
	"seawall/rules/internal/certificate"
	"seawall/snapshot"
)

func registryExpired() *rule.Rule {
	return &rule.Rule{
		ID:       "registry-certificate-expired",
		Title:    "The engine's certificates for a registry are not valid at this time",
		Severity: rule.Low,
		Why: "With an expired CA the engine refuses the registry, with an expired client certificate the registry refuses the engine. " +
			"Updates of images then fail, or somebody makes the registry an insecure one to get on.",
		Fix: rule.Fix{
			Text:   "Put the registry's current CA, or a new client certificate, into the directory; the engine reads it at the next pull.",
			Shell:  "sudo install -m 444 ca.crt /etc/docker/certs.d/registry.example:5000/ca.crt",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.2.1", ATTACK: "T1557", Guide: "G21", Docs: "Use trusted root certificates for registries"},
		Bad: []rule.Example{
			{Show: "a CA that ended ten months ago", Facts: registryFile(until(2026))},
			{Show: "a client certificate that ended ten months ago", Facts: registryFile(func(f *snapshot.RegistryFile) { f.Client = true; until(2026)(f) })},
		},
		Good: []rule.Example{
			{Show: "a CA that is valid", Facts: registryFile(unchanged)},
			{Show: "an expired CA beside its successor", Facts: registryFile(func(f *snapshot.RegistryFile) {
				f.Certificates = append(f.Certificates, f.Certificates[0])
				until(2026)(f)
			})},
		},
		Engine: registryCheck(lang.N("certificates for registries are not valid"), lang.N("the certificates for registries are valid"), expired),
	}
}

// expired judges the certificate that the engine shows; of a file with several
// CAs one valid one is enough.
func expired(c *rule.Context, f *snapshot.RegistryFile) string {
	why := ""
	for i := range f.Certificates {
		invalid := certificate.Invalid(&f.Certificates[i], c.Snapshot.TakenAt)
		if invalid == "" {
			return ""
		}
		why = cmp.Or(why, f.Certificates[i].Subject+" "+invalid)
		if f.Client {
			break
		}
	}
	return why
}
