package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func logLevel() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-log-level",
		Title:    "The engine's own log has an unusual level",
		Severity: rule.Low,
		Why:      "At level info the daemon's log shows what an investigation needs. With debug it is flooded and may hold request bodies; from warn on starts and stops are missing.",
		Fix: rule.Fix{
			Text:   "Set the log level to info.",
			Daemon: `{"log-level": "info"}`,
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{CIS: "2.3", NIST: "4.4.4", ATTACK: "T1562", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{"log-level": "debug"}`},
			{Show: "dockerd --log-level=error", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.LogLevel, "error") })},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkLogLevel),
	}
}

func checkLogLevel(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if level := e.Settings.LogLevel.Read(c); level != "info" {
		return c.Fail("the log level is %s", level)
	}
	return c.Pass("the log level is info")
}
