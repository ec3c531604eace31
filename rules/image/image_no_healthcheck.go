package image

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func noHealthcheck() *rule.Rule {
	return &rule.Rule{
		ID:       "image-no-healthcheck",
		Title:    "An image has no health check",
		Severity: rule.Low,
		Exact:    true,
		Why:      "The CIS Docker Benchmark asks for one in every image. It is no fault by itself: a container can bring its own, which container-no-healthcheck judges.",
		Fix: rule.Fix{
			Text:   "Add a HEALTHCHECK to the Dockerfile, a command that is quick and fails when the program does not work.",
			Shell:  "HEALTHCHECK --interval=30s CMD wget -q -O /dev/null http://localhost/ || exit 1   # in the Dockerfile",
			Breaks: "Orchestrators may restart containers that report as unhealthy.",
		},
		Refs: rule.Refs{CIS: "4.6", NIST: "4.1.2", ATTACK: "T1499", Docs: "Dockerfile reference", Peers: "DS-0026 CKV_DOCKER_2 kics:healthcheck_instruction_missing DL3057 CIS-DI-0006"},
		Bad:  []rule.Example{{Show: "a Dockerfile without HEALTHCHECK", Run: "docker run alpine"}},
		Good: []rule.Example{{Show: "HEALTHCHECK CMD wget -q -O /dev/null http://localhost/", Run: "docker run alpine", Facts: checked}},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if i.Health.Read(c) {
				return c.Pass("it has a health check")
			}
			return c.Fail("it has no health check")
		},
	}
}

// checked gives the example's image a health check.
func checked(s *snapshot.Snapshot) {
	images, _ := s.Engines[0].Images.Peek()
	example.Set(&images[0].Health, true)
}
