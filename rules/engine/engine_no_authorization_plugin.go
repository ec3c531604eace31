package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func noAuthorizationPlugin() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-no-authorization-plugin",
		Title:    "Nothing limits what a client of the API may do",
		Severity: rule.Low,
		Why: "Without an authorization plugin everyone who can connect to the API can do everything, root on the host included. " +
			"Where several people or programs share an engine, a plugin can refuse requests that go too far.",
		Fix: rule.Fix{
			Text:   "Where others than the host's administrators use the API, put an authorization plugin before it.",
			Daemon: `{"authorization-plugins": ["PLUGIN"]}`,
			Breaks: "Every request the policy forgets; the engine does not answer while the plugin is down.",
		},
		Refs: rule.Refs{CIS: "2.13", NIST: "4.3.1 4.3.2", ATTACK: "T1609", Guide: "G2", Docs: "Access authorization plugin"},
		Bad: []rule.Example{
			{Daemon: `{}`},
			{Show: "dockerd", Facts: func(*snapshot.Snapshot) {}},
		},
		Good: []rule.Example{{Show: "dockerd --authorization-plugin opa", Facts: example.Engine(func(e *snapshot.Engine) {
			example.Set(&e.Settings.AuthorizationPlugins, []string{"opa"})
		})}},
		Engine: dockerd(checkAuthorization),
	}
}

func checkAuthorization(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if names := e.Settings.AuthorizationPlugins.Read(c); len(names) > 0 {
		return c.Pass("requests pass the authorization plugin %s", lang.Comma(names))
	}
	return c.Fail("no authorization plugin: whoever can connect may do everything")
}
