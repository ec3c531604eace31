package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func configInvalid() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-config-invalid",
		Title:    "The engine's configuration file cannot be read by the engine",
		Severity: rule.Low,
		Why:      "The daemon runs with what the file said when it started. It will not start again with the file as it is, and what was meant to change is not in force.",
		Fix: rule.Fix{
			Text:   "Mend the file and check it before the next restart.",
			Shell:  "sudo dockerd --validate --config-file /etc/docker/daemon.json",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1489", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{{Show: "a comma too many in daemon.json", Facts: configFile(snapshot.ConfigFile{
			Path: "/etc/docker/daemon.json", Error: "line 3: unexpected }"})}},
		Good:   []rule.Example{{Show: "dockerd --validate", Facts: configFile(snapshot.ConfigFile{Path: "/etc/docker/daemon.json", Keys: []string{"icc"}})}},
		Engine: dockerd(checkConfigInvalid),
	}
}

func configFile(f snapshot.ConfigFile) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Daemon.Config, f) })
}

func checkConfigInvalid(c *rule.Context, e *snapshot.Engine) rule.Answer {
	file := e.Daemon.Config.Read(c)
	switch {
	case e.Daemon.Config.State() == snapshot.Absent:
		return c.NotApplicable("the engine has no configuration file")
	case file.Error != "":
		return c.Fail("%s: %s", file.Path, file.Error)
	}
	return c.Pass("%s can be parsed", file.Path)
}
