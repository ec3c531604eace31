package image

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func systemFileWritable() *rule.Rule {
	with := func(files ...snapshot.ImageFile) func(*snapshot.ImageContents) {
		return func(i *snapshot.ImageContents) { example.Set(&i.OpenFiles, files) }
	}
	return &rule.Rule{
		ID:       "image-system-file-writable",
		Title:    "An image lets everyone write files of its system",
		Severity: rule.Low,
		Deep:     true,
		Why:      "Any program in the container, under any user, can replace what lies there: programs that root starts, libraries that all load, accounts.",
		Fix: rule.Fix{
			Text:   "Take the right off in the build, and give the file to the user that needs it.",
			Shell:  "RUN chmod o-w /usr/local/lib/app   # in the Dockerfile; or: COPY --chown=10001:10001 data /data",
			Run:    "--read-only",
			Breaks: "Programs that write there as another user.",
		},
		Refs: rule.Refs{NIST: "4.1.2", ATTACK: "T1222.002", Guide: "G17", Docs: "Dockerfile reference"},
		Bad: []rule.Example{
			inside("chmod 777 /usr/local/bin", "docker run alpine", with(snapshot.ImageFile{Path: "/usr/local/bin", Dir: true, Mode: 0o777, Layer: 2})),
			inside("chmod 666 /etc/passwd", "docker run alpine", with(snapshot.ImageFile{Path: "/etc/passwd", Mode: 0o666, Layer: 2})),
		},
		Good: []rule.Example{inside("files of the system that root alone may write", "docker run alpine", with())},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if a, done := unread(c, i, i.OpenFiles); done {
				return a
			}
			var names []string
			files, _ := i.OpenFiles.Look(c)
			for _, f := range files {
				names = append(names, f.Path)
			}
			if len(names) == 0 {
				return c.Pass("no file of its system can be written by everyone")
			}
			c.Cite(i.OpenFiles.Origin(), list(names))
			return c.Fail("everyone may write there: %s", list(names))
		},
	}
}
