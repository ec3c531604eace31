package steps

import (
	"strconv"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dockerSockMount() *attack.Step {
	return &attack.Step{
		ID: "docker-sock-mount", Title: "Use the engine's socket inside the container",
		Why:  "Whoever connects to the socket orders the engine. A read-only mount changes nothing, and a directory that contains the socket brings it along.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(hasSocket("it has an engine's socket inside that root opens", rootOpens), hostRoot(), noLabel()),
		Each:  eachSocket(rootOpens, controls, nil),
		Proof: "mountinfo of its process, and the inode of the socket there: it is the engine's; a connection may be opened and nothing said",
		Bad: []rule.Example{
			{Run: "docker run -v /var/run/docker.sock:/s:ro alpine"}, {Run: "docker run -v /run:/x:ro alpine"}, {Run: "docker run -v /:/x:ro alpine"},
			{Show: "a volume that is a bind in disguise", Run: "docker run -v s:/x alpine", Facts: bindVolume("s", "/run")},
			{Run: "docker run --name a -v /run/docker.sock:/s alpine\ndocker run --user 1000 --volumes-from a alpine", Facts: secondOnly},
			{Show: "an engine that the kernel shows", Run: "docker run -v /run:/x alpine", Facts: shownTo(nil, snapshot.ControlSocket{Path: "/x/docker.sock", Host: "/run/docker.sock", Service: "engine"})},
		},
		Good: append(withoutMount("docker run -v /run/docker.sock:/s alpine"),
			rule.Example{Run: "docker run -v /run/containerd/containerd.sock:/s -v /srv:/x alpine"}),
	}
}

// rootOpens: the socket of an engine that root of the host opens. Those of
// rootless engines lie in a directory of their user.
func rootOpens(q *attack.Query, s *hostpath.Socket) attack.Truth {
	truth := attack.Sure(s.Service == "engine")
	if s.Engine != nil && truth == attack.Yes && q.Is(s.Engine.Settings.Rootless) != attack.No {
		truth = holdsCap(q, snapshot.Caps("DAC_OVERRIDE"))
	}
	return truth
}

// secondOnly leaves the mounts of the example's first container to the second.
func secondOnly(s *snapshot.Snapshot) {
	list, _ := s.Engines[0].Containers.Peek()
	list[1].Mounts, list[1].VolumesFrom = list[0].Mounts, snapshot.See([]string(nil), list[1].VolumesFrom.Origin())
	example.Set(&s.Engines[0].Containers, list[1:])
}

func dockerSockGID() *attack.Step {
	opens := func(q *attack.Query, s *hostpath.Socket) attack.Truth {
		return max(groupOpens(q, s), everyoneOpens(q, s))
	}
	return &attack.Step{
		ID: "docker-sock-gid-in-container", Title: "Use the engine's socket without being root",
		Why:  "The socket lets the group of the container's user in, or everyone. That the user is not root holds nobody back.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(hasSocket("it has an engine's socket inside that its user opens", opens), hostRoot(), noLabel()),
		Each:  eachSocket(opens, controls, opensEnds),
		Proof: "the groups of its user, and the group and mode of the socket",
		Bad: []rule.Example{
			{Run: "docker run --user 1000 --group-add 998 -v /run/docker.sock:/s alpine"}, {Run: "docker run --user 1000:998 -v /run:/x:ro alpine"},
			{Show: "a socket open to all", Run: "docker run --user 1000 -v /run/docker.sock:/s alpine", Facts: socketMode666},
		},
		Good: []rule.Example{
			{Run: "docker run --user 1000 -v /run/docker.sock:/s alpine"}, {Run: "docker run --user 1000 --group-add 44 -v /run/docker.sock:/s alpine"},
			{Run: "docker run --user 1000 --group-add 998 alpine"}, {Run: "docker run --user 1000 --group-add 998 -v /run/docker.sock:/s alpine", Facts: remappedHost},
		},
	}
}

// opensEnds is what ends the access itself: of a group, to leave it; of everyone,
// the socket's mode.
func opensEnds(q *attack.Query, s *hostpath.Socket) []attack.Change {
	if everyoneOpens(q, s) == attack.Yes {
		if groupOpens(q, s) == attack.Yes {
			return nil
		}
		return []attack.Change{{Kind: socketMode, Engine: controls(q, s).Engine, Detail: s.Host}}
	}
	file, _ := socketFile(q, s)
	return []attack.Change{onContainer(q, dropGroup, strconv.Itoa(file.GID))}
}

// socketMode666 opens the socket of the example's engine to everyone.
func socketMode666(s *snapshot.Snapshot) {
	listeners, _ := s.Engines[0].Listeners.Peek()
	socket, _ := listeners[0].Socket.Peek()
	socket.Mode = 0o666
	example.Set(&listeners[0].Socket, socket)
}

func rootlessSockMount() *attack.Step {
	return &attack.Step{
		ID: "rootless-sock-mount", Title: "Use the socket of the rootless engine inside the container",
		Why:  "Root in a container of a rootless engine is the user whose engine it is, and the socket is that user's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(hasSocket("it has the socket of its own engine inside", ownEngine), rootlessOwner(), noLabel()),
		Each:  eachSocket(ownEngine, controls, nil),
		Proof: "the inode of the socket there; a connection may be opened and nothing said",
		Bad:   []rule.Example{{Run: "docker run -v /run/docker.sock:/s:ro alpine", Facts: rootlessHost}},
		Good:  []rule.Example{{Run: "docker run alpine", Facts: rootlessHost}, {Run: "docker run -v /run/docker.sock:/s alpine"}, {Run: "docker run -v /srv:/s alpine", Facts: rootlessHost}},
	}
}

func ownEngine(q *attack.Query, s *hostpath.Socket) attack.Truth {
	return attack.Sure(s.Service == "engine" && s.Engine == q.Engine)
}

// rootlessOwner: root in the container is the user whose engine it is.
func rootlessOwner() *attack.Cond {
	return &attack.Cond{
		Says: "its engine is rootless",
		Ask:  func(q *attack.Query) attack.Truth { return q.Is(q.Engine.Settings.Rootless) },
	}
}

func containerdSockMount() *attack.Step {
	return &attack.Step{
		ID: "containerd-sock-mount", Title: "Use containerd's socket inside the container",
		Why:  "containerd starts whatever container it is told, with the host's disk inside, and asks no authorization plugin.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(hasSocket("it has containerd's socket inside", ofService("containerd")), hostRoot(), noLabel()),
		Each:  eachSocket(ofService("containerd"), containerdOwner, nil),
		Proof: "mountinfo of its process, and the inode of the socket there; a connection may be opened and nothing said",
		Bad: []rule.Example{
			{Run: "docker run -v /run/containerd/containerd.sock:/s:ro alpine"}, {Run: "docker run -v /run/containerd:/x alpine"},
		},
		Good: append(withoutMount("docker run -v /run/containerd:/x alpine"), rule.Example{Run: "docker run -v /run/docker.sock:/s alpine"}),
	}
}

// containerdOwner is who containerd runs as: root, or the user of a rootless
// engine.
func containerdOwner(_ *attack.Query, s *hostpath.Socket) attack.State {
	if s.Engine != nil {
		if rootless, _ := s.Engine.Settings.Rootless.Peek(); rootless {
			return engineOwner(s.Engine)
		}
	}
	return attack.State{Kind: attack.HostRoot}
}

// engineOwner is the user whose rootless engine it is, without a name if that was
// not seen.
func engineOwner(e *snapshot.Engine) attack.State {
	process, seen := e.Daemon.Process.Peek()
	switch {
	case !seen:
		return attack.State{Kind: attack.LocalUser}
	case process.User == "":
		return attack.State{Kind: attack.LocalUser, Name: strconv.Itoa(process.UID)}
	}
	return attack.State{Kind: attack.LocalUser, Name: process.User}
}
