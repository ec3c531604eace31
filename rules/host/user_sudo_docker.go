package host

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func userSudoDocker() *rule.Rule {
	return &rule.Rule{
		ID:       "user-sudo-docker",
		Title:    "sudo lets a user run docker, and with it everything",
		Severity: rule.High,
		Why: "A sudo rule that allows docker, or a tool like it, looks like a small right. sudo docker run -v /:/host gives root on the host: " +
			"the rule is worth as much as one for ALL, without looking like it.",
		Fix: rule.Fix{
			Text:   "Replace the rule by a program that does the one thing that is needed, with fixed arguments, or say openly that the user is an administrator.",
			Shell:  "sudo visudo -f /etc/sudoers.d/FILE",
			Breaks: "Scripts that call sudo docker.",
		},
		Refs: rule.Refs{CISRelated: "1.1.2", NIST: "4.5.4", ATTACK: "T1548.003 T1611", Guide: "G2 G3", Docs: "Docker daemon attack surface"},
		Bad:  []rule.Example{{Show: "alice ALL=(root) NOPASSWD: /usr/bin/docker", Facts: example.Sudo(snapshot.SudoRule{Where: "/etc/sudoers.d/alice:1", Command: "/usr/bin/docker", NoPasswd: true})}},
		Good: []rule.Example{{Show: "no such rule", Facts: example.Sudo()}},
		User: checkSudo,
	}
}

func checkSudo(c *rule.Context, u *snapshot.User) rule.Answer {
	if u.UID == 0 {
		return c.NotApplicable("the user is root")
	}
	rules := u.SudoDocker.Read(c)
	var words []string
	for _, r := range rules {
		word := r.Command + " (" + r.Where
		if r.NoPasswd {
			word += ", without a password"
		}
		words = append(words, word+")")
	}
	if len(words) > 0 {
		return c.Fail("%s may become root by sudo %s", u.Name, strings.Join(words, ", "))
	}
	return c.Pass("no sudo rule names docker or a tool like it for %s", u.Name)
}
