package mount

import (
	"strconv"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

func containerdSockMount() *attack.Step {
	return &attack.Step{
		ID: "containerd-sock-mount", Title: "Use containerd's socket inside the container",
		Why:  "containerd starts whatever container it is told, with the host's disk inside, and asks no authorization plugin.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.HasSocket("it has containerd's socket inside", cond.OfService("containerd")), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachSocket(cond.OfService("containerd"), containerdOwner, nil),
		Proof: "mountinfo of its process, and the inode of the socket there; a connection may be opened and nothing said",
		Bad: []rule.Example{
			{Run: "docker run -v /run/containerd/containerd.sock:/s:ro alpine"}, {Run: "docker run -v /run/containerd:/x alpine"},
		},
		Good: append(scene.WithoutMount("docker run -v /run/containerd:/x alpine"), rule.Example{Run: "docker run -v /run/docker.sock:/s alpine"}),
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
