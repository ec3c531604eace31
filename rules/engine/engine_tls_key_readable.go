package engine

import (
	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func tlsKeyReadable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-tls-key-readable",
		Title:    "Others than root can read a TLS key of the engine",
		Severity: rule.High,
		Why: "With the server's key anyone on the way can pose as the engine: clients then hand over registry credentials, secrets and source code. " +
			"A key below certs.d is the engine's own password at a registry.",
		Fix: rule.Fix{
			Text:   "Make the key readable for root only. If others could read it, make a new key and certificate.",
			Shell:  "sudo chown root:root /etc/docker/server-key.pem && sudo chmod 400 /etc/docker/server-key.pem",
			Breaks: "Nothing: the daemon reads it as root.",
		},
		Refs:   rule.Refs{CISRelated: "3.13 3.14", NIST: "4.5.4", ATTACK: "T1552.004", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad:    []rule.Example{{Show: "chmod 644 /etc/docker/server-key.pem", Facts: example.EngineFile(example.File(snapshot.RoleTLSKey, "/etc/docker/server-key.pem", "file", 0o644))}},
		Good:   []rule.Example{{Show: "chmod 400 /etc/docker/server-key.pem", Facts: example.EngineFile(example.File(snapshot.RoleTLSKey, "/etc/docker/server-key.pem", "file", 0o400))}},
		Engine: dockerd(checkTLSKey),
	}
}

func checkTLSKey(c *rule.Context, e *snapshot.Engine) rule.Answer {
	files := e.Daemon.Files.Read(c)
	allowed := trust.Engine(c, e)
	keys := 0
	var found []string
	for _, f := range files {
		if f.Role != snapshot.RoleTLSKey {
			continue
		}
		keys++
		if grants := trust.Grants(c, access.Readers, f, allowed); len(grants) > 0 {
			cite(c, e.Daemon.Files.Origin(), f)
			found = append(found, lang.Sprintf("%s by %s", f.Path, access.Describe(grants)))
		}
	}
	switch {
	case len(found) > 0:
		return c.Fail("a TLS key of the engine can be read: %s", lang.Semicolon(found))
	case keys == 0:
		return c.NotApplicable("the engine has no TLS key")
	}
	return c.Pass("only those who control the engine can read its TLS keys")
}
