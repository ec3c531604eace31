package client

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func configWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "client-config-writable",
		Title:    "Others can change a user's CLI configuration",
		Severity: rule.High,
		Why: "config.json names credential helpers and plugin directories, which are programs that docker runs as the user, and the engine it talks to. " +
			"Who can write it, or the directory it is in, runs programs as that user; if the user may use the engine, that is root.",
		Fix: rule.Fix{
			Text:   "Give ~/.docker to its user, writable for nobody else.",
			Shell:  "chmod 700 ~/.docker && chmod 600 ~/.docker/config.json && setfacl -b ~/.docker ~/.docker/config.json",
			Breaks: "Other accounts that shared the configuration.",
		},
		Refs:   rule.Refs{NIST: "4.5.4", ATTACK: "T1574", Guide: "G1", Docs: "docker CLI configuration files"},
		Bad:    []rule.Example{{Show: "chmod 666 ~/.docker/config.json", Facts: withFile(example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", 0o666))}},
		Good:   []rule.Example{{Show: "chmod 600 ~/.docker/config.json", Facts: withFile(example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", 0o600))}},
		Client: accessCheck("the CLI configuration of %s can be changed: %s", files, role(snapshot.RoleConfig, snapshot.RoleContextMeta), access.Writers),
	}
}
