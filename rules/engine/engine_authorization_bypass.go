package engine

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
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

// checkAuthorizationBypass knows the releases of Docker; what a distribution
// mends in a version of its own numbering it cannot tell.
func checkAuthorizationBypass(c *rule.Context, e *snapshot.Engine) rule.Answer {
	names := e.Settings.AuthorizationPlugins.Read(c)
	if len(names) == 0 {
		return c.NotApplicable("the engine asks no authorization plugin")
	}
	version := e.Version.Read(c)
	r, ok := parseRelease(version)
	if !ok || rebuilt(c, e) {
		return missed(c, e.Version.Origin(), "whether version "+version+" holds the mends of the branch it is made from cannot be told from its number")
	}
	mended := release{29, 3, 1}
	if r[0] == 25 {
		mended = release{25, 0, 16}
	}
	if r.before(mended) {
		return c.Fail("engine %s hands requests to %s without their body (CVE-2026-34040)", version, strings.Join(names, ", "))
	}
	return c.Pass("engine %s hands all requests to the plugin with their body", version)
}

// rebuilt reports whether a distribution made the engine: Docker's own names the
// commit it is built from, Ubuntu's the package, behind a number that looks like
// Docker's (docker.io 28.2.2-0ubuntu1 says 28.2.2).
func rebuilt(c *rule.Context, e *snapshot.Engine) bool {
	components, _ := e.Components.Look(c)
	for _, part := range components {
		if part.Name == "Engine" && strings.Trim(part.Commit, "0123456789abcdef") != "" {
			return true
		}
	}
	return false
}
