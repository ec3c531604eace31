package image

import (
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// oldAfter is the age from which an image lacks a year of fixes.
const oldAfter = 365 * 24 * time.Hour

// firstRelease is when Docker appeared: times before it are made up, as builds
// do that are to give the same bytes each time.
var firstRelease = time.Date(2013, 3, 20, 0, 0, 0, 0, time.UTC)

func old() *rule.Rule {
	return &rule.Rule{
		ID:       "image-old",
		Title:    "An image in use is more than a year old",
		Severity: rule.Low,
		Why: "An image does not change: its libraries and programs are those of the day it was built, and what was mended since then is missing. " +
			"Restarting containers or updating the host does not help.",
		Fix: rule.Fix{
			Text:    "Build it again from a current base, or take the current version, and make its containers anew; do it regularly.",
			Shell:   "docker build --pull --no-cache -t NAME . && docker compose up -d",
			Compose: "services:\n  web:\n    build: {context: ., pull: true}",
			Breaks:  "What relies on the old versions: try the new image first.",
		},
		Refs: rule.Refs{CISRelated: "4.4", NIST: "4.1.1", ATTACK: "T1190", Guide: "G22", Docs: "Building best practices"},
		Bad:  []rule.Example{builtAt("2025-10-31"), builtAt("2019-01-01")},
		Good: []rule.Example{builtAt("2025-11-02"), builtAt("2026-10-31")},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if a, done := unused(c, i); done {
				return a
			}
			if c.Snapshot.Declared && i.Bases.State() == snapshot.Seen {
				return c.NotApplicable("it is declared, and not built yet")
			}
			created := i.Created.Read(c)
			if created.Before(firstRelease) {
				return c.NotApplicable("its time of creation is made up, so that builds give the same bytes")
			}
			age := c.Snapshot.TakenAt.Sub(created)
			if age > oldAfter {
				return c.Fail("it was built on %s, %d days before this audit", created.Format(time.DateOnly), int(age.Hours()/24))
			}
			return c.Pass("it was built on %s", created.Format(time.DateOnly))
		},
	}
}

func builtAt(day string) rule.Example {
	created, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return rule.Example{Show: "an image built on " + day + ", looked at on 2026-11-01", Run: "docker run alpine", Facts: example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].Created, created)
	})}
}
