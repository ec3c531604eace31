package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func containerdConfigWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-containerd-config-writable",
		Title:    "Others than root can change the configuration of containerd",
		Severity: rule.Critical,
		Why: "containerd runs as root, and its configuration names programs that it starts as root: plugins, stream processors, hooks of NRI. " +
			"Who can write it, or the directories it takes extensions from, is root at its next start.",
		Fix: rule.Fix{
			Text:   "Give the files and directories to root, writable for root only.",
			Shell:  "sudo chown -R root:root /etc/containerd /opt/containerd && sudo chmod -R go-w /etc/containerd /opt/containerd",
			Breaks: "Nothing.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G2"},
		Bad:    []rule.Example{{Show: "chmod 666 /etc/containerd/config.toml", Facts: example.EngineFile(example.File(snapshot.RoleContainerd, "/etc/containerd/config.toml", "file", 0o666))}},
		Good:   []rule.Example{{Show: "chmod 644 /etc/containerd/config.toml", Facts: example.EngineFile(example.File(snapshot.RoleContainerd, "/etc/containerd/config.toml", "file", 0o644))}},
		Engine: dockerd(filesCheck(lang.N("configuration of containerd"), role(snapshot.RoleContainerd))),
	}
}
