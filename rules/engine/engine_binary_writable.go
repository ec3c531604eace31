package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func binaryWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-binary-writable",
		Title:    "Others than root can change the engine's programs",
		Severity: rule.Critical,
		Why: "dockerd, containerd, the shim and runc run as root, the latter two at every start of a container. " +
			"Who can write one of them, or the directory it is in, is root on the host.",
		Fix: rule.Fix{
			Text:   "Give the programs and their directories to root, writable for root only, and reinstall the package if the content may have been changed.",
			Shell:  "sudo chown root:root /usr/bin/dockerd && sudo chmod 755 /usr/bin/dockerd\nsudo dpkg --verify docker-ce || sudo rpm -V docker-ce",
			Breaks: "Nothing.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G2"},
		Bad:    []rule.Example{{Show: "chmod 775 /opt/docker; chgrp operators /opt/docker", Facts: example.EngineFile(in("operators"))}},
		Good:   []rule.Example{{Show: "chmod 755 /usr/bin/dockerd", Facts: func(*snapshot.Snapshot) {}}, {Show: "a group without members", Facts: example.EngineFile(in("staff"))}},
		Engine: filesCheck(lang.N("engine's programs"), snapshot.IsProgram),
	}
}

// in is runc in a directory that a group can write.
func in(group string) snapshot.File {
	f := example.File("runc", "/opt/docker/runc", "file", 0o755)
	f.Parents = append([]snapshot.File{{Path: "/opt/docker", Type: "dir", Mode: 0o775, Owner: "root", GID: 50, Group: group}}, f.Parents...)
	return f
}
