package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

// manyRestarts is how many mean that a container does not come up.
const manyRestarts = 3

func restartLoop() *rule.Rule {
	return &rule.Rule{
		ID:       "container-restart-loop",
		Title:    "A container is restarted again and again",
		Severity: rule.Low,
		Why: "The program ends soon after each start: what it should do is not done, its start-up work loads the host, and the log fills. " +
			"Some attacks show so, too: each try that fails crashes the program.",
		Fix: rule.Fix{
			Text:    "Look into the log for why it ends, and limit the restarts.",
			Shell:   "docker logs --tail 50 NAME",
			Run:     "--restart on-failure:5",
			Compose: "services:\n  web:\n    restart: on-failure:5",
			Breaks:  "Nothing; the container stays down after the last try.",
		},
		Refs:      rule.Refs{CISRelated: "5.15", NIST: "4.4.4", ATTACK: "T1499", Guide: "G25", Docs: "Start containers automatically"},
		Bad:       []rule.Example{restarted("restarting", 12)},
		Good:      []rule.Example{restarted("running", 12), restarted("restarting", 1)},
		Container: checkRestartLoop,
	}
}

func restarted(state string, count int) rule.Example {
	return rule.Example{Run: "docker run --restart always alpine", Facts: inContainer(func(c *snapshot.Container) {
		c.State = snapshot.See(state, c.State.Origin())
		c.RestartCount = snapshot.See(count, c.RestartCount.Origin())
	})}
}

func checkRestartLoop(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if ctr.State.Read(c) != "restarting" {
		return c.Pass("it is not being restarted")
	}
	if n := ctr.RestartCount.Read(c); n >= manyRestarts {
		return c.Fail("it ended %d times since it was made and is being restarted", n)
	}
	return c.Pass("it is being restarted for the first few times")
}
