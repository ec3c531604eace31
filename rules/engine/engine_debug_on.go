package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func debugOn() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-debug-on",
		Title:    "The engine runs in debug mode",
		Severity: rule.Low,
		Why: "Debug mode writes requests with their bodies into the daemon's log, environment variables of containers among them, " +
			"and opens profiling pages of the daemon to every client of the API.",
		Fix: rule.Fix{
			Text:   "Turn debug off; a reload is enough.",
			Daemon: `{"debug": false}`,
			Shell:  "sudo systemctl reload docker",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{CIS: "2.3", NIST: "4.4.3", ATTACK: "T1552", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{"debug": true}`},
			{Show: "dockerd -D", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Debug, true) })},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkDebug),
	}
}

func checkDebug(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.Debug.Read(c) {
		return c.Fail("the engine runs in debug mode")
	}
	return c.Pass("debug mode is off")
}
