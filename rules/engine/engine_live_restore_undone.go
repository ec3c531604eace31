package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func liveRestoreUndone() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-live-restore-undone",
		Title:    "systemd ends the containers although live restore is on",
		Severity: rule.Low,
		Why: "Live restore keeps containers running while the daemon is down, so that it can be updated at any time. " +
			"That needs KillMode=process in the unit, as packaged: by default systemd ends every process of the service, the containers' shims included.",
		Fix: rule.Fix{
			Text:   "Let the unit end the daemon only.",
			Shell:  "sudo systemctl edit docker.service   # [Service] KillMode=process\nsudo systemctl daemon-reload",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1499", Guide: "G22", Docs: "Live restore"},
		Bad:  []rule.Example{{Show: "a unit of one's own without KillMode", Facts: killMode("", true)}, {Show: "KillMode=mixed", Facts: killMode("mixed", true)}},
		Good: []rule.Example{{Show: "KillMode=process", Facts: killMode("process", true)}},

		Engine: dockerd(checkLiveRestoreUndone),
	}
}

func killMode(mode string, restore bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		unit, _ := e.Daemon.Unit.Peek()
		unit.KillMode = mode
		example.Set(&e.Daemon.Unit, unit)
		example.Set(&e.Settings.LiveRestore, restore)
	})
}

func checkLiveRestoreUndone(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !e.Settings.LiveRestore.Read(c) {
		return c.NotApplicable("live restore is off")
	}
	unit := e.Daemon.Unit.Read(c)
	switch {
	case unit.Name == "":
		return c.NotApplicable("no systemd unit runs the daemon")
	case unit.KillMode == "process" || unit.KillMode == "none":
		return c.Pass("%s ends the daemon only", unit.Name)
	}
	return c.Fail("%s ends the containers with the daemon (KillMode is %s)", unit.Name, orDefault(unit.KillMode))
}

func orDefault(mode string) string {
	if mode == "" {
		return lang.T("control-group, the default")
	}
	return mode
}
