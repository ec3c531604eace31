package listener

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func socketParentWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-parent-writable",
		Title:    "Others can put a socket of their own in the engine's place",
		Severity: rule.High,
		Why: "Who can write the directory of the socket can move it away and listen there instead. Clients then hand their commands, build contexts and registry credentials to that program, " +
			"which can pass them on to the real engine and change them on the way.",
		Fix: rule.Fix{
			Text:   "Put the socket into a directory that only root can write, such as /run.",
			Shell:  "sudo chown root:root /run && sudo chmod 755 /run",
			Breaks: "Clients that use the old path.",
		},
		Refs: rule.Refs{CISRelated: "3.15 3.16", NIST: "4.5.4", ATTACK: "T1574 T1557", Guide: "G3", Docs: "Docker daemon attack surface"},
		Bad: []rule.Example{{Show: "dockerd -H unix:///srv/open/docker.sock", Facts: example.EngineSocket(func(f *snapshot.File) {
			f.Path = "/srv/open/docker.sock"
			f.Parents = append([]snapshot.File{{Path: "/srv/open", Type: "dir", Mode: 0o777, Owner: "root", Group: "root"}}, f.Parents...)
		})}},
		Good:     []rule.Example{{Show: "dockerd -H unix:///run/docker.sock", Facts: func(*snapshot.Snapshot) {}}, {Show: "the socket of alice's rootless engine", Facts: rootlessSocket}},
		Listener: onSocket(checkSocketParents),
	}
}

func checkSocketParents(c *rule.Context, l *snapshot.Listener) rule.Answer {
	f := l.Socket.Read(c)
	if grants := access.Replacers(f, trust.Engine(c, c.Engine)); len(grants) > 0 {
		return c.Fail("%s can be replaced by %s", f.Path, access.Describe(grants))
	}
	return c.Pass("only those who control the engine can replace %s", f.Path)
}
