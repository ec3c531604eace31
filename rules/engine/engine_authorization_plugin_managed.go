package engine

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func authorizationManaged() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-authorization-plugin-managed",
		Title:    "The authorization plugin can be switched off by those it limits",
		Severity: rule.Medium,
		Why: "A managed plugin is switched off through the same API that it guards. docker plugin disable -f ends the checks at once, and the engine then allows everything. " +
			"Only a policy that refuses such requests keeps its own plugin alive.",
		Fix: rule.Fix{
			Text:   "Run the plugin as a service of the host with its socket in /run/docker/plugins. Until then let its policy refuse POST /plugins/*/disable, /set and /upgrade, and DELETE /plugins/*.",
			Daemon: `{"authorization-plugins": ["PLUGIN"]}`,
			Shell:  "systemctl enable --now PLUGIN.socket   # ListenStream=/run/docker/plugins/PLUGIN.sock",
			Breaks: "The engine does not start without the service: order it Before=docker.service.",
		},
		Refs: rule.Refs{NIST: "4.3.1 4.3.2", ATTACK: "T1562.001", Guide: "G2", Docs: "Access authorization plugin"},
		Bad:  []rule.Example{{Show: "docker plugin install openpolicyagent/opa-docker-authz-v2", Facts: authorization("opa", true)}},
		Good: []rule.Example{
			{Show: "a plugin that is a service of the host", Facts: authorization("other", true)},
			{Show: "a managed plugin that is not enabled", Facts: authorization("opa", false)},
		},
		Engine: dockerd(checkAuthorizationManaged),
	}
}

// authorization is an engine that asks a plugin, and has a managed plugin named
// opa.
func authorization(name string, enabled bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Settings.AuthorizationPlugins, []string{name})
		example.Set(&e.Plugins, []snapshot.Plugin{{Name: "opa:latest", Enabled: enabled, Types: []string{"docker.authz/1.0"}}})
	})
}

func checkAuthorizationManaged(c *rule.Context, e *snapshot.Engine) rule.Answer {
	names := e.Settings.AuthorizationPlugins.Read(c)
	if len(names) == 0 {
		return c.NotApplicable("the engine asks no authorization plugin")
	}
	var found []string
	for _, p := range e.Plugins.Read(c) {
		if p.Enabled && slices.ContainsFunc(names, func(n string) bool { return withTag(n) == withTag(p.Name) }) {
			found = append(found, p.Name)
		}
	}
	if len(found) > 0 {
		return c.Fail("%s can be switched off through the API that it limits", lang.Comma(found))
	}
	return c.Pass("no managed plugin decides about requests")
}

// withTag completes the name of a managed plugin as the engine does.
func withTag(name string) string {
	if strings.LastIndexByte(name, ':') > strings.LastIndexByte(name, '/') {
		return name
	}
	return name + ":latest"
}
