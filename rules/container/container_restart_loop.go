package container

import (
	"fmt"
	"time"

	"seawall/rule"
	"seawall/snapshot"
)

const (
	// manyRestarts is how many mean that a container does not come up.
	manyRestarts = 3
	// justStarted is how long after a start it has not come up yet: between two
	// of its ends a container that is restarted again and again runs.
	justStarted = time.Minute
)

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
			Edits:   rule.Edits{Not: "it is told of containers that run: why the program ends is in its log"},
		},
		Refs:      rule.Refs{CISRelated: "5.15", NIST: "4.4.4", ATTACK: "T1499", Guide: "G25", Docs: "Start containers automatically"},
		Bad:       []rule.Example{restarted("restarting", 12, time.Second), restarted("running", 3, 59*time.Second)},
		Good:      []rule.Example{restarted("running", 12, time.Minute), restarted("restarting", 2, time.Second), restarted("exited", 12, time.Second)},
		Container: checkRestartLoop,
	}
}

func restarted(state string, count int, ago time.Duration) rule.Example {
	return rule.Example{
		Show: fmt.Sprintf("docker inspect: State.Status %s, RestartCount %d, started %s ago", state, count, ago),
		Run:  "docker run --restart always alpine",
		Facts: func(s *snapshot.Snapshot) {
			inContainer(func(c *snapshot.Container) {
				c.State = snapshot.See(state, c.State.Origin())
				c.RestartCount = snapshot.See(count, c.RestartCount.Origin())
				c.Started = snapshot.See(s.TakenAt.Add(-ago), snapshot.At("State.StartedAt", c.State.Origin().Source))
			})(s)
		},
	}
}

func checkRestartLoop(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if !ctr.Running() {
		ctr.State.Read(c)
		return c.Pass("it is not being restarted")
	}
	n := ctr.RestartCount.Read(c)
	if n < manyRestarts {
		return c.Pass("it was restarted %d times", n)
	}
	if ctr.State.Read(c) == "restarting" {
		return c.Fail("it ended %d times since it was made and is being restarted", n)
	}
	if up := c.Snapshot.TakenAt.Sub(ctr.Started.Read(c)); up < justStarted {
		return c.Fail("it was restarted %d times, the last time %d seconds ago", n, int(up.Seconds()))
	}
	return c.Pass("it runs since its last start")
}
