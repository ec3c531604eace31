package image

import (
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func secretInEnvironment() *rule.Rule {
	return &rule.Rule{
		ID:       "image-secret-in-environment",
		Title:    "An image holds a secret in its environment",
		Severity: rule.Medium,
		Why: "What ENV sets in an image is open to everyone who can pull it, in every copy and for good: deleting it in a later layer leaves it in the earlier one. " +
			"Every container of the image has it, too.",
		Fix: rule.Fix{
			Text:    "Change the secret, for it is known. Build without it: give secrets to the build as build secrets, and to containers as files.",
			Run:     "-v /srv/secrets/db:/run/secrets/db:ro -e DB_PASSWORD_FILE=/run/secrets/db",
			Compose: "services:\n  web:\n    secrets: [db]\nsecrets:\n  db: {file: ./db.txt}",
			Shell:   "docker build --secret id=db,src=db.txt .   # in the Dockerfile: RUN --mount=type=secret,id=db ...",
			Breaks:  "Containers that rely on the variable: give them the file.",
		},
		Refs: rule.Refs{CIS: "4.10", NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Build secrets", Peers: "DS-0031 kics:passwords_and_secrets DL3064 CIS-DI-0010"},
		Bad:  []rule.Example{withEnv("DB_PASSWORD=hunter2"), withEnv("PATH=/bin", "NPM_TOKEN=npm_abcdefghijklmnopqrstuvwxyz0123456789")},
		Good: []rule.Example{withEnv("PATH=/bin", "ADDITIONAL=1", "DB_PASSWORD_FILE=/run/secrets/db"), {Run: "docker run alpine"}},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			var names []string
			for _, v := range i.Env.Read(c) {
				if v.Secret() {
					names = append(names, v.Name)
				}
			}
			if len(names) == 0 {
				return c.Pass("no variable of its environment looks like a secret")
			}
			text := lang.Comma(names)
			c.Cite(i.Env.Origin(), text)
			return c.Fail("its environment holds what looks like a secret: %s", text)
		},
	}
}

// withEnv is the example of an image with these ENV lines.
func withEnv(assignments ...string) rule.Example {
	var env []snapshot.EnvVar
	for _, a := range assignments {
		env = append(env, snapshot.RedactEnv(a))
	}
	return rule.Example{
		Show: "ENV " + strings.Join(assignments, " "),
		Run:  "docker run alpine",
		Facts: example.Engine(func(e *snapshot.Engine) {
			images, _ := e.Images.Peek()
			example.Set(&images[0].Env, env)
		}),
	}
}
