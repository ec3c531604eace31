package container

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func privilegedContainer() *attack.Step {
	return &attack.Step{
		ID: "privileged-container", Title: "Mount the host's disk",
		Why:  "A privileged container has all capabilities and all devices and nothing confines it: its root mounts the host's disk, or loads a module.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one command",
		Needs: attack.All(privileged(), cond.HostRoot()),
		Rules: []string{"container-privileged"},
		Proof: "HostConfig.Privileged, and CapEff and the device cgroup of its process; nothing is mounted",
		Bad:   []rule.Example{{Run: "docker run --privileged alpine"}},
		Good:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --cap-add NET_ADMIN alpine"}},
	}
}

// privileged: the container is privileged.
func privileged() *attack.Cond {
	return &attack.Cond{
		Says:  "it is privileged",
		Check: cond.Shows(attack.Check{Kind: attack.HasCapability, Name: "ALL"}, attack.Check{Kind: attack.Unfiltered}),
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Container.Privileged) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.Unprivileged, ""))
		},
	}
}
