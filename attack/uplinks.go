package attack

import (
	"slices"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

// UplinkOf is a network of containers with the sources of the matrix that send by
// it.
type UplinkOf struct {
	State   State
	Sources []int
}

// Uplinks are the networks of containers that run, in the order of their states. One
// without a name stands for the networks of containers of which they are not known.
func (s *Site) Uplinks() []UplinkOf { return s.surroundings.uplinks() }

// UplinksOf are the networks that a container is on, as far as they are known.
func (s *Site) UplinksOf(c State) []State {
	var out []State
	for _, n := range s.surroundings.networks()[container{c.Engine, c.Name}] {
		out = append(out, State{Uplink, c.Engine, n})
	}
	return out
}

// InHostNetwork are the containers that use the network of the host, or may.
func (s *Site) InHostNetwork() []State { return s.surroundings.hostNetwork() }

func inHostNetwork(s *snapshot.Snapshot) []State {
	var out []State
	for i := range s.Engines {
		e := &s.Engines[i]
		containers, _ := e.Containers.Peek()
		for j := range containers {
			mode, known := containers[j].NetworkMode.Peek()
			if e.Local && (mode == "host" || !known) {
				out = append(out, State{Container, e.Name, containers[j].Name})
			}
		}
	}
	return out
}

func newUplinks(m *matrix.Matrix, networks map[container][]string) []UplinkOf {
	found := map[State][]int{}
	for i := range m.Sources {
		source := &m.Sources[i]
		if source.Kind != matrix.Containers {
			continue
		}
		for _, member := range source.Members {
			on := networks[container{member.Engine, member.Name}]
			if len(on) == 0 {
				on = source.Networks // that of another container, which it has joined
			}
			for _, n := range on {
				at := State{Uplink, member.Engine, n}
				if list := found[at]; len(list) == 0 || list[len(list)-1] != i {
					found[at] = append(list, i)
				}
			}
		}
	}
	var out []UplinkOf
	for at, sources := range found {
		out = append(out, UplinkOf{at, sources})
	}
	slices.SortFunc(out, func(a, b UplinkOf) int { return a.State.Compare(b.State) })
	return out
}

// networksOfContainers are the networks of the containers of this machine; "" is for
// one that is not known.
func networksOfContainers(s *snapshot.Snapshot) map[container][]string {
	out := map[container][]string{}
	for i := range s.Engines {
		e := &s.Engines[i]
		containers, _ := e.Containers.Peek()
		for j := range containers {
			c := &containers[j]
			at := container{e.Name, c.Name}
			endpoints, known := c.Networks.Peek()
			if !known {
				out[at] = []string{""}
			}
			for _, p := range endpoints {
				out[at] = append(out[at], p.Network)
			}
		}
	}
	return out
}
