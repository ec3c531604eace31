package listener

import (
	"slices"
	"strconv"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func socketGroupMembers() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-group-members",
		Title:    "Members of the socket's group are root",
		Severity: rule.High,
		Why: "Membership in the group of the engine's socket, usually docker, is root on the host without a password and without a trace in sudo's log: docker run -v /:/host is enough. " +
			"Each member, and whoever takes over one of their programs, has that.",
		Fix: rule.Fix{
			Text:   "Take people and services out of the group who do not need it; let the others use sudo, or give them a rootless engine of their own.",
			Shell:  "sudo gpasswd -d USER docker",
			Breaks: "docker without sudo for those users, after they log in again.",
		},
		Refs:     rule.Refs{CISRelated: "1.1.2 3.15", NIST: "4.5.4", ATTACK: "T1611 T1548", Guide: "G2 G3", Docs: "Linux post-installation steps"},
		Bad:      []rule.Example{{Show: "usermod -aG docker alice", Facts: members("alice", "ci")}},
		Good:     []rule.Example{{Show: "a group without members", Facts: members()}, {Show: "root in it", Facts: members("root")}},
		Listener: onSocket(checkGroupMembers),
	}
}

func members(names ...string) func(*snapshot.Snapshot) {
	return listener(0, func(l *snapshot.Listener) { example.Set(&l.GroupMembers, names) })
}

func checkGroupMembers(c *rule.Context, l *snapshot.Listener) rule.Answer {
	f := l.Socket.Read(c)
	if f.Mode&0o020 == 0 {
		return c.Pass("the group of %s has no permission to connect", f)
	}
	allowed := trust.Engine(c, c.Engine)
	var others []string
	for _, name := range l.GroupMembers.Read(c) {
		if name != "root" && !slices.Contains(allowed.Users, name) {
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		c.Cite(l.Socket.Origin(), f)
		c.Cite(l.GroupMembers.Origin(), others)
		return c.Fail("members of the group %s control the engine: %s", groupName(f), lang.Comma(others))
	}
	return c.Pass("the group %s has no members beyond those who may control the engine", groupName(f))
}

func groupName(f snapshot.File) string {
	if f.Group != "" {
		return f.Group
	}
	return strconv.Itoa(f.GID)
}
