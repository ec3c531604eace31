package container

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func logMayDrop() *rule.Rule {
	return &rule.Rule{
		ID:       "container-log-may-drop",
		Title:    "A container's log loses messages under load",
		Severity: rule.Low,
		Why: "In the mode non-blocking messages that do not fit the buffer are thrown away. " +
			"Whoever breaks in can write much to hide little: the lines that tell of it are the ones that are missing.",
		Fix: rule.Fix{
			Text:    "Use the blocking mode, the default, with a log driver on this host that does not stall; else a buffer that holds a burst.",
			Run:     "remove: --log-opt mode=non-blocking",
			Compose: "services:\n  web:\n    logging:\n      options: {max-size: 10m}   # without mode: non-blocking",
			Breaks:  "The program waits while its log cannot be written, for instance where a remote log server is away.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("logging.options.mode")}},
		},
		Refs: rule.Refs{NIST: "4.4.4", ATTACK: "T1562", Guide: "G21", Docs: "Configure logging drivers"},
		Bad:  []rule.Example{{Run: "docker run --log-opt mode=non-blocking alpine"}},
		Good: []rule.Example{{Run: "docker run --log-opt mode=blocking alpine"}, {Run: "docker run alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			mode, asked := logOption(c, ctr, "mode")
			if mode == "non-blocking" {
				c.Cite(ctr.LogOptions.Origin(), "mode="+mode)
				return c.Fail("messages are dropped where its log cannot keep up (mode non-blocking)%s", life(ctr))
			}
			if !asked && engineAddsLogOption(c, ctr, "mode") {
				c.Missed(c.Engine.Settings.LogOptNames.Origin(), snapshot.Gap{
					Reason: snapshot.ReasonUnresolved, Detail: lang.T("the engine's own log options have a mode, which the container will get"), Remedy: lang.T("audit the container itself"),
				})
			}
			return c.Pass("its log drops nothing")
		},
	}
}

// logOption is an option of the container's log driver and whether it is set.
func logOption(c *rule.Context, ctr *snapshot.Container, name string) (string, bool) {
	for _, o := range ctr.LogOptions.Read(c) {
		if o.Name == name {
			return o.Value, true
		}
	}
	return "", false
}

// engineAddsLogOption reports whether the engine will add an option of its own
// to a declared container. One that was created has it already (moby,
// daemon/logs.go, mergeAndVerifyLogConfig: where the drivers are the same).
func engineAddsLogOption(c *rule.Context, ctr *snapshot.Container, name string) bool {
	if ctr.ID != "" {
		return false
	}
	if own, engines := ctr.LogDriver.Read(c), c.Engine.Settings.LogDriver.Read(c); own != "" && own != engines {
		return false
	}
	return slices.Contains(c.Engine.Settings.LogOptNames.Read(c), name)
}
