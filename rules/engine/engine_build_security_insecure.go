package engine

import (
	"slices"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func buildInsecure() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-build-security-insecure",
		Title:    "Builds may run steps with all capabilities",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "With the entitlement security.insecure a RUN step of a Dockerfile may ask for all capabilities, no seccomp filter and the host's devices. " +
			"Who builds somebody else's Dockerfile and allows the entitlement, as scripts do for every build, gives that author the host.",
		Fix: rule.Fix{
			Text:   "Remove the entitlement; build what needs it in a builder of its own, on a machine that may be lost.",
			Daemon: `{"builder": {"entitlements": {"security-insecure": false}}}`,
			Breaks: "Builds with RUN --security=insecure.",
		},
		Refs: rule.Refs{NIST: "4.1.2 4.4.3", ATTACK: "T1612 T1611", Guide: "G2", Docs: "Configure BuildKit"},
		Bad:  []rule.Example{{Daemon: `{"builder": {"entitlements": {"security-insecure": true}}}`}},
		Good: []rule.Example{
			{Daemon: `{}`},
			{Daemon: `{"builder": {"entitlements": {"network-host": true, "security-insecure": false}}}`},
		},
		Engine: dockerd(checkBuildInsecure),
	}
}

func checkBuildInsecure(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if slices.Contains(e.Settings.Builder.Read(c), "entitlements.security-insecure=true") {
		return c.Fail("builds may run steps with all capabilities (the entitlement security-insecure is on)")
	}
	return c.Pass("no step of a build may have all capabilities")
}

// builder sets switches of the builder.
func builder(switches ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Builder, switches) })
}
