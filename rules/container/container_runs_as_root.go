package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func rootUser() *rule.Rule {
	return &rule.Rule{
		ID:       "container-runs-as-root",
		Title:    "A container's program runs as root",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "Root inside has the container's capabilities at once, writes to every mount, and is one kernel flaw away from root on the host. " +
			"An ordinary user has none of that.",
		Fix: rule.Fix{
			Text:    "Run the program as an ordinary user, named by number, and give that user its files.",
			Run:     "--user 10001:10001",
			Compose: "services:\n  web:\n    user: \"10001:10001\"",
			Breaks:  "Entry points that change owners or users first, ports below 1024 on engines before 20.10, and files that belong to root.",
			Edits:   rule.Edits{Not: "the user has to own the files that the program writes, and those are in the image"},
		},
		Refs: rule.Refs{CIS: "4.1", NIST: "4.4.3", ATTACK: "T1611", Guide: "G17", Docs: "Building best practices", Peers: "CL-0018 docksec:no-non-root-user"},
		Bad: []rule.Example{
			{Run: "docker run --user 0:0 alpine"},
			{Run: "docker run --user root alpine"},
			{Show: "an image without a user", Run: "docker run alpine"},
			{Show: "a user named toor whose number is 0", Run: "docker run --user toor alpine", Facts: running(func(*snapshot.Process) {})},
		},
		Good: []rule.Example{
			{Run: "docker run --user 10001 alpine"},
			{Show: "a user by name, seen running", Run: "docker run --user app alpine", Facts: running(func(p *snapshot.Process) {
				p.UID = snapshot.See(101, p.UID.Origin())
			})},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			user := confinement.UserOf(c, c.Engine, ctr)
			if user.Root {
				return c.Fail("its program runs as root (user %s)%s", user.Name, life(ctr))
			}
			return c.Pass("its program runs as user %s", user.Name)
		},
	}
}
