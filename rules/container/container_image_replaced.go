package container

import (
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func imageReplaced() *rule.Rule {
	return &rule.Rule{
		ID:       "container-image-replaced",
		Title:    "A container runs an image that has been replaced",
		Severity: rule.Low,
		Why: "The engine holds a newer image under the same name, and the container still runs the old one: what was mended there is not mended here. " +
			"Restarting does not change that; a container keeps its image for life.",
		Fix: rule.Fix{
			Text:    "Make the container anew from the image that the name stands for now.",
			Shell:   "docker compose up -d   # or docker rm -f NAME and docker run as before",
			Breaks:  "The container is away for a moment, and what it wrote outside of volumes is lost.",
			Edits:   rule.Edits{Not: "it is told of containers that run: make the container anew"},
			Run:     "the same line again, after docker rm -f NAME",
			Compose: "services:\n  web:\n    pull_policy: daily",
		},
		Refs: rule.Refs{NIST: "4.2.2", ATTACK: "T1190", Guide: "G22", Docs: "docker compose up"},
		Bad:  []rule.Example{{Show: "docker pull nginx:1.29, after the container was made", Run: "docker run nginx:1.29", Facts: pulledAnew(true)}},
		Good: []rule.Example{
			{Run: "docker run nginx:1.29", Facts: pulledAnew(false)},
			{Run: "docker run nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", Facts: inContainer(hasImage)},
		},
		Container: checkImageReplaced,
	}
}

func checkImageReplaced(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	own, name := ctr.ImageID.Read(c), ctr.Image.Read(c)
	if own == "" {
		return c.Pass("it will be made of the image that the name stands for")
	}
	if namedByContent(name) {
		return c.Pass("its image is named by its content")
	}
	images, _ := c.Engine.Images.Look(c)
	now, wanted := "", familiar(name)
	for i := range images {
		if slices.Contains(images[i].Tags, wanted) {
			now = images[i].ID
		}
	}
	// Engines that keep images in containerd's store may name a container's
	// image otherwise than the image itself: then there is nothing to compare.
	held := slices.ContainsFunc(images, func(i snapshot.Image) bool { return i.ID == own })
	if !held || now == "" {
		return c.NotApplicable("the engine holds no image of that name to compare with")
	}
	if now != own {
		c.Cite(ctr.ImageID.Origin(), own)
		return c.Fail("its image %s has been replaced by another one of that name%s", name, life(ctr))
	}
	return c.Pass("its image is the one that %s stands for", name)
}

// familiar writes a name as engines list it: without Docker Hub's host, with a
// tag.
func familiar(image string) string {
	image = strings.TrimPrefix(strings.TrimPrefix(image, "docker.io/"), "index.docker.io/")
	image = strings.TrimPrefix(image, "library/")
	if _, tag := splitTag(image); tag == "" {
		image += ":latest"
	}
	return image
}

// hasImage makes an example's container one of the image it names.
func hasImage(c *snapshot.Container) {
	c.ImageID = snapshot.See("sha256:"+c.Image.String(), c.ImageID.Origin())
}

// pulledAnew gives the name of the container's image to another one.
func pulledAnew(anew bool) func(*snapshot.Snapshot) {
	return all(inContainer(hasImage), example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		if anew {
			newer := images[0]
			newer.ID, newer.UsedBy = "sha256:newer", nil
			images[0].Tags = nil
			example.Add(&e.Images, newer)
		}
	}))
}
