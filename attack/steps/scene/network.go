package scene

import (
	"slices"

	"seawall/rule/example"
	"seawall/snapshot"
)

// LoopbackDatabase has a database listen on the host's loopback address.
func LoopbackDatabase(s *snapshot.Snapshot) {
	example.Add(&s.Host.Services, snapshot.Service{Address: "127.0.0.1:5432", Program: "/usr/lib/postgresql/17/bin/postgres", PID: 700})
}

// BesideHostService is a container that runs, and services of the host.
func BesideHostService(services ...snapshot.Service) func(*snapshot.Snapshot) {
	return example.Together(example.Host(func(h *snapshot.Host) { example.Add(&h.Services, services...) }),
		example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}))
}

// ICC sets whether containers on a network reach each other.
func ICC(network string, on bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		networks, _ := e.Networks.Peek()
		changed := slices.Clone(networks)
		for i := range changed {
			if changed[i].Name == network {
				example.Set(&changed[i].ICC, on)
			}
		}
		example.Set(&e.Networks, changed)
	})
}
