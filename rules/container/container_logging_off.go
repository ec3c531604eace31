package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func loggingOff() *rule.Rule {
	return &rule.Rule{
		ID:       "container-logging-off",
		Title:    "A container keeps no log",
		Severity: rule.Low,
		Why:      "What the container's program writes is thrown away: after a break-in nothing tells what happened, nor when.",
		Fix: rule.Fix{
			Text:    "Use the engine's log driver, with a size limit.",
			Run:     "instead of --log-driver none: --log-opt max-size=10m",
			Compose: "services:\n  web:\n    logging:\n      driver: json-file\n      options: {max-size: 10m}",
			Breaks:  "Nothing; the log takes space up to the limit.",
			Edits: rule.Edits{
				Do:   []rule.Edit{rule.Set("logging.driver", "json-file"), rule.Set("logging.options.max-size", "10m")},
				Safe: func(*snapshot.Container) bool { return true }, SafeWhen: "always: the program writes the same",
			},
		},
		Refs: rule.Refs{NIST: "4.4.4", ATTACK: "T1562.008", Guide: "G25", Docs: "Configure logging drivers", Peers: "CL-0014"},
		Bad:  []rule.Example{{Run: "docker run --log-driver none alpine"}},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --log-driver journald alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if ctr.LogDriver.Read(c) == "none" {
				return c.Fail("its output is not logged (log driver none)%s", life(ctr))
			}
			return c.Pass("its log driver is not none")
		},
	}
}
