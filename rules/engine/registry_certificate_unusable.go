package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func registryUnusable() *rule.Rule {
	return &rule.Rule{
		ID:       "registry-certificate-unusable",
		Title:    "The engine cannot use the certificates it has for a registry",
		Severity: rule.Low,
		Why: "A client certificate without its key, or a key without its certificate, makes every pull from the registry fail; a CA file without a certificate is left out without a word. " +
			"What was meant to be verified is then not, or the registry is made an insecure one to get on.",
		Fix: rule.Fix{
			Text:   "Keep the CA in a file that ends in .crt, and a client certificate and its key in files of one name that end in .cert and .key.",
			Shell:  "ls -l /etc/docker/certs.d/*",
			Breaks: "Nothing.",
		},
		Refs:   rule.Refs{NIST: "4.2.1", ATTACK: "T1557", Guide: "G21", Docs: "Use trusted root certificates for registries"},
		Bad:    []rule.Example{{Show: "client.cert without client.key", Facts: registryFile(func(f *snapshot.RegistryFile) { f.Problem = "the key client.key is missing" })}},
		Good:   []rule.Example{{Show: "ca.crt with a certificate", Facts: registryFile(unchanged)}},
		Engine: registryCheck(lang.N("files for registries cannot be used"), lang.N("the engine can use its certificates for registries"), func(_ *rule.Context, f *snapshot.RegistryFile) string { return lang.T(f.Problem) }),
	}
}
