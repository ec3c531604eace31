package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/attack/steps/scene"
	"seawall/confinement"
	"seawall/rule"
)

func hostNetworkLoopbackServices() *attack.Step {
	return &attack.Step{
		ID: "host-network-loopback-services", Title: "Use a service that the host offers to itself only",
		Why:  "In the host's network 127.0.0.1 is the host: services that listen there, often without a password, take the container for a program of the host.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1210", Cost: 2, CostReason: "a service that trusts who connects from the host",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network")),
		Each:  loopbackServices,
		Rules: []string{"container-host-network"},
		Proof: "HostConfig.NetworkMode, and the sockets that listen on the host; nothing is connected",
		Bad:   []rule.Example{{Run: "docker run --network host alpine", Facts: scene.LoopbackDatabase}},
		Good:  []rule.Example{{Run: "docker run alpine", Facts: scene.LoopbackDatabase}, {Run: "docker run --network host alpine"}},
	}
}

// loopbackServices are the services of the host that only the host reaches.
func loopbackServices(q *attack.Query) []attack.Instance {
	out := q.Instances()
	for _, s := range cond.Look(&out, q.Host.Services) {
		if !reached.LoopbackOnly(&s) {
			continue
		}
		what := reached.LoopbackName(&s)
		out = append(out, attack.Instance{
			To: attack.State{Kind: attack.Secret, Name: reached.ServiceGives.Of(what)}, What: what,
			Origin: cond.Element(q.Host.Services, s.Address), Value: s.Program,
		})
	}
	return out
}
