package client

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func configReadable() *rule.Rule {
	return &rule.Rule{
		ID:       "client-config-readable",
		Title:    "Others can read the registry passwords of a user",
		Severity: rule.High,
		Why:      "The user's config.json holds passwords or tokens in clear, and other accounts can read it: they can pull private images and, with push rights, replace them.",
		Fix: rule.Fix{
			Text:   "Make the file readable for its owner only, change the passwords, and use a credential helper.",
			Shell:  "chmod 700 ~/.docker && chmod 600 ~/.docker/config.json",
			Breaks: "Other accounts that used the file.",
		},
		Refs:   rule.Refs{NIST: "4.2.3 4.5.4", ATTACK: "T1552.001", Guide: "G1", Docs: "docker login"},
		Bad:    []rule.Example{{Show: "chmod 644 ~/.docker/config.json after docker login", Facts: loggedIn(0o644)}},
		Good:   []rule.Example{{Show: "chmod 600 ~/.docker/config.json", Facts: loggedIn(0o600)}},
		Client: checkConfigReadable,
	}
}

func loggedIn(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) {
		example.Set(&cl.Config, snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}})
		example.Set(&cl.Files, []snapshot.File{example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", mode)})
	})
}

func checkConfigReadable(c *rule.Context, cl *snapshot.Client) rule.Answer {
	config := cl.Config.Read(c)
	if len(config.ClearCredentials)+len(config.ProxyCredentials)+len(config.SecretHeaders) == 0 {
		return c.NotApplicable("the configuration of %s holds no secrets", cl.User)
	}
	return accessCheck("config.json with its secrets of %s can be read: %s", files, role(snapshot.RoleConfig), access.Readers)(c, cl)
}
