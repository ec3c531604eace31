package image

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func setIDFiles() *rule.Rule {
	su := snapshot.ImageFile{Path: "/usr/bin/su", Mode: 0o4755, Layer: 1}
	backup := snapshot.ImageFile{Path: "/opt/backup", Mode: 0o4755, Layer: 2}
	with := func(files ...snapshot.ImageFile) func(*snapshot.ImageContents) {
		return func(i *snapshot.ImageContents) { example.Set(&i.SetIDFiles, files) }
	}
	return &rule.Rule{
		ID:       "image-setid-files",
		Title:    "An image has programs that run as their owner",
		Severity: rule.Medium,
		Confined: rule.Low,
		Deep:     true,
		Why: "A setuid or setgid program runs as its owner or group, whoever starts it: a flaw in one makes an ordinary user of the container root in it. " +
			"Few containers need any. Those of the distribution are well looked after; of others the same must be hoped.",
		Fix: rule.Fix{
			Text:    "Take the bits off in the last step of the build, but where the program of the image needs them; or let no program of its containers gain privileges, so that the bits mean nothing.",
			Run:     "--security-opt no-new-privileges",
			Compose: "services:\n  web:\n    security_opt: [\"no-new-privileges:true\"]",
			Shell:   "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +   # in the Dockerfile, as root",
			Breaks:  "su, sudo, passwd, mount and the like for ordinary users of the container.",
		},
		Refs: rule.Refs{CISRelated: "4.8", NIST: "4.1.2", ATTACK: "T1548.001", Guide: "G17", Docs: "Building best practices", Peers: "CIS-DI-0008"},
		Bad: []rule.Example{
			inside("an image with su", gaining, with(su)),
			inside("an image with a setuid program of its own", gaining, with(backup, su)),
		},
		Good: []rule.Example{
			inside("an image without any", gaining, with()),
			inside("an image with su whose containers gain no privileges", "docker run --security-opt no-new-privileges alpine", with(su)),
			inside("a setuid file that nobody may run", gaining, with(snapshot.ImageFile{Path: "/srv/data", Mode: 0o4644, Layer: 1})),
		},
		Image: checkSetIDFiles,
	}
}

func checkSetIDFiles(c *rule.Context, i *snapshot.Image) rule.Answer {
	if a, done := unread(c, i, i.SetIDFiles); done {
		return a
	}
	var all, unusual []string
	files, _ := i.SetIDFiles.Look(c)
	for _, f := range files {
		if f.Mode&0o111 == 0 {
			continue // nobody can run it
		}
		all = append(all, f.Path)
		if !ofDistribution(&f, setIDOfDistributions) {
			unusual = append(unusual, f.Path)
		}
	}
	switch {
	case len(all) == 0:
		return c.Pass("it has no setuid or setgid program")
	case !mayGain(c, i):
		return c.Pass("it has setuid or setgid programs, and no container of it lets programs gain privileges")
	}
	c.Cite(i.SetIDFiles.Origin(), list(all))
	if len(unusual) == 0 {
		return c.FailAs(rule.Low, "all are of the distribution", "it has setuid or setgid programs: %s", list(all))
	}
	return c.Fail("it has setuid or setgid programs that are not of the distribution: %s", list(unusual))
}

// mayGain reports whether programs of the image can gain privileges in any of
// its containers. Of an image without containers they could.
func mayGain(c *rule.Context, i *snapshot.Image) bool {
	may := len(i.UsedBy) == 0
	for _, ctr := range users(c, i) {
		may = confinement.NoNewPrivileges(c, c.Engine, ctr).Off || may
	}
	return may
}
