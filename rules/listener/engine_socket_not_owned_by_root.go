package listener

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func socketOwner() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-not-owned-by-root",
		Title:    "An ordinary user owns the engine's socket",
		Severity: rule.Critical,
		Why:      "The owner of the socket can connect to it and can give that right to anyone. On an engine that runs as root the owner is thereby root on the host.",
		Fix: rule.Fix{
			Text:   "Give the socket to root; for access without root use the group, or a rootless engine.",
			Shell:  "sudo chown root:docker /run/docker.sock",
			Breaks: "Programs that used the socket as its owner.",
		},
		Refs:     rule.Refs{CIS: "3.15", NIST: "4.5.4", ATTACK: "T1611", Guide: "G3", Docs: "Docker daemon attack surface"},
		Bad:      []rule.Example{{Show: "chown bob /run/docker.sock", Facts: example.EngineSocket(ofBob)}, {Show: "… and chmod 666", Facts: example.EngineSocket(func(f *snapshot.File) { ofBob(f); f.Mode = 0o666 })}},
		Good:     []rule.Example{{Show: "chown root /run/docker.sock", Facts: func(*snapshot.Snapshot) {}}, {Show: "the socket of alice's rootless engine", Facts: rootlessSocket}},
		Listener: onSocket(checkSocketOwner),
	}
}

func ofBob(f *snapshot.File) { f.UID, f.Owner = 1001, "bob" }

func rootlessSocket(s *snapshot.Snapshot) {
	example.Engine(example.Rootless)(s)
	example.EngineSocket(func(f *snapshot.File) { f.UID, f.Owner, f.GID, f.Group = 1000, "alice", 1000, "alice" })(s)
}

func checkSocketOwner(c *rule.Context, l *snapshot.Listener) rule.Answer {
	f := l.Socket.Read(c)
	if f.UID == 0 {
		return c.Pass("%s belongs to root", f)
	}
	private := f // with nobody's permissions but the owner's
	private.Mode, private.ACL = 0o600, nil
	if grants := access.Connectors(private, trust.Engine(c, c.Engine)); len(grants) > 0 {
		return c.Fail("%s, who owns %s, controls the engine", grants[0].Who, f)
	}
	return c.Pass("the owner of %s may control the engine or cannot reach it", f)
}
