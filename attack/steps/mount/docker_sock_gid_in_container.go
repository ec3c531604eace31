package mount

import (
	"strconv"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dockerSockGID() *attack.Step {
	opens := func(q *attack.Query, s *hostpath.Socket) attack.Truth {
		return max(cond.GroupOpens(q, s), cond.EveryoneOpens(q, s))
	}
	return &attack.Step{
		ID: "docker-sock-gid-in-container", Title: "Use the engine's socket without being root",
		Why:  "The socket lets the group of the container's user in, or everyone. That the user is not root holds nobody back.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.HasSocket("it has an engine's socket inside that its user opens", opens), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachSocket(opens, cond.Controls, opensEnds),
		Proof: "the groups of its user, and the group and mode of the socket",
		Bad: []rule.Example{
			{Run: "docker run --user 1000 --group-add 998 -v /run/docker.sock:/s alpine"}, {Run: "docker run --user 1000:998 -v /run:/x:ro alpine"},
			{Show: "a socket open to all", Run: "docker run --user 1000 -v /run/docker.sock:/s alpine", Facts: socketMode666},
		},
		Good: []rule.Example{
			{Run: "docker run --user 1000 -v /run/docker.sock:/s alpine"}, {Run: "docker run --user 1000 --group-add 44 -v /run/docker.sock:/s alpine"},
			{Run: "docker run --user 1000 --group-add 998 alpine"}, {Run: "docker run --user 1000 --group-add 998 -v /run/docker.sock:/s alpine", Facts: scene.Remapped},
		},
	}
}

// opensEnds is what ends the access itself: of a group, to leave it; of everyone,
// the socket's mode.
func opensEnds(q *attack.Query, s *hostpath.Socket) []attack.Change {
	if cond.EveryoneOpens(q, s) == attack.Yes {
		if cond.GroupOpens(q, s) == attack.Yes {
			return nil
		}
		return []attack.Change{{Kind: change.SocketMode, Engine: cond.Controls(q, s).Engine, Detail: s.Host}}
	}
	file, _ := cond.SocketFile(q, s)
	return []attack.Change{change.OnContainer(q, change.DropGroup, strconv.Itoa(file.GID))}
}

// socketMode666 opens the socket of the example's engine to everyone.
func socketMode666(s *snapshot.Snapshot) {
	listeners, _ := s.Engines[0].Listeners.Peek()
	socket, _ := listeners[0].Socket.Peek()
	socket.Mode = 0o666
	example.Set(&listeners[0].Socket, socket)
}
