package image

import (
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func baseUnpinned() *rule.Rule {
	return &rule.Rule{
		ID:         "image-base-unpinned",
		Title:      "An image builds on one that is named without a version",
		Severity:   rule.Low,
		Dockerfile: true,
		Why: "latest, or no tag at all, is whatever was pushed last: two builds of one commit give different images, and nobody can tell which flaws are in them. " +
			"Who takes the repository over has code in the next build.",
		Fix: rule.Fix{
			Text:   "Name a version, better with the digest, and raise it on purpose; Dependabot and Renovate do that for Dockerfiles.",
			Shell:  "FROM debian:12.12-slim@sha256:DIGEST   # in the Dockerfile",
			Breaks: "Updates of the base no longer come by themselves.",
		},
		Refs: rule.Refs{
			CISRelated: "4.2 5.28", NIST: "4.1.5", ATTACK: "T1195.002", Guide: "G22", Docs: "Building best practices",
			Peers: "DS-0001 CKV_DOCKER_7 kics:image_version_not_explicit kics:image_version_using_latest DL3006 DL3007 DKL-DI-0006 " +
				"semgrep:dockerfile-source-not-pinned semgrep:avoid-latest-version semgrep:missing-image-version",
		},
		Bad: []rule.Example{basedOn("alpine"), basedOn("golang:1.26", "registry.example:5000/base:latest")},
		Good: []rule.Example{
			basedOn("alpine:3.22"), basedOn("registry.example:5000/base@sha256:0123"), basedOn(),
			{Show: "FROM base, which another service of the project builds", Run: "docker run alpine\ndocker run base", Facts: basedOnEachOther},
		},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if a, done := unused(c, i); done {
				return a
			}
			var loose []string
			bases, seen := i.Bases.Look(c)
			if !seen {
				c.Stop()
			}
			for _, b := range bases {
				if !versioned(b.Ref) && !builtHere(c, i, b.Ref) {
					c.Cite(snapshot.At("FROM", b.Where), b.Ref)
					loose = append(loose, b.Ref)
				}
			}
			if len(loose) > 0 {
				return c.Fail("it is built from what is named without a version: %s", list(loose))
			}
			return c.Pass("every image that it is built from is named with a version")
		},
	}
}

// builtHere reports whether another Dockerfile of the project makes an image of this name,
// or may make it.
func builtHere(c *rule.Context, one *snapshot.Image, ref string) bool {
	images, _ := c.Engine.Images.Look(c)
	return slices.ContainsFunc(images, func(i snapshot.Image) bool {
		if i.ID == one.ID || !i.Is(ref) {
			return false
		}
		i.Bases.Look(c)
		return true
	})
}

// basedOnEachOther makes the second image the base of the first.
func basedOnEachOther(s *snapshot.Snapshot) {
	example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].Bases, []snapshot.BaseImage{{Ref: "base", Where: "Dockerfile:1"}})
		example.Set(&images[1].Bases, []snapshot.BaseImage{{Ref: "debian:12", Where: "base/Dockerfile:1"}})
	})(s)
}

// versioned reports whether a name has a digest, or a tag other than latest.
func versioned(ref string) bool {
	if strings.Contains(ref, "@") {
		return true
	}
	i := strings.LastIndexByte(ref, ':')
	return i > strings.LastIndexByte(ref, '/') && ref[i+1:] != "latest"
}

// basedOn is the example of an image whose Dockerfile takes files from these.
func basedOn(refs ...string) rule.Example {
	bases := []snapshot.BaseImage{}
	for _, ref := range refs {
		bases = append(bases, snapshot.BaseImage{Ref: ref, Where: "Dockerfile:1"})
	}
	show := "FROM scratch"
	if len(refs) > 0 {
		show = "FROM " + strings.Join(refs, "\nFROM ")
	}
	return rule.Example{Show: show, Run: "docker run alpine", Facts: example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].Bases, bases)
	})}
}
