package client

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func secretHeader() *rule.Rule {
	return &rule.Rule{
		ID:       "client-secret-header",
		Title:    "The CLI sends a secret header to every engine",
		Severity: rule.Low,
		Why: "HttpHeaders of config.json go with every request to every engine the user talks to, also to the wrong one. " +
			"A token in them can be read in the file and by each of those engines.",
		Fix: rule.Fix{
			Text:   "Remove the header; authenticate to the engine by ssh or client certificates.",
			Shell:  "# ~/.docker/config.json: remove the entry from \"HttpHeaders\"",
			Breaks: "Engines behind a proxy that asks for the header.",
		},
		Refs:   rule.Refs{NIST: "4.3.1", ATTACK: "T1552.001", Guide: "G1", Docs: "docker CLI configuration files"},
		Bad:    []rule.Example{{Show: `"HttpHeaders": {"Authorization": …}`, Facts: config(snapshot.ClientConfig{SecretHeaders: []string{"Authorization"}})}},
		Good:   []rule.Example{{Show: "no such header", Facts: config(snapshot.ClientConfig{})}},
		Client: checkSecretHeader,
	}
}

func checkSecretHeader(c *rule.Context, cl *snapshot.Client) rule.Answer {
	if headers := cl.Config.Read(c).SecretHeaders; len(headers) > 0 {
		return c.Fail("%s/config.json sends the secret header %s to every engine", cl.Dir, lang.Comma(headers))
	}
	return c.Pass("%s/config.json sends no secret headers", cl.Dir)
}
