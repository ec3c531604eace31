package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dataRootSharedFilesystem() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-data-root-shared-filesystem",
		Title:    "The engine's data shares a file system with the host",
		Severity: rule.Low,
		Why:      "Images, logs and what containers write can fill the data directory. If it lies on the host's own file system, the host runs out of space with it, its logs and logins included.",
		Fix: rule.Fix{
			Text:   "Put the data directory on a file system of its own.",
			Daemon: `{"data-root": "/srv/docker"}`,
			Shell:  "sudo systemctl stop docker docker.socket\nsudo rsync -aHAXS /var/lib/docker/ /srv/docker/",
			Breaks: "The engine is down while the data moves.",
		},
		Refs:   rule.Refs{CIS: "1.1.1", NIST: "4.4.3 4.5.5", ATTACK: "T1499", Guide: "G21", Docs: "dockerd"},
		Bad:    []rule.Example{{Show: "/var/lib/docker on the root file system", Facts: ownFilesystem(false)}},
		Good:   []rule.Example{{Show: "a partition mounted at /var/lib/docker", Facts: ownFilesystem(true)}},
		Engine: checkDataRootFilesystem,
	}
}

func ownFilesystem(own bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.DataRootOwnFilesystem, own) })
}

func checkDataRootFilesystem(c *rule.Context, e *snapshot.Engine) rule.Answer {
	root := e.Settings.DataRoot.Read(c)
	if e.Settings.DataRootOwnFilesystem.Read(c) {
		return c.Pass("%s is on a file system of its own", root)
	}
	return c.Fail("%s is on the same file system as the directory above it", root)
}
