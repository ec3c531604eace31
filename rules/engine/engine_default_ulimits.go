package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func defaultUlimits() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-default-ulimits",
		Title:    "Containers get no default limits of open files and processes",
		Severity: rule.Low,
		Why:      "Containers inherit the daemon's own limits, which its unit usually sets to infinity. Defaults for all containers keep one of them from using up the host's files or processes by mistake.",
		Fix: rule.Fix{
			Text:   "Set default limits that fit the workloads, and raise them for single containers where needed.",
			Daemon: `{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 65536}}}`,
			Run:    "--ulimit nofile=65536:65536",
			Breaks: "Databases and proxies that open many files, until their own limit is raised.",
		},
		Refs: rule.Refs{CIS: "2.9", NIST: "4.4.3", ATTACK: "T1499", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{}`},
			{Show: "dockerd", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.DefaultUlimits, nil) })},
		},
		Good:   []rule.Example{{Show: "dockerd --default-ulimit nofile=1024:65536", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkUlimits),
	}
}

func checkUlimits(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if limits := e.Settings.DefaultUlimits.Read(c); len(limits) > 0 {
		return c.Pass("the default limits are %s", lang.Comma(limits))
	}
	return c.Fail("the engine has no default ulimits for containers")
}
