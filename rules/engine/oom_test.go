package engine_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/engine"
	"seawall/snapshot"
	"seawall/trial"
)

// TestOOMOfAnEngineThatMayNotBeAsked: whose daemon it is shows in /proc.
func TestOOMOfAnEngineThatMayNotBeAsked(t *testing.T) {
	for uid, want := range map[int]rule.Verdict{0: rule.Failed, 1000: rule.NotApplicable} {
		s := trial.Baseline()
		e := &s.Engines[0]
		e.Settings.Rootless = snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonPermission}, e.Settings.Rootless.Origin())
		process, _ := e.Daemon.Process.Peek()
		process.UID = uid
		e.Daemon.Process = snapshot.See(process, e.Daemon.Process.Origin())
		e.Daemon.OOMScore = snapshot.See(200, e.Daemon.OOMScore.Origin())
		for _, r := range rule.Evaluate(s, engine.Rules()) {
			if r.Rule == "engine-oom-unprotected" && r.Verdict != want {
				t.Errorf("daemon of user %d: %s: %s", uid, r.Verdict, r.Message)
			}
		}
	}
}
