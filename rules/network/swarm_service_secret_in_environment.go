package network

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func serviceSecret() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-secret-in-environment",
		Title:    "A swarm service has a secret in its environment",
		Severity: rule.Medium,
		Why: "Environment variables of a service can be read by docker service inspect, by every process in its containers, and in crash reports. " +
			"A swarm has secrets for that: encrypted at rest and given to the containers that need them as files.",
		Fix: rule.Fix{
			Text:    "Make it a swarm secret, let the program read it from /run/secrets, and change the old value.",
			Shell:   "printf %s \"$VALUE\" | docker secret create db_password -\ndocker service update --secret-add db_password --env-rm DB_PASSWORD --env-add DB_PASSWORD_FILE=/run/secrets/db_password SERVICE",
			Compose: "secrets: [db_password]",
			Breaks:  "Programs that read only the variable.",
		},
		Refs: rule.Refs{CIS: "7.4", NIST: "4.1.4", ATTACK: "T1552", Guide: "G21", Docs: "Manage sensitive data with Docker secrets"},
		Bad: []rule.Example{{Show: "docker service create -e DB_PASSWORD=…", Facts: swarm(func(s *snapshot.Swarm) {
			example.Set(&s.Services, []snapshot.SwarmService{{Name: "db", Env: []snapshot.EnvVar{snapshot.RedactEnv("DB_PASSWORD=hunter2")}}})
		})}},
		Good: []rule.Example{{Show: "docker service create --secret db_password", Facts: swarm(func(s *snapshot.Swarm) {
			example.Set(&s.Services, []snapshot.SwarmService{{Name: "db", Env: []snapshot.EnvVar{snapshot.RedactEnv("DB_PASSWORD_FILE=/run/secrets/db_password")}}})
		})}},
		Swarm: perService("services have secrets in their environment", "no service has a secret in its environment", secretVariables),
	}
}

func secretVariables(s *snapshot.SwarmService) string {
	var names []string
	for _, v := range s.Env {
		if v.Secret() {
			names = append(names, v.Name)
		}
	}
	return strings.Join(names, ", ")
}
