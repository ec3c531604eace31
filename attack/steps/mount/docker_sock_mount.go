package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
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
		Needs: attack.All(cond.HasSocket("it has an engine's socket inside that root opens", rootOpens), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachSocket(rootOpens, cond.Controls, nil),
		Proof: "mountinfo of its process, and the inode of the socket there: it is the engine's; a connection may be opened and nothing said",
		Bad: []rule.Example{
			{Run: "docker run -v /var/run/docker.sock:/s:ro alpine"}, {Run: "docker run -v /run:/x:ro alpine"}, {Run: "docker run -v /:/x:ro alpine"},
			{Show: "a volume that is a bind in disguise", Run: "docker run -v s:/x alpine", Facts: example.BindVolume("s", "/run")},
			{Run: "docker run --name a -v /run/docker.sock:/s alpine\ndocker run --user 1000 --volumes-from a alpine"},
			{Show: "an engine that the kernel shows", Run: "docker run -v /run:/x alpine", Facts: scene.ShownTo(nil, snapshot.ControlSocket{Path: "/x/docker.sock", Host: "/run/docker.sock", Service: "engine"})},
		},
		Good: append(scene.WithoutMount("docker run -v /run/docker.sock:/s alpine"),
			rule.Example{Run: "docker run -v /run/containerd/containerd.sock:/s -v /srv:/x alpine"}),
	}
}

// rootOpens: the socket of an engine that root of the host opens. Those of
// rootless engines lie in a directory of their user.
func rootOpens(q *attack.Query, s *hostpath.Socket) attack.Truth {
	truth := attack.Sure(s.Service == "engine")
	if s.Engine != nil && truth == attack.Yes && q.Is(s.Engine.Settings.Rootless) != attack.No {
		truth = cond.CanHold(q, snapshot.Caps("DAC_OVERRIDE"))
	}
	return truth
}
