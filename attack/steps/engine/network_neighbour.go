package engine

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func networkJoined() *attack.Step {
	return &attack.Step{
		ID: "container-on-network", Title: "Send on the container's network",
		Why:  "Code in a container opens connections to whatever its networks let it.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Network,
		ATTACK: "T1046", Cost: 0, CostReason: "nothing to do",
		Needs: attack.All(cond.MayRun()),
		Each: func(q *attack.Query) []attack.Instance {
			return onNetworks(q, func(n attack.State) attack.Instance { return attack.Instance{To: n} })
		},
		Proof: "the networks that the engine lists, and the network namespace of its process",
		Bad:   []rule.Example{{Run: "docker run --network shop alpine", Facts: scene.ICC("shop", true)}},
		Good:  []rule.Example{{Run: "docker run --network none alpine"}, {Run: "docker run --network host alpine"}},
	}
}

func neighbourBreached() *attack.Step {
	return &attack.Step{
		ID: "neighbour-breached", Title: "Break into what listens in a container on the same network",
		Why:  "Containers on a network reach all ports of each other, published or not. That one of these programs has a fault which lets others run code is assumed.",
		At:   rule.KindContainer,
		From: attack.Network, To: attack.Container,
		ATTACK: "T1210", Cost: 4, CostReason: "the fault is assumed, not known",
		Needs: attack.All(cond.MayRun()),
		Each: func(q *attack.Query) []attack.Instance {
			out := q.Instances()
			for _, i := range onNetworks(q, func(n attack.State) attack.Instance { return attack.Instance{From: n} }) {
				others, unseen := q.Others(i.From.Name)
				if others == attack.Unknown && !i.Unknown {
					i.Unknown, i.Missing = true, cond.Lost(unseen[0])
				}
				if others != attack.No {
					out = append(out, i)
				}
			}
			return out
		},
		Proof: "the networks that the engine lists and their option enable_icc; 'seawall reach' follows the connection",
		Bad:   []rule.Example{{Run: "docker run --name web --network shop alpine\ndocker run --name db --network shop alpine", Facts: scene.ICC("shop", true)}},
		Good: []rule.Example{
			{Run: "docker run --name web --network shop alpine\ndocker run --name db --network vault alpine", Facts: example.Together(scene.ICC("shop", true), scene.ICC("vault", true))},
			{Show: "docker network create -o com.docker.network.bridge.enable_icc=false shop", Run: "docker run --name web --network shop alpine\ndocker run --name db --network shop alpine", Facts: scene.ICC("shop", false)},
		},
	}
}

// onNetworks are the networks of the container on which containers reach each
// other.
func onNetworks(q *attack.Query, instance func(attack.State) attack.Instance) []attack.Instance {
	endpoints, known := q.Container.Networks.Try(q)
	if !known {
		i := instance(attack.State{Kind: attack.Network, Engine: q.Engine.Name})
		i.Unknown, i.Missing = true, cond.Lost(q.Container.Networks)
		return append(q.Instances(), i)
	}
	out := q.Instances()
	for _, e := range endpoints {
		if e.Network == "host" || e.Network == "none" {
			continue
		}
		i := instance(attack.State{Kind: attack.Network, Engine: q.Engine.Name, Name: e.Network})
		if !q.Brief() {
			i.Origin, i.Value = snapshot.At("Networks["+e.Network+"]", q.Container.Networks.Origin().Source), e.IPv4
		}
		i.Ends = q.Changes(change.OnContainer(q, change.LeaveNetwork, e.Network))
		if joins(q, e.Network, &i) {
			out = append(out, i)
		}
	}
	return out
}

// joins reports whether the containers on a network reach each other, or may, and
// adds to the instance what ends that and which fact would tell.
func joins(q *attack.Query, name string, i *attack.Instance) bool {
	if _, known := q.Engine.Networks.Look(q); !known {
		i.Unknown, i.Missing = true, cond.Lost(q.Engine.Networks)
		return true
	}
	n := q.Network(name)
	if n == nil {
		return true
	}
	w := &cond.Gaps{}
	talk := cond.Talks(w, q.Host, n)
	i.Unknown, i.Missing = talk == attack.Unknown, *w
	i.Ends = append(i.Ends, cond.Silences(q, n)...)
	return talk != attack.No
}
