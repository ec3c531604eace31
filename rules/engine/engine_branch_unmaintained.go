package engine

import (
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

func branchUnmaintained() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-branch-unmaintained",
		Title:    "Nobody mends this engine any more",
		Severity: rule.Medium,
		Why: "The branch of the engine, of containerd or of runc has ended. Flaws that are found from now on stay open, also those that other branches get a release for. " +
			"For a distribution's package what counts is that the distribution still supports it.",
		Fix: rule.Fix{
			Text:   "Move to a maintained branch, or to a supported release of the distribution.",
			Shell:  "seawall updates   # the branches, and until when they are maintained",
			Breaks: "A new branch removes what was deprecated: see its release notes before.",
		},
		Refs: rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: "T1190", Guide: "G22", Docs: "Docker Engine release notes"},
		Bad: []rule.Example{
			{Show: "dockerd 28.5.2", Facts: engineVersion("28.5.2")},
			{Show: "containerd 1.6.38", Facts: partVersion("containerd", "1.6.38")},
		},
		Good:   []rule.Example{{Show: "dockerd 29.8.2", Facts: engineVersion("29.8.2")}},
		Engine: dockerd(checkBranch),
	}
}

func checkBranch(c *rule.Context, e *snapshot.Engine) rule.Answer {
	e.Components.Look(c)
	return advisories.Unmaintained(c, advisories.Of(c, e.Name, known.Engine, known.Containerd, known.Runc))
}
