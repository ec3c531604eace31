package container

import (
	"strconv"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// maxRetries is how many restarts are taken for bounded.
const maxRetries = 5

func restartUnbounded() *rule.Rule {
	return &rule.Rule{
		ID:       "container-restart-unbounded",
		Title:    "A container is restarted without end",
		Severity: rule.Low,
		Why: "A container that crashes again and again, under attack perhaps, is started again and again: it wears out the host and hides the crash. " +
			"Each restart is another try for an exploit that works by chance.",
		Fix: rule.Fix{
			Text:    "Restart on failure only, five times at most, and watch for the failure.",
			Run:     "--restart on-failure:5",
			Compose: "services:\n  web:\n    restart: on-failure:5",
			Breaks:  "The container does not start when the engine does; let systemd start it, or keep the policy and waive this rule.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("restart", "on-failure:5")}},
		},
		Refs: rule.Refs{CIS: "5.15", NIST: "4.4.4", ATTACK: "T1499", Guide: "G25", Docs: "Start containers automatically", Peers: "kics:2fc99041"},
		Bad: []rule.Example{
			{Run: "docker run --restart always alpine"},
			{Run: "docker run --restart unless-stopped alpine"},
			{Run: "docker run --restart on-failure alpine"},
			{Run: "docker run --restart on-failure:100 alpine"},
		},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --restart on-failure:5 alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			policy := ctr.RestartPolicy.Read(c)
			_, count, _ := strings.Cut(policy, ":") // on-failure alone has one
			n, _ := strconv.Atoi(count)
			switch {
			case policy == "" || policy == "no":
				return c.Pass("it is not restarted")
			case n > 0 && n <= maxRetries:
				return c.Pass("it is restarted %d times at most", n)
			}
			return c.Fail("its restart policy is %s%s", policy, life(ctr))
		},
	}
}
