package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func noHealthcheck() *rule.Rule {
	return &rule.Rule{
		ID:       "container-no-healthcheck",
		Title:    "Nobody notices when a container stops working",
		Severity: rule.Low,
		Why:      "Without a health check the engine knows only whether the process lives, not whether it still answers: a service that hangs or was taken out of work stays unnoticed.",
		Fix: rule.Fix{
			Text:    "Define a health check in the image or for the container.",
			Run:     "--health-cmd 'wget -qO- http://localhost:8080/health' --health-interval 30s",
			Compose: "services:\n  web:\n    healthcheck:\n      test: [CMD, wget, -qO-, http://localhost:8080/health]",
			Breaks:  "Nothing; the check takes a little processor time.",
			Edits:   rule.Edits{Not: "what tells that the program works is not in the file"},
		},
		Refs: rule.Refs{CIS: "5.27", CISRelated: "4.6", NIST: "4.4.4", ATTACK: "T1499", Guide: "G25", Docs: "Dockerfile reference", Peers: "kics:698ed579 docksec:healthcheck"},
		Bad:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --no-healthcheck alpine"}},
		Good: []rule.Example{{Run: "docker run --health-cmd true alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			health := ctr.Health
			if health.Gap().Reason == snapshot.ReasonUnresolved {
				if image := confinement.ImageOf(c.Engine, ctr); image != nil {
					health = image.Health
				}
			}
			if health.Read(c) {
				return c.Pass("it has a health check")
			}
			return c.Fail("it has no health check%s", life(ctr))
		},
	}
}
