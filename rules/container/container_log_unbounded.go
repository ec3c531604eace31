package container

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

func logUnbounded() *rule.Rule {
	return &rule.Rule{
		ID:       "container-log-unbounded",
		Title:    "A container's log grows without limit although the engine's would not",
		Severity: rule.Low,
		Why: "The log driver json-file without max-size keeps everything the program writes until the disk is full, and then all containers stop. " +
			"This container does not follow the engine's own setting: it names another driver, or was made before the limit was set.",
		Fix: rule.Fix{
			Text:    "Give the log a size, or leave the driver to the engine and make the container anew.",
			Run:     "--log-opt max-size=10m --log-opt max-file=3",
			Compose: "services:\n  web:\n    logging:\n      driver: json-file\n      options: {max-size: 10m, max-file: \"3\"}",
			Breaks:  "Old messages are removed.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("logging.options.max-size", "10m")}},
		},
		Refs: rule.Refs{NIST: "4.4.4", ATTACK: "T1499", Guide: "G21", Docs: "JSON File logging driver"},
		Bad: []rule.Example{
			{Run: "docker run --log-driver json-file alpine"},
			{Run: "docker run --log-driver json-file --log-opt max-size=-1 alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --log-driver json-file --log-opt max-size=10m alpine"},
			{Run: "docker run alpine"},
			{Run: "docker run --log-driver local alpine"},
		},
		Container: checkLogUnbounded,
	}
}

func checkLogUnbounded(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	driver, engines := ctr.LogDriver.Read(c), c.Engine.Settings.LogDriver.Read(c)
	if driver == "" {
		driver = engines
	}
	if driver != "json-file" {
		return c.Pass("its log driver %s keeps no file without limit", driver)
	}
	size, set := logOption(c, ctr, "max-size")
	if set && size != "-1" || !set && engineAddsLogOption(c, ctr, "max-size") {
		return c.Pass("its log file is limited")
	}
	if driver == engines && !slices.Contains(c.Engine.Settings.LogOptNames.Read(c), "max-size") {
		return c.NotApplicable("the engine limits no log, which engine-log-rotation-missing reports")
	}
	return c.Fail("its log file grows without limit (json-file, no max-size)%s", life(ctr))
}
