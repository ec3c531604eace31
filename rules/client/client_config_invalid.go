package client

import (
	"seawall/rule"
	"seawall/snapshot"
)

func configInvalid() *rule.Rule {
	return &rule.Rule{
		ID:       "client-config-invalid",
		Title:    "The CLI's configuration cannot be parsed",
		Severity: rule.Low,
		Why:      "The CLI warns and goes on without the file: contexts, credential helpers and proxies in it do not count, and a login may fall back to a clear password.",
		Fix: rule.Fix{
			Text:   "Mend the file.",
			Shell:  "python3 -m json.tool ~/.docker/config.json",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.3.1", ATTACK: "T1562", Guide: "G1", Docs: "docker CLI configuration files"},
		Bad:  []rule.Example{{Show: "a comma too many", Facts: config(snapshot.ClientConfig{Error: "line 3: unexpected }"})}},
		Good: []rule.Example{{Show: "valid JSON", Facts: config(snapshot.ClientConfig{})}},
		Client: func(c *rule.Context, cl *snapshot.Client) rule.Answer {
			if reason := cl.Config.Read(c).Error; reason != "" {
				return c.Fail("%s/config.json: %s", cl.Dir, reason)
			}
			return c.Pass("%s/config.json can be parsed", cl.Dir)
		},
	}
}
