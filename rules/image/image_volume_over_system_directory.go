package image

import (
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// systemDirectories hold the programs and accounts of an image.
var systemDirectories = []string{
	"/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin",
}

func volumeOverSystemDirectory() *rule.Rule {
	return &rule.Rule{
		ID:       "image-volume-over-system-directory",
		Title:    "An image declares a volume over its own programs or accounts",
		Severity: rule.Low,
		Why: "Every container of the image gets a writable volume there, even with --read-only: programs, accounts and start-up files can be changed, and what is changed stays when the container is made anew. " +
			"Where the volume is kept, updates of the image do not arrive.",
		Fix: rule.Fix{
			Text:    "Declare volumes for data only, or none: whoever runs the image mounts what is to stay.",
			Shell:   "VOLUME /var/lib/app   # in the Dockerfile",
			Run:     "-v data:/var/lib/app",
			Compose: "services:\n  web:\n    volumes: [\"data:/var/lib/app\"]",
			Breaks:  "Changes to those directories are lost with the container.",
		},
		Refs: rule.Refs{NIST: "4.1.2", ATTACK: "T1554", Guide: "G25", Docs: "Dockerfile reference", Peers: "DKL-DI-0002"},
		Bad:  []rule.Example{withVolumes("/etc"), withVolumes("/data", "/usr/local/bin/")},
		Good: []rule.Example{withVolumes("/var/lib/app", "/etc/app"), {Run: "docker run alpine"}},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			return volumesAt(c, i, systemDirectories, lang.T("a system directory"))
		},
	}
}

func withVolumes(paths ...string) rule.Example {
	return rule.Example{Show: "VOLUME " + strings.Join(paths, " "), Run: "docker run alpine", Facts: example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].Volumes, paths)
	})}
}

// volumesAt answers for an image that declares volumes at some paths, which are told as
// what.
func volumesAt(c *rule.Context, i *snapshot.Image, paths []string, what string) rule.Answer {
	if a, done := unused(c, i); done {
		return a
	}
	var found []string
	for _, v := range i.Volumes.Read(c) {
		if slices.Contains(paths, path.Clean(v)) {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		return c.Pass("it declares no volume at %s", what)
	}
	text := lang.Comma(found)
	c.Cite(i.Volumes.Origin(), text)
	return c.Fail("it declares a volume at %s", text)
}
