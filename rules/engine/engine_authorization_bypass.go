package engine

import (
	"seawall/currency/known"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

func authorizationBypass() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-authorization-bypass",
		Title:    "The authorization plugin does not see all requests of this engine",
		Severity: rule.High,
		Why: "This release hands some requests to the plugin without their body: those of length zero (CVE-2024-41110) or beyond 1 MiB (CVE-2026-34040). " +
			"A plugin that sees no body allows what it would refuse, a privileged container for example.",
		Fix: rule.Fix{
			Text:   "Update the engine to 29.3.1 or later, or 25.0.16 of that branch.",
			Shell:  "sudo apt-get install --only-upgrade docker-ce || sudo dnf upgrade docker-ce",
			Breaks: "See the release notes; containers stop during the update unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.3.1 4.5.3", ATTACK: "T1068", Guide: "G22", Docs: "Docker Engine release notes"},
		Bad: []rule.Example{
			{Show: "dockerd 28.5.2 --authorization-plugin opa", Facts: guarded("28.5.2")},
			{Show: "dockerd 25.0.15 --authorization-plugin opa", Facts: guarded("25.0.15")},
			{Show: "dockerd 29.3.0 --authorization-plugin opa", Facts: guarded("29.3.0")},
		},
		Good: []rule.Example{
			{Show: "dockerd 29.3.1 --authorization-plugin opa", Facts: guarded("29.3.1")},
			{Show: "dockerd 25.0.16 --authorization-plugin opa", Facts: guarded("25.0.16")},
		},
		Engine: dockerd(checkAuthorizationBypass),
	}
}

func guarded(version string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Version, version)
		example.Set(&e.Settings.AuthorizationPlugins, []string{"opa"})
	})
}

// bodyless are the flaws by which requests reach a plugin without their body.
var bodyless = []string{"CVE-2024-41110", "CVE-2026-34040"}

func checkAuthorizationBypass(c *rule.Context, e *snapshot.Engine) rule.Answer {
	names := e.Settings.AuthorizationPlugins.Read(c)
	if len(names) == 0 {
		return c.NotApplicable("the engine asks no authorization plugin")
	}
	version := e.Version.Read(c)
	return advisories.Named(c, advisories.Of(c, e.Name, known.Engine), bodyless,
		func(ids string) rule.Answer {
			return c.Fail("engine %s hands requests to %s without their body (%s)", version, lang.Comma(names), ids)
		},
		func() rule.Answer {
			return c.Pass("engine %s hands all requests to the plugin with their body", version)
		})
}
