package listener

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func socketWorldAccessible() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-world-accessible",
		Title:    "Every user of the host can control the engine",
		Severity: rule.Critical,
		Why: "Whoever can connect to the engine's socket can start a container that mounts the host's root directory and is root on the host. " +
			"This socket lets every account do so, those of services such as www-data included.",
		Fix: rule.Fix{
			Text:   "Take the permission from others; the engine sets it again at its next start from --group and its unit.",
			Shell:  "sudo chmod 660 /run/docker.sock\nsudo systemctl edit docker.socket   # SocketMode=0660",
			Breaks: "Programs that use the socket as an ordinary user without being in its group.",
		},
		Refs:     rule.Refs{CIS: "3.16", NIST: "4.5.4", ATTACK: "T1611 T1610", Guide: "G3 G10", Docs: "Docker daemon attack surface"},
		Bad:      []rule.Example{{Show: "chmod 666 /run/docker.sock", Facts: example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o666 })}},
		Good:     []rule.Example{{Show: "chmod 660 /run/docker.sock", Facts: func(*snapshot.Snapshot) {}}, {Show: "a 0666 socket in a closed directory", Facts: example.EngineSocket(closedOff)}},
		Listener: onSocket(checkWorldAccessible),
	}
}

func closedOff(f *snapshot.File) {
	f.Mode = 0o666
	f.Parents = append([]snapshot.File{{Path: "/run/private", Type: "dir", Mode: 0o700, Owner: "root", Group: "root"}}, f.Parents...)
}

func checkWorldAccessible(c *rule.Context, l *snapshot.Listener) rule.Answer {
	f := l.Socket.Read(c)
	for _, g := range access.Connectors(f, access.Trust{}) {
		if g.Everyone {
			return c.Fail("every user of the host can connect to %s (%s)", f.Path, g.How)
		}
	}
	return c.Pass("%s is closed to other users", f)
}
