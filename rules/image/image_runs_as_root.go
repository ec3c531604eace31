package image

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func runsAsRoot() *rule.Rule {
	return &rule.Rule{
		ID:       "image-runs-as-root",
		Title:    "An image names no ordinary user",
		Severity: rule.Low,
		Why: "Containers of the image run as root unless whoever starts them thinks of --user. " +
			"A user in the image makes the safe way the usual one.",
		Fix: rule.Fix{
			Text:    "Make a user in the Dockerfile and name it by number; until then name one when starting containers.",
			Run:     "--user 10001:10001",
			Compose: "services:\n  web:\n    user: \"10001:10001\"",
			Shell:   "echo 'USER 10001:10001' >> Dockerfile",
			Breaks:  "Programs that write to files of root in the image: change their owner in the build (COPY --chown).",
		},
		Refs:  rule.Refs{CISRelated: "4.1", NIST: "4.1.2", ATTACK: "T1611", Guide: "G17", Docs: "Building best practices", Peers: "DS-0002 CKV_DOCKER_3 CKV_DOCKER_8 kics:missing_user_instruction kics:last_user_is_root DL3002 CIS-DI-0001 semgrep:last-user-is-root semgrep:missing-user semgrep:missing-user-entrypoint"},
		Bad:   []rule.Example{withUser(""), withUser("root"), withUser("0:0")},
		Good:  []rule.Example{withUser("10001"), withUser("10001:0")},
		Image: checkRunsAsRoot,
	}
}

func checkRunsAsRoot(c *rule.Context, i *snapshot.Image) rule.Answer {
	if a, done := unused(c, i); done {
		return a
	}
	user := confinement.NamedUser(c, i.User, "")
	if user.Root {
		return c.Fail("its containers run as root unless they are told otherwise (user %s)", user.Name)
	}
	return c.Pass("its containers run as user %s", user.Name)
}

// withUser is the example of an image with this USER line.
func withUser(user string) rule.Example {
	return rule.Example{
		Show: "USER " + user,
		Run:  "docker run alpine",
		Facts: example.Engine(func(e *snapshot.Engine) {
			images, _ := e.Images.Peek()
			example.Set(&images[0].User, user)
		}),
	}
}
