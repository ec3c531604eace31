package container

import (
	"regexp"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// imageID matches images named by their id, whole or the beginning.
var imageID = regexp.MustCompile(`^(sha256:)?[0-9a-f]{12,64}$`)

func imageUnpinned() *rule.Rule {
	return &rule.Rule{
		ID:       "container-image-unpinned",
		Title:    "A container's image is named without a version",
		Severity: rule.Low,
		Why: "latest, or no tag at all, is whatever was pushed last: nobody can tell which program runs, two hosts run different ones, and an update, or whoever takes the repository over, brings new code unasked. " +
			"It also hides that the image is old.",
		Fix: rule.Fix{
			Text:    "Name a version, better with the digest, and raise it on purpose.",
			Run:     "nginx:1.29.3@sha256:DIGEST",
			Compose: "services:\n  web:\n    image: nginx:1.29.3",
			Breaks:  "Updates no longer come by themselves.",
			Edits:   rule.Edits{Not: "which version is to run is not in the file"},
		},
		Refs: rule.Refs{CISRelated: "5.28", NIST: "4.2.2", ATTACK: "T1525 T1195.002", Guide: "G22", Docs: "Image digests", Peers: "CL-0004 docksec:latest-tag dclint:service-image-require-explicit-tag"},
		Bad:  []rule.Example{{Run: "docker run nginx"}, {Run: "docker run registry.example:5000/app:latest"}},
		Good: []rule.Example{
			{Run: "docker run nginx:1.29"},
			{Run: "docker run nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
			{Run: "docker run 0123456789ab"},
			{Show: "docker build -t app . && docker run app", Run: "docker run app", Facts: inContainer(madeHere)},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			image := ctr.Image.Read(c)
			if namedByContent(image) {
				return c.Pass("its image is named by its content")
			}
			if _, tag := splitTag(image); tag != "" && tag != "latest" {
				return c.Pass("its image is named with version %s", tag)
			}
			if ctr.ImageLocal.Read(c) {
				return c.Pass("its image is made where it runs: no registry is asked for it")
			}
			c.Cite(ctr.Image.Origin(), image)
			return c.Fail("its image %s is named without a version%s", image, life(ctr))
		},
	}
}

// madeHere makes an example's container one of an image that no registry has.
func madeHere(c *snapshot.Container) { c.ImageLocal = snapshot.See(true, c.Image.Origin()) }

// namedByContent reports whether a name always stands for the same image: it
// has a digest or is an id.
func namedByContent(image string) bool {
	return strings.Contains(image, "@") || imageID.MatchString(image)
}

// splitTag splits "host:5000/name:tag".
func splitTag(image string) (name, tag string) {
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i], image[i+1:]
	}
	return image, ""
}
