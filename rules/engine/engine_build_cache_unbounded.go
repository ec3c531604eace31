package engine

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

func buildCache() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-build-cache-unbounded",
		Title:    "The build cache grows until the disk is full",
		Severity: rule.Low,
		Why: "The builder removes what it has not used for long, and keeps a part of the disk free. With garbage collection off nothing does: " +
			"the cache fills the disk of the engine's data, and then containers can no longer write. Old layers, with what was wrong in them, stay as well.",
		Fix: rule.Fix{
			Text:   "Turn garbage collection on and bound the cache.",
			Daemon: `{"builder": {"gc": {"enabled": true, "defaultKeepStorage": "20GB"}}}`,
			Shell:  "docker builder prune",
			Breaks: "Builds take longer after their cache was removed.",
		},
		Refs:   rule.Refs{NIST: "4.4.3", ATTACK: "T1499", Guide: "G21", Docs: "Build garbage collection"},
		Bad:    []rule.Example{{Daemon: `{"builder": {"gc": {"enabled": false}}}`}, {Show: "garbage collection off", Facts: builder("gc.enabled=false")}},
		Good:   []rule.Example{{Daemon: `{}`}, {Daemon: `{"builder": {"gc": {"enabled": true}}}`}},
		Engine: dockerd(checkBuildCache),
	}
}

func checkBuildCache(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if slices.Contains(e.Settings.Builder.Read(c), "gc.enabled=false") {
		return c.Fail("garbage collection of the build cache is off")
	}
	return c.Pass("the build cache is bounded")
}
