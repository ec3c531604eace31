package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func loggingOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-logging-off",
		Title:    "The engine throws the output of containers away",
		Severity: rule.Low,
		Why:      "With the log driver none nothing that containers print is kept. After an incident there is no trace of what happened.",
		Fix: rule.Fix{
			Text:   "Choose a log driver that keeps or forwards the output.",
			Daemon: `{"log-driver": "journald"}`,
			Breaks: "Nothing; containers made before keep their driver until they are made anew.",
		},
		Refs: rule.Refs{CIS: "2.14", NIST: "4.4.4", ATTACK: "T1562.008", Guide: "G21", Docs: "Configure logging drivers"},
		Bad: []rule.Example{
			{Daemon: `{"log-driver": "none"}`},
			{Show: "dockerd --log-driver=none", Facts: logDriver("none")},
		},
		Good:   []rule.Example{{Daemon: `{"log-driver": "journald"}`}, {Show: "dockerd --log-driver=syslog", Facts: logDriver("syslog")}},
		Engine: checkLogging,
	}
}

func logDriver(driver string, options ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Settings.LogDriver, driver)
		example.Set(&e.Settings.LogOptNames, options)
	})
}

func checkLogging(c *rule.Context, e *snapshot.Engine) rule.Answer {
	driver := e.Settings.LogDriver.Read(c)
	if driver == "none" {
		return c.Fail("the log driver is none: the output of containers is lost")
	}
	return c.Pass("the log driver is %s", driver)
}
