package network

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func configSecret() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-config-holds-secret",
		Title:    "A swarm config holds a secret in clear",
		Severity: rule.Medium,
		Why: "Configs are for what anyone may read: docker config inspect prints them, every client of a manager gets them in the list, and the files of the containers that use them are readable for all. " +
			"Secrets are kept apart from that: no answer of the API holds one.",
		Fix: rule.Fix{
			Text:    "Make it a secret, or keep the password in a secret and let the file refer to it; then change the old password.",
			Shell:   "docker secret create NAME FILE\ndocker service update --config-rm NAME --secret-add source=NAME,target=/etc/app/app.conf SERVICE\ndocker config rm NAME",
			Compose: "secrets: [app.conf]",
			Breaks:  "Nothing, if the file is put at the same place.",
		},
		Refs:  rule.Refs{NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G21", Docs: "Store configuration data using Docker Configs"},
		Bad:   []rule.Example{{Show: "a config with the line db_password = …", Facts: withConfig("line 3: db_password")}},
		Good:  []rule.Example{{Show: "a config without secrets", Facts: withConfig()}},
		Swarm: checkConfigs,
	}
}

func withConfig(secrets ...string) func(*snapshot.Snapshot) {
	return swarm(func(s *snapshot.Swarm) {
		example.Set(&s.Configs, []snapshot.SwarmConfig{{Name: "app.conf", Secrets: secrets}})
	})
}

func checkConfigs(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	configs := s.Configs.Read(c)
	var found []string
	for _, config := range configs {
		if len(config.Secrets) > 0 {
			c.Cite(s.Configs.Origin(), config)
			found = append(found, config.Name+" ("+strings.Join(config.Secrets, ", ")+")")
		}
	}
	switch {
	case len(found) > 0:
		return c.Fail("configs hold secrets in clear: %s", list(found, 8))
	case len(configs) == 0:
		return c.NotApplicable("the swarm has no configs")
	}
	return c.Pass("no config shows a secret")
}
