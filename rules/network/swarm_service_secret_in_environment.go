package network

import (
	"seawall/rule"
	"seawall/rules/internal/example"
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
		Swarm: checkServiceSecret,
	}
}

func checkServiceSecret(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	services, ok := s.Services.Look(c)
	if !ok {
		c.Stop()
	}
	var found []string
	for _, service := range services {
		for _, v := range service.Env {
			if v.Secret() {
				found = append(found, service.Name+" ("+v.Name+")")
			}
		}
	}
	c.Cite(s.Services.Origin(), found)
	if len(found) > 0 {
		return c.Fail("services have secrets in their environment: %s", list(found, 8))
	}
	return c.Pass("no service has a secret in its environment")
}
