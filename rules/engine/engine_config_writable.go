package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func configWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-config-writable",
		Title:    "Others than root can change the engine's configuration",
		Severity: rule.Critical,
		Why: "Who can write daemon.json, its directory or the daemon's environment file decides what the daemon does at its next start: open a port, run another runtime as root, switch the filters off. " +
			"It is control of the engine.",
		Fix: rule.Fix{
			Text:   "Give the files and the directories above them to root and take write permission from all others, ACLs included.",
			Shell:  "sudo chown root:root /etc/docker /etc/docker/daemon.json\nsudo chmod 755 /etc/docker && sudo chmod 644 /etc/docker/daemon.json\nsudo setfacl -b /etc/docker /etc/docker/daemon.json",
			Breaks: "Tools that edit the configuration without sudo.",
		},
		Refs: rule.Refs{CISRelated: "3.5 3.6 3.17 3.18 3.19 3.20 3.21 3.22", NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G2", Docs: "dockerd"},
		Bad: []rule.Example{
			{Show: "chmod 666 /etc/docker/daemon.json", Facts: example.EngineFile(example.File(snapshot.RoleConfig, "/etc/docker/daemon.json", "file", 0o666))},
			{Show: "setfacl -m u:bob:rwx /etc/docker", Facts: example.EngineFile(withACL(example.File(snapshot.RoleConfigDir, "/etc/docker", "dir", 0o755)))},
		},
		Good:   []rule.Example{{Show: "chmod 644 /etc/docker/daemon.json", Facts: example.EngineFile(example.File(snapshot.RoleConfigDir, "/etc/docker", "dir", 0o755))}},
		Engine: dockerd(filesCheck(lang.N("configuration"), role(snapshot.RoleConfig, snapshot.RoleConfigDir, snapshot.RoleEnvironment))),
	}
}

func withACL(f snapshot.File) snapshot.File {
	f.ACL = []snapshot.ACLEntry{{Kind: "user", ID: 1001, Name: "bob", Perm: 7}}
	return f
}
