package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func liveRestoreOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-live-restore-off",
		Title:    "Containers stop when the daemon stops",
		Severity: rule.Low,
		Why:      "Without live restore every restart of the daemon takes all containers down, so updates of the engine, security updates too, wait for a maintenance window.",
		Fix: rule.Fix{
			Text:   "Turn on live restore; a reload is enough.",
			Daemon: `{"live-restore": true}`,
			Shell:  "sudo systemctl reload docker",
			Breaks: "It cannot be used with swarm, and not across updates that skip several releases.",
		},
		Refs: rule.Refs{CIS: "2.16", NIST: "4.4.1", ATTACK: "T1489", Guide: "G22", Docs: "Live restore"},
		Bad: []rule.Example{
			{Daemon: `{}`},
			{Show: "dockerd", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.LiveRestore, false) })},
		},
		Good:   []rule.Example{{Daemon: `{"live-restore": true}`}, {Show: "dockerd --live-restore", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkLiveRestore),
	}
}

func checkLiveRestore(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.LiveRestore.Read(c) {
		return c.Pass("containers survive a restart of the daemon")
	}
	e.Swarm.Read(c)
	if e.Swarm.State() == snapshot.Seen {
		return c.NotApplicable("live restore cannot be used in a swarm")
	}
	return c.Fail("live restore is off: every restart of the daemon stops all containers")
}
