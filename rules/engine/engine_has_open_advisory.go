package engine

import (
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

func hasOpenAdvisory() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-has-open-advisory",
		Title:    "The engine has known flaws",
		Severity: rule.High,
		Why: "The engine runs as root of the host and takes requests, images and builds from others. Flaws that are published are flaws that can be tried. " +
			"Whoever built the engine decides what is mended: a distribution mends flaws without a new number, and the last release of a branch may never be. The BuildKit in the engine is judged with it.",
		Fix: rule.Fix{
			Text:   "Update the engine to the version that mends them, or to a maintained branch if its own has no such version.",
			Shell:  "seawall updates   # which flaws, and what mends them\nsudo apt-get install --only-upgrade docker-ce docker.io || sudo dnf upgrade docker-ce",
			Breaks: "See the release notes; containers stop during the update unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: "T1068", Guide: "G22", Docs: "Docker Engine release notes"},
		Bad: []rule.Example{
			{Show: "dockerd 28.5.2", Facts: engineVersion("28.5.2")},
			{Show: "dockerd 29.3.0 --authorization-plugin opa", Facts: guarded("29.3.0")},
		},
		Good:   []rule.Example{{Show: "dockerd 29.8.2", Facts: engineVersion("29.8.2")}},
		Engine: dockerd(checkAdvisories),
	}
}

// engineVersion makes the example's engine a release of docker.com.
func engineVersion(version string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Version, version) })
}

func checkAdvisories(c *rule.Context, e *snapshot.Engine) rule.Answer {
	return advisories.Open(c, advisories.Of(c, e.Name, known.Engine, known.BuildKit), rule.Low)
}
