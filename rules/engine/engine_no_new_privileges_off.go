package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func noNewPrivilegesOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-no-new-privileges-off",
		Title:    "Containers may gain privileges by default",
		Severity: rule.Low,
		Why: "Without no-new-privileges a process that runs as an ordinary user in a container can become root there by a setuid program of the image. " +
			"The engine can make the restriction the default for all new containers. " +
			"This is about the default only: containers that run without it are findings of their own, container-new-privileges-allowed.",
		Fix: rule.Fix{
			Text:   "Make no-new-privileges the engine's default and start the containers anew.",
			Daemon: `{"no-new-privileges": true}`,
			Breaks: "Images that use sudo, su or ping with file capabilities as an ordinary user; give those --security-opt no-new-privileges=false.",
		},
		Refs: rule.Refs{CIS: "2.15", CISRelated: "5.26", NIST: "4.4.3", ATTACK: "T1548.001", Guide: "G17", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{}`}, {Daemon: `{"no-new-privileges": false}`},
			{Show: "dockerd --no-new-privileges=false", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.NoNewPrivileges, false) })},
		},
		Good:   []rule.Example{{Daemon: `{"no-new-privileges": true}`}, {Show: "dockerd --no-new-privileges", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkNoNewPrivileges),
	}
}

func checkNoNewPrivileges(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.NoNewPrivileges.Read(c) {
		return c.Pass("containers get no-new-privileges unless they ask otherwise")
	}
	return c.Fail("no-new-privileges is not the engine's default")
}
