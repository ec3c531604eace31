package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func experimentalOn() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-experimental-on",
		Title:    "Experimental features of the engine are on",
		Severity: rule.Low,
		Why:      "Experimental features are not finished, may change with every release and have been looked at less. On a production engine they are surface without need.",
		Fix: rule.Fix{
			Text:   "Turn experimental off and restart the engine.",
			Daemon: `{"experimental": false}`,
			Breaks: "Whatever uses such a feature, for example docker checkpoint.",
		},
		Refs: rule.Refs{CIS: "2.19", NIST: "4.4.3 4.5.1", ATTACK: "T1190", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{"experimental": true}`},
			{Show: "dockerd --experimental", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Experimental, true) })},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkExperimental),
	}
}

func checkExperimental(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.Experimental.Read(c) {
		return c.Fail("experimental features are on")
	}
	return c.Pass("experimental features are off")
}
