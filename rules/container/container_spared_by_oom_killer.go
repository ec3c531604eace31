package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func sparedByOOMKiller() *rule.Rule {
	return &rule.Rule{
		ID:       "container-spared-by-oom-killer",
		Title:    "A container is spared where memory runs out",
		Severity: rule.Medium,
		Why: "Where the host has no memory left, the kernel kills what uses most. A container with a score below zero, or that is not to be killed at all, makes it kill other programs instead: " +
			"other containers, the ssh server, with -500 and less the engine itself.",
		Fix: rule.Fix{
			Text:    "Leave the score to the engine and limit the container's memory to what it needs at its peak.",
			Run:     "instead of --oom-kill-disable, --oom-score-adj -500: --memory 512m",
			Compose: "services:\n  web:\n    mem_limit: 512m   # without oom_score_adj and oom_kill_disable",
			Breaks:  "The container is killed where it uses more than its limit: set that wide enough.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("oom_score_adj"), rule.Drop("oom_kill_disable")}},
		},
		Refs: rule.Refs{CISRelated: "5.11", NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "Resource constraints"},
		Bad: []rule.Example{
			{Run: "docker run --oom-score-adj -500 alpine"},
			{Run: "docker run --oom-kill-disable alpine", Facts: cgroupVersion("1")},
			{Run: "docker run --memory 64m --oom-kill-disable alpine", Facts: cgroupVersion("1")},
		},
		Good: []rule.Example{
			{Run: "docker run --oom-score-adj 500 alpine"},
			{Show: "on cgroup v2, where the engine ignores the option", Run: "docker run --oom-kill-disable alpine"},
			{Run: "docker run alpine"},
		},
		Container: checkSparedByOOMKiller,
	}
}

func cgroupVersion(v string) func(*snapshot.Snapshot) {
	return setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.CgroupVersion }, v)
}

func checkSparedByOOMKiller(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	score, _ := ctr.OOMScoreAdj.Try(c)
	if score < 0 {
		return c.Fail("the kernel kills other programs before it (score %d)%s", score, life(ctr))
	}
	if disabled := ctr.OOMKillDisable.Read(c); !disabled {
		return c.Pass("it is not spared where memory runs out")
	}
	// The engine leaves the option out on cgroup v2, which cannot do it.
	if c.Engine.Settings.CgroupVersion.Read(c) == "2" {
		return c.Pass("on cgroup v2 its oom-kill-disable has no effect")
	}
	if ctr.Memory.Read(c) > 0 {
		return c.FailAs(rule.Low, "its memory is limited, so that it hangs alone", "it is not killed where it reaches its limit of memory, and hangs%s", life(ctr))
	}
	return c.Fail("it is not killed where memory runs out, and nothing limits its memory%s", life(ctr))
}
