package client

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func keyReadable() *rule.Rule {
	return &rule.Rule{
		ID:       "client-key-readable",
		Title:    "Others can read the key that opens an engine",
		Severity: rule.High,
		Why:      "The client's TLS key is the password of the engine behind it. Whoever reads it controls that engine, and by it the host the engine runs on.",
		Fix: rule.Fix{
			Text:   "Make the key readable for its owner only; if others could read it, make a new one and withdraw the old by changing the CA.",
			Shell:  "chmod 600 ~/.docker/key.pem",
			Breaks: "Other accounts that shared the key; give each its own.",
		},
		Refs:   rule.Refs{CISRelated: "3.14", NIST: "4.5.4", ATTACK: "T1552.004", Guide: "G1 G5", Docs: "Protect the Docker daemon socket"},
		Bad:    []rule.Example{{Show: "chmod 644 ~/.docker/key.pem", Facts: withFile(example.File(snapshot.RoleTLSKey, "/root/.docker/key.pem", "file", 0o644))}},
		Good:   []rule.Example{{Show: "chmod 600 ~/.docker/key.pem", Facts: withFile(example.File(snapshot.RoleTLSKey, "/root/.docker/key.pem", "file", 0o600))}},
		Client: accessCheck("the TLS key of %s can be read: %s", files, role(snapshot.RoleTLSKey), access.Readers),
	}
}
