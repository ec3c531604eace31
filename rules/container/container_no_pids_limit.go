package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func noPidsLimit() *rule.Rule {
	return &rule.Rule{
		ID:       "container-no-pids-limit",
		Title:    "A container may start any number of processes",
		Severity: rule.Medium,
		Why:      "A program that forks without end uses up the process numbers of the whole host: no other container and no administrator can start anything any more.",
		Fix: rule.Fix{
			Text:    "Limit the number of processes and threads.",
			Run:     "--pids-limit 200",
			Compose: "services:\n  web:\n    pids_limit: 200",
			Breaks:  "A program with more threads fails to start them: measure first (docker stats).",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("pids_limit", "200")}},
		},
		Refs: rule.Refs{CIS: "5.29", NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "docker container run", Peers: "kics:221e0658 CL-0026 docksec:limits"},
		Bad:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --pids-limit -1 alpine"}},
		Good: []rule.Example{{Run: "docker run --pids-limit 200 alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if limit := ctr.PidsLimit.Read(c); limit > 0 {
				return c.Pass("the number of its processes is limited")
			}
			return c.Fail("the number of its processes is not limited%s", life(ctr))
		},
	}
}
