package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func oomUnprotected() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-oom-unprotected",
		Title:    "The kernel may kill the engine when memory runs out",
		Severity: rule.Low,
		Why: "When memory runs out the kernel ends the largest process, weighed by its score. The packaged unit gives the daemon -500, so that containers go first. " +
			"A daemon without that can be ended by one container's use of memory; without live restore all other containers end with it.",
		Fix: rule.Fix{
			Text:   "Let systemd start the daemon with OOMScoreAdjust=-500, as the packaged unit does, and limit the memory of containers.",
			Shell:  "sudo systemctl edit docker.service   # [Service] OOMScoreAdjust=-500\nsudo systemctl restart docker",
			Breaks: "Nothing.",
		},
		Refs:   rule.Refs{NIST: "4.4.3", ATTACK: "T1499", Guide: "G21", Docs: "Resource constraints"},
		Bad:    []rule.Example{{Show: "dockerd started by hand", Facts: oomScore(0)}},
		Good:   []rule.Example{{Show: "OOMScoreAdjust=-500", Facts: oomScore(-500)}, {Show: "OOMScoreAdjust=-1", Facts: oomScore(-1)}},
		Engine: dockerd(checkOOM),
	}
}

func oomScore(score int) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Daemon.OOMScore, score) })
}

func checkOOM(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if ofOrdinaryUser(c, e) {
		return c.NotApplicable("an ordinary user cannot protect a process of theirs")
	}
	score := e.Daemon.OOMScore.Read(c)
	if score >= 0 {
		return c.Fail("the kernel may end the daemon like any other process (oom_score_adj %d)", score)
	}
	return c.Pass("other processes are ended before the daemon (oom_score_adj %d)", score)
}

// ofOrdinaryUser reports whether the daemon is an ordinary user's: the engine
// says so, or, where it may not be asked, /proc shows whose process it is.
func ofOrdinaryUser(c *rule.Context, e *snapshot.Engine) bool {
	if _, asked := e.Settings.Rootless.Peek(); asked {
		return e.Settings.Rootless.Read(c)
	}
	return e.Daemon.Process.Read(c).UID != 0
}
