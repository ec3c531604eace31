package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func pluginDirectoryWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-plugin-directory-writable",
		Title:    "Others than root can add plugins to the engine",
		Severity: rule.Critical,
		Why: "The daemon connects to whatever plugin is described in its plugin directories, and device specifications (CDI) may name programs that run as root when a container starts. " +
			"Who can put a file there can join in authorization, networks and volumes, or run as root.",
		Fix: rule.Fix{
			Text:   "Give the directories and what is in them to root, writable for root only.",
			Shell:  "sudo chown -R root:root /etc/docker/plugins /usr/lib/docker/plugins /run/docker/plugins /etc/cdi\nsudo chmod -R go-w /etc/docker/plugins /usr/lib/docker/plugins /run/docker/plugins /etc/cdi",
			Breaks: "Plugins that run as an ordinary user and write their own specification there.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G2", Docs: "Docker Engine plugins"},
		Bad:    []rule.Example{{Show: "chmod 777 /etc/docker/plugins", Facts: example.EngineFile(example.File(snapshot.RolePluginDir, "/etc/docker/plugins", "dir", 0o777))}},
		Good:   []rule.Example{{Show: "chmod 755 /etc/docker/plugins", Facts: example.EngineFile(example.File(snapshot.RolePluginDir, "/etc/docker/plugins", "dir", 0o755))}},
		Engine: filesCheck(lang.N("plugin directories"), role(snapshot.RolePluginDir, snapshot.RolePlugin)),
	}
}
