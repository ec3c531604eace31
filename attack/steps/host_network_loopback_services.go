package steps

import (
	"seawall/attack"
	"seawall/confinement"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func hostNetworkLoopbackServices() *attack.Step {
	return &attack.Step{
		ID: "host-network-loopback-services", Title: "Use a service that the host offers to itself only",
		Why:  "In the host's network 127.0.0.1 is the host: services that listen there, often without a password, take the container for a program of the host.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1210", Cost: 2, CostReason: "a service that trusts who connects from the host",
		Needs: attack.All(shares(confinement.NetNS, "network")),
		Each:  loopbackServices,
		Rules: []string{"container-host-network"},
		Proof: "HostConfig.NetworkMode, and the sockets that listen on the host; nothing is connected",
		Bad:   []rule.Example{{Run: "docker run --network host alpine", Facts: loopbackDatabase}},
		Good:  []rule.Example{{Run: "docker run alpine", Facts: loopbackDatabase}, {Run: "docker run --network host alpine"}},
	}
}

// loopbackServices are the services of the host that only the host reaches.
func loopbackServices(q *attack.Query) []attack.Instance {
	var out []attack.Instance
	for _, s := range look(&out, q.Host.Services) {
		if !loopbackOnly(&s) {
			continue
		}
		what := loopbackName(&s)
		out = append(out, attack.Instance{
			To: attack.State{Kind: attack.Secret, Name: "what the host's service " + what + " gives"}, What: what,
			Origin: within(q.Host.Services, s.Address), Value: s.Program,
		})
	}
	return out
}

// loopbackName is a service by its address and its program's path.
func loopbackName(s *snapshot.Service) string {
	if s.Program == "" {
		return s.Address
	}
	return s.Address + " (" + s.Program + ")"
}

// loopbackDatabase has a database listen on the host's loopback address.
func loopbackDatabase(s *snapshot.Snapshot) {
	example.Add(&s.Host.Services, snapshot.Service{Address: "127.0.0.1:5432", Program: "/usr/lib/postgresql/17/bin/postgres", PID: 700})
}
