package listener

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func containerdAccessible() *rule.Rule {
	return &rule.Rule{
		ID:       "containerd-socket-accessible",
		Title:    "Others than root can control containerd",
		Severity: rule.Critical,
		Why: "containerd starts the containers for the engine and knows no authorization. Who can connect to its socket starts a privileged container, and is root on the host, " +
			"past every plugin and log of the engine.",
		Fix: rule.Fix{
			Text:   "Give the socket to root only; no client but the engine needs it.",
			Shell:  "sudo chown root:root /run/containerd/containerd.sock && sudo chmod 660 /run/containerd/containerd.sock",
			Breaks: "Tools that use containerd as an ordinary user; see [grpc] uid and gid in /etc/containerd/config.toml.",
		},
		Refs: rule.Refs{CISRelated: "3.23 3.24", NIST: "4.5.4", ATTACK: "T1611", Guide: "G2 G3"},
		Bad: []rule.Example{{Show: "gid of the docker group in containerd's config.toml", Facts: listener(1, func(l *snapshot.Listener) {
			f, _ := l.Socket.Peek()
			f.GID, f.Group = 998, "docker"
			example.Set(&l.Socket, f)
		})}},
		Good:     []rule.Example{{Show: "root:root 0660", Facts: func(*snapshot.Snapshot) {}}},
		Listener: checkContainerd,
	}
}

func checkContainerd(c *rule.Context, l *snapshot.Listener) rule.Answer {
	if l.Service != "containerd" || l.Network != "unix" {
		return c.NotApplicable("not a unix socket of containerd")
	}
	f := l.Socket.Read(c)
	if grants := access.Connectors(f, trust.Engine(c, c.Engine)); len(grants) > 0 {
		return c.Fail("containerd can be controlled by %s", access.Describe(grants))
	}
	return c.Pass("%s is closed to all but those who control the engine", f)
}
