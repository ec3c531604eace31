package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func configNewer() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-config-newer-than-process",
		Title:    "The configuration file changed after the engine started",
		Severity: rule.Low,
		Why: "A reload takes over only some settings (labels, debug, live restore, registries); the packet filter, seccomp and log settings change at a restart only. " +
			"What the file says now may not be in force.",
		Fix: rule.Fix{
			Text:   "Restart the engine at the next occasion, or undo the change.",
			Shell:  "sudo systemctl restart docker",
			Breaks: "Containers stop for the restart unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1562", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{{Show: "daemon.json edited, engine not restarted", Facts: configFile(snapshot.ConfigFile{
			Path: "/etc/docker/daemon.json", Keys: []string{"icc"}, NewerThanProcess: true})}},
		Good:   []rule.Example{{Show: "systemctl restart docker", Facts: configFile(snapshot.ConfigFile{Path: "/etc/docker/daemon.json"})}},
		Engine: dockerd(checkConfigNewer),
	}
}

func checkConfigNewer(c *rule.Context, e *snapshot.Engine) rule.Answer {
	file := e.Daemon.Config.Read(c)
	switch {
	case e.Daemon.Config.State() == snapshot.Absent:
		return c.NotApplicable("the engine has no configuration file")
	case file.NewerThanProcess:
		return c.Fail("%s changed after the engine started; it sets %s", file.Path, orNothing(file.Keys))
	}
	return c.Pass("%s is older than the running engine", file.Path)
}

func orNothing(keys []string) string {
	if len(keys) == 0 {
		return lang.T("nothing")
	}
	return lang.Comma(keys)
}
