package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

func rootlessHomeMount() *attack.Step {
	is := ofEngineOwner(cond.Writable(hostplace.Home))
	return &attack.Step{
		ID: "rootless-home-mount", Title: "Write to the home of the rootless engine's user",
		Why:  "Root in a container of a rootless engine is the user whose engine it is, and the home is that user's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1098.004", Cost: 1, CostReason: "one file written",
		Needs: attack.All(cond.PlacesInside(), rootlessOwner(), cond.HasMount("it can write to the home of its engine's user", is), cond.NoLabel()),
		Each: cond.EachMount(is, func(q *attack.Query, _ *hostpath.Mounted) []attack.State {
			return []attack.State{engineOwner(q.Engine)}
		}, cond.AnyUser, change.ReadOnlyMount),
		Proof: "mountinfo of its process: source and mode of the mount; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /home/alice:/x alpine", Facts: scene.Rootless}, {Run: "docker run --cap-drop ALL -v /home:/x alpine", Facts: scene.Rootless}},
		Good: []rule.Example{
			{Run: "docker run -v /home/alice:/x:ro alpine", Facts: scene.Rootless}, {Run: "docker run -v /home/bob:/x alpine", Facts: scene.Rootless},
			{Run: "docker run -v /home/alice:/x alpine"},
		},
	}
}

// ofEngineOwner: a mount in, or with, the home of the user whose rootless engine it
// is.
func ofEngineOwner(is cond.MountKind) cond.MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		truth := is(q, m)
		process, known := q.Engine.Daemon.Process.Try(q)
		if truth == attack.No || !known {
			return min(truth, attack.Unknown)
		}
		for _, owner := range cond.HomeOwners(q, m) {
			if owner.Name == process.User {
				return truth
			}
		}
		return attack.No
	}
}
