package engine

import (
	"slices"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func engineSocketGroup() *attack.Step {
	return &attack.Step{
		ID: "engine-socket-group", Title: "Use the engine's socket as a member of its group",
		Why:  "Whoever can connect to the engine's socket controls the engine: members of its group need no password for it.",
		At:   rule.KindListener,
		From: attack.LocalUser, To: attack.EngineControl,
		ATTACK: "T1078.003", Cost: 1, CostReason: "one command",
		Needs: attack.All(cond.Serves("engine", "unix")),
		Each: func(q *attack.Query) []attack.Instance {
			return socketInstances(q, func(f snapshot.File) []access.Grant {
				f.Mode &^= 0o007 // who is in the group stays so if others are kept out
				return access.Connectors(f, access.Trust{})
			})
		},
		Proof: "the socket's owner, mode and ACL, and the groups of accounts",
		Bad: []rule.Example{
			{Show: "usermod -aG docker alice", Facts: scene.InGroup("alice", "docker")},
			{Show: "the same, and chmod 666 /run/docker.sock", Facts: example.Together(scene.InGroup("alice", "docker"), example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o666 }))},
		},
		Good: []rule.Example{{Show: "a group without members"}},
	}
}

func engineSocketOpen() *attack.Step {
	return &attack.Step{
		ID: "engine-socket-open", Title: "Use the engine's socket, which is open to every account",
		Why:  "Whoever can connect to the engine's socket controls the engine, and this one refuses nobody.",
		At:   rule.KindListener,
		From: attack.LocalUser, To: attack.EngineControl,
		ATTACK: "T1078.003", Cost: 1, CostReason: "one command",
		Needs: attack.All(cond.Serves("engine", "unix")),
		Each: func(q *attack.Query) []attack.Instance {
			return socketInstances(q, func(f snapshot.File) []access.Grant {
				return slices.DeleteFunc(access.Connectors(f, access.Trust{}), func(g access.Grant) bool { return !g.Everyone })
			})
		},
		Proof: "the socket's owner, mode and ACL, and those of the directories above it",
		Bad:   []rule.Example{{Show: "chmod 666 /run/docker.sock", Facts: example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o666 })}},
		Good: []rule.Example{{Show: "mode 0660"}, {Show: "a 0666 socket in a closed directory", Facts: example.EngineSocket(func(f *snapshot.File) {
			f.Mode = 0o666
			f.Parents = append([]snapshot.File{{Path: "/run/private", Type: "dir", Mode: 0o700, Owner: "root", Group: "root"}}, f.Parents...)
		})}},
	}
}

// socketInstances are the accounts that can connect to the listener's socket by
// one of the grants that find finds.
func socketInstances(q *attack.Query, find func(snapshot.File) []access.Grant) []attack.Instance {
	l := q.Listener
	f, known := l.Socket.Try(q)
	if !known {
		return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, What: l.Address, Unknown: true, Missing: cond.Lost(l.Socket)})
	}
	by := ""
	if q.Is(q.Engine.Settings.Rootless) == attack.Yes {
		by = cond.EngineOwner(q)
	}
	out := q.Instances()
	for _, h := range cond.Holders(q, find(f), by) {
		i := attack.Instance{From: h.State, What: h.Grant.String(), Origin: snapshot.At(f.Path, l.Socket.Origin().Source), Value: f.String()}
		i.Checks = []attack.Check{{Kind: attack.OpensSocket, Path: f.Path, API: cond.EngineAnswers(q.Engine)}}
		i.Ends = []attack.Change{{Kind: change.SocketMode, Engine: q.Engine.Name, Detail: f.Path}}
		if group := f.Group; !h.Grant.Everyone && h.User != nil && slices.Contains(h.User.Groups, group) {
			i.Ends = []attack.Change{{Kind: change.RemoveFromGroup, Subject: h.User.Name, Detail: group}}
		}
		out = append(out, i)
	}
	return out
}
