package listener

import (
	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func socketACL() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-acl",
		Title:    "An ACL lets others control the engine",
		Severity: rule.High,
		Why: "A POSIX ACL on the socket gives users or groups the right to connect that neither the mode nor the list of group members shows; ls marks it with a plus sign only. " +
			"Whoever it names is root on the host.",
		Fix: rule.Fix{
			Text:   "Remove the ACL, and give access by the group where it is meant.",
			Shell:  "sudo setfacl -b /run/docker.sock",
			Breaks: "Access of the users and groups that it named.",
		},
		Refs:     rule.Refs{CISRelated: "3.15 3.16", NIST: "4.5.4", ATTACK: "T1611 T1222.002", Guide: "G3", Docs: "Docker daemon attack surface"},
		Bad:      []rule.Example{{Show: "setfacl -m u:bob:rw /run/docker.sock", Facts: socketEntry(6)}},
		Good:     []rule.Example{{Show: "setfacl -b /run/docker.sock", Facts: func(*snapshot.Snapshot) {}}, {Show: "an entry that the mask takes write from", Facts: socketEntry(4)}},
		Listener: onSocket(checkSocketACL),
	}
}

func socketEntry(perm uint8) func(*snapshot.Snapshot) {
	return example.EngineSocket(func(f *snapshot.File) {
		f.ACL = []snapshot.ACLEntry{{Kind: "user", ID: 1001, Name: "bob", Perm: perm}}
	})
}

// checkSocketACL looks at the entries on the socket; whether its directories
// let the named ones through is looked at as well.
func checkSocketACL(c *rule.Context, l *snapshot.Listener) rule.Answer {
	f := l.Socket.Read(c)
	if len(f.ACL) == 0 {
		return c.Pass("%s has no ACL", f.Path)
	}
	var entries []string
	for _, g := range access.Connectors(f, trust.Engine(c, c.Engine)) {
		if g.ACL {
			entries = append(entries, g.Who)
		}
	}
	if len(entries) > 0 {
		return c.Fail("the ACL of %s lets %s control the engine", f.Path, lang.Comma(entries))
	}
	return c.Pass("the ACL of %s lets nobody else connect", f.Path)
}
