package engine

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func sendsFromNetwork() *attack.Step {
	return &attack.Step{
		ID: "container-sends-from-network", Title: "Send to the host and beyond from the container's network",
		Why:  "Code in a container opens connections to the host, and by it to others, as far as the host's rules let its network. That containers on a network do not reach each other changes nothing in that.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Uplink,
		ATTACK: "T1046", Cost: 0, CostReason: "nothing to do",
		Needs: attack.All(cond.MayRun()),
		Each:  uplinksOfContainer,
		Proof: "the networks that the engine lists, and the network namespace of its process",
		Bad:   []rule.Example{{Run: "docker run --network shop alpine", Facts: scene.ICC("shop", false)}},
		Good:  []rule.Example{{Run: "docker run --network none alpine"}, {Run: "docker run --network host alpine"}},
	}
}

// uplinksOfContainer are the networks by which the container sends.
func uplinksOfContainer(q *attack.Query) []attack.Instance {
	endpoints, known := q.Container.Networks.Try(q)
	if !known {
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Uplink, Engine: q.Engine.Name}, Unknown: true, Missing: cond.Lost(q.Container.Networks)})
	}
	out := q.Instances()
	for _, e := range endpoints {
		if e.Network == "host" || e.Network == "none" {
			continue
		}
		i := attack.Instance{
			To:   attack.State{Kind: attack.Uplink, Engine: q.Engine.Name, Name: e.Network},
			Ends: q.Changes(change.OnContainer(q, change.LeaveNetwork, e.Network)), Checks: []attack.Check{},
		}
		if !q.Brief() {
			i.Origin, i.Value = cond.Element(q.Container.Networks, e.Network), e.IPv4
		}
		out = append(out, i)
	}
	return out
}
