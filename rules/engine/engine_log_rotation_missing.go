package engine

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

func logRotationMissing() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-log-rotation-missing",
		Title:    "Logs of containers grow without limit",
		Severity: rule.Medium,
		Why:      "The driver json-file keeps everything a container prints unless max-size is set. One container that prints a lot, by mistake or on purpose, fills the disk, and all others stop with it.",
		Fix: rule.Fix{
			Text:   "Set max-size, or use the driver local, which rotates by itself; make the containers anew.",
			Daemon: `{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"}}`,
			Breaks: "Old log lines are dropped.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1499", Guide: "G21", Docs: "JSON File logging driver"},
		Bad: []rule.Example{
			{Daemon: `{}`}, {Daemon: `{"log-opts": {"max-file": "3"}}`},
			{Show: "dockerd --log-driver=json-file", Facts: logDriver("json-file")},
		},
		Good: []rule.Example{
			{Daemon: `{"log-opts": {"max-size": "10m"}}`}, {Daemon: `{"log-driver": "local"}`},
			{Show: "dockerd --log-opt max-size=10m", Facts: logDriver("json-file", "max-size")},
		},
		Engine: dockerd(checkLogRotation),
	}
}

func checkLogRotation(c *rule.Context, e *snapshot.Engine) rule.Answer {
	driver := e.Settings.LogDriver.Read(c)
	if driver != "json-file" {
		return c.Pass("the log driver is %s, which keeps no files that grow without limit", driver)
	}
	if slices.Contains(e.Settings.LogOptNames.Read(c), "max-size") {
		return c.Pass("logs are rotated by max-size")
	}
	return c.Fail("the log driver json-file has no max-size")
}
