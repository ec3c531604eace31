package client

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func credentialsInClear() *rule.Rule {
	return &rule.Rule{
		ID:       "client-credentials-in-clear",
		Title:    "Registry passwords stand in the CLI's configuration",
		Severity: rule.Medium,
		Why: "docker login writes the password into config.json, only base64-encoded, unless a credential helper is set. " +
			"Backups, dotfile repositories and every program of the user can read it; with push rights it is a way to replace images.",
		Fix: rule.Fix{
			Text:   "Set a credential helper, log out and in again, and change the password or use a token with few rights.",
			Shell:  "docker logout REGISTRY\n# ~/.docker/config.json: \"credsStore\": \"secretservice\" or \"pass\"\ndocker login REGISTRY",
			Breaks: "Jobs without a session for the helper; give those a short-lived token.",
		},
		Refs: rule.Refs{NIST: "4.2.3", ATTACK: "T1552.001", Guide: "G1 G21", Docs: "docker login"},
		Bad: []rule.Example{
			{Config: `{"auths": {"registry.example": {"auth": "dXNlcjpwYXNz"}}}`},
			{Show: "docker login without a helper", Facts: config(snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}})},
		},
		Good: []rule.Example{
			{Config: `{"auths": {"registry.example": {}}, "credsStore": "pass"}`},
			{Show: "credsStore: pass", Facts: config(snapshot.ClientConfig{Helpers: map[string]string{"": "pass"}})},
		},
		Client: func(c *rule.Context, cl *snapshot.Client) rule.Answer {
			if registries := cl.Config.Read(c).ClearCredentials; len(registries) > 0 {
				return c.Fail("credentials of %s for %s stand in %s/config.json", cl.User, lang.Comma(registries), cl.Dir)
			}
			return c.Pass("no registry credentials stand in %s/config.json", cl.Dir)
		},
	}
}

func config(c snapshot.ClientConfig) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) { example.Set(&cl.Config, c) })
}
