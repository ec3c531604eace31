package image

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func accountWithoutPassword() *rule.Rule {
	with := func(accounts ...string) func(*snapshot.ImageContents) {
		return func(i *snapshot.ImageContents) { example.Set(&i.OpenAccounts, accounts) }
	}
	return &rule.Rule{
		ID:       "image-account-without-password",
		Title:    "An image has an account with an empty password",
		Severity: rule.Medium,
		Confined: rule.Low,
		Deep:     true,
		Why:      "An empty password is not a locked one: su, login or an ssh server in the container may let anybody in without asking. Of root's account that makes every user of the container root.",
		Fix: rule.Fix{
			Text:   "Lock the password of the account.",
			Shell:  "RUN passwd -l root   # in the Dockerfile; or: sed -i 's/^root::/root:*:/' /etc/shadow",
			Breaks: "Logins to the account by password.",
		},
		Refs: rule.Refs{NIST: "4.1.2", ATTACK: "T1078.003", Guide: "G17", Docs: "Building best practices", Peers: "DKL-LI-0001"},
		Bad:  []rule.Example{inside("root:: in /etc/shadow", "docker run alpine", with("root"))},
		Good: []rule.Example{inside("root:*: in /etc/shadow", "docker run alpine", with())},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if a, done := unread(c, i, i.OpenAccounts); done {
				return a
			}
			accounts, _ := i.OpenAccounts.Look(c)
			if len(accounts) == 0 {
				return c.Pass("none of its accounts has an empty password and a shell")
			}
			c.Cite(i.OpenAccounts.Origin(), list(accounts))
			return c.Fail("accounts have an empty password and a shell: %s", list(accounts))
		},
	}
}
