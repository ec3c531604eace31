package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func unitWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-unit-writable",
		Title:    "Others than root can change the engine's systemd unit",
		Severity: rule.Critical,
		Why:      "The unit and its drop-ins name the program and the options that systemd starts as root. Who can write them runs what they like as root at the next start.",
		Fix: rule.Fix{
			Text:   "Give the unit files, drop-ins and their directories to root, writable for root only.",
			Shell:  "sudo chown root:root /usr/lib/systemd/system/docker.service /usr/lib/systemd/system/docker.socket\nsudo chmod 644 /usr/lib/systemd/system/docker.service /usr/lib/systemd/system/docker.socket",
			Breaks: "Nothing: systemd reads them as root.",
		},
		Refs:   rule.Refs{CISRelated: "3.1 3.2 3.3 3.4", NIST: "4.5.4 4.5.5", ATTACK: "T1543.002", Guide: "G2"},
		Bad:    []rule.Example{{Show: "chmod 666 /usr/lib/systemd/system/docker.service", Facts: example.EngineFile(example.File(snapshot.RoleUnit, "/usr/lib/systemd/system/docker.service", "file", 0o666))}},
		Good:   []rule.Example{{Show: "chmod 644 /usr/lib/systemd/system/docker.service", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(filesCheck(lang.N("systemd unit"), role(snapshot.RoleUnit, snapshot.RoleDropIn, snapshot.RoleUnitDir))),
	}
}
