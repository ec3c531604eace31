package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func secretInEnvironment() *rule.Rule {
	return &rule.Rule{
		ID:       "container-secret-in-environment",
		Title:    "A container gets a secret in its environment",
		Severity: rule.Medium,
		Why: "Environment variables are open to whoever may inspect the container, stand in /proc, pass to every child process and end up in crash reports and logs. " +
			"A secret in a file can be limited to one user and changed without a new container.",
		Fix: rule.Fix{
			Text:    "Give the secret as a file: a Compose or Swarm secret, or a mounted file. Many images read NAME_FILE in place of NAME. Then change the secret.",
			Run:     "-v /srv/secrets/db:/run/secrets/db:ro -e DB_PASSWORD_FILE=/run/secrets/db",
			Compose: "services:\n  web:\n    secrets: [db]\n    environment: {DB_PASSWORD_FILE: /run/secrets/db}\nsecrets:\n  db: {file: ./db.txt}",
			Breaks:  "Programs that read secrets from the environment only: let the entry point read the file.",
			Edits:   rule.Edits{Not: "the secret has to go into a file of its own, and to be changed"},
		},
		Refs: rule.Refs{NIST: "4.1.4", ATTACK: "T1552", Guide: "G25", Docs: "Manage secrets securely in Docker Compose", Peers: "CL-0020 CL-0021 docksec:plaintext-secret-env"},
		Bad: []rule.Example{
			{Run: "docker run -e DB_PASSWORD=hunter2 alpine"},
			{Run: "docker run -e DATABASE_URL=postgres://app:hunter2@db/app alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run -e DB_PASSWORD_FILE=/run/secrets/db -e LANG=C alpine"},
			{Run: "docker run alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			env := ctr.Env.Read(c)
			names := secretNames(env)
			if names == "" {
				return c.Pass("no variable of its environment looks like a secret")
			}
			c.Cite(ctr.Env.Origin(), names)
			return c.Fail("its environment holds what looks like a secret: %s%s", names, life(ctr))
		},
	}
}

// secretNames joins the names of the variables that carry a secret.
func secretNames(env []snapshot.EnvVar) string {
	var names []string
	for _, v := range env {
		if v.Secret() {
			names = append(names, v.Name)
		}
	}
	return lang.Comma(names)
}
