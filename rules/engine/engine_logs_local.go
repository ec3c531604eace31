package engine

import (
	"seawall/rule"
	"seawall/snapshot"
)

func logsLocal() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-logs-local",
		Title:    "Logs of containers stay on the host",
		Severity: rule.Low,
		Why: "The drivers json-file and local keep the logs in the container's directory: they go when the container is removed, and whoever takes the host can change them. " +
			"A copy elsewhere survives both.",
		Fix: rule.Fix{
			Text:   "Send logs to a central place: by a driver such as syslog, fluentd or gelf, or by journald and a forwarder. If an agent already reads the files, waive this finding.",
			Daemon: `{"log-driver": "syslog", "log-opts": {"syslog-address": "tcp+tls://logs.example:6514"}}`,
			Breaks: "docker logs works by a local cache only since Docker 20.10; containers may stall when the place does not answer, unless mode is non-blocking.",
		},
		Refs: rule.Refs{CIS: "2.14", NIST: "4.4.4", ATTACK: "T1070", Guide: "G21", Docs: "Configure logging drivers"},
		Bad: []rule.Example{
			{Daemon: `{}`}, {Daemon: `{"log-driver": "local"}`},
			{Show: "dockerd", Facts: logDriver("json-file")},
		},
		Good:   []rule.Example{{Daemon: `{"log-driver": "syslog"}`}, {Show: "dockerd --log-driver=journald", Facts: logDriver("journald")}},
		Engine: checkLogsLocal,
	}
}

func checkLogsLocal(c *rule.Context, e *snapshot.Engine) rule.Answer {
	switch driver := e.Settings.LogDriver.Read(c); driver {
	case "json-file", "local":
		return c.Fail("the log driver %s keeps logs only in the directory of each container", driver)
	case "none":
		return c.NotApplicable("nothing is logged: see engine-logging-off")
	default:
		return c.Pass("the log driver is %s", driver)
	}
}
