package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
)

func rootlessSockMount() *attack.Step {
	return &attack.Step{
		ID: "rootless-sock-mount", Title: "Use the socket of the rootless engine inside the container",
		Why:  "Root in a container of a rootless engine is the user whose engine it is, and the socket is that user's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.HasSocket("it has the socket of its own engine inside", ownEngine), rootlessOwner(), cond.NoLabel()),
		Each:  cond.EachSocket(ownEngine, cond.Controls, nil),
		Proof: "the inode of the socket there; a connection may be opened and nothing said",
		Bad:   []rule.Example{{Run: "docker run -v /run/docker.sock:/s:ro alpine", Facts: scene.Rootless}},
		Good:  []rule.Example{{Run: "docker run alpine", Facts: scene.Rootless}, {Run: "docker run -v /run/docker.sock:/s alpine"}, {Run: "docker run -v /srv:/s alpine", Facts: scene.Rootless}},
	}
}

func ownEngine(q *attack.Query, s *hostpath.Socket) attack.Truth {
	return attack.Sure(s.Service == "engine" && s.Engine == q.Engine)
}

// rootlessOwner: root in the container is the user whose engine it is.
func rootlessOwner() *attack.Cond {
	return &attack.Cond{
		Says:  "its engine is rootless",
		Check: cond.AsRead,
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Engine.Settings.Rootless) },
	}
}
