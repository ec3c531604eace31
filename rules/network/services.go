package network

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// perService asks a question of every service of the swarm: fault names what is
// wrong with one in a few words, "" if nothing is. What says what is wrong with
// those named, fine what holds for the others.
func perService(what, fine string, fault func(*snapshot.SwarmService) string) func(*rule.Context, *snapshot.Swarm) rule.Answer {
	return func(c *rule.Context, s *snapshot.Swarm) rule.Answer {
		if !s.Manager {
			return c.NotApplicable("the node is a worker")
		}
		services, _ := s.Services.Look(c)
		var found []string
		for i := range services {
			if words := fault(&services[i]); words != "" {
				found = append(found, services[i].Name+" ("+words+")")
			}
		}
		c.Cite(s.Services.Origin(), found)
		switch {
		case len(found) > 0:
			return c.Fail("%s: %s", what, list(found, 8))
		case len(services) == 0:
			return c.NotApplicable("the swarm has no services")
		}
		return c.Pass("%s", fine)
	}
}

// withService is a swarm with one service.
func withService(spec snapshot.ServiceSpec) func(*snapshot.Snapshot) {
	return swarm(func(s *snapshot.Swarm) {
		example.Set(&s.Services, []snapshot.SwarmService{{Name: "web", Image: "nginx:1", ServiceSpec: spec}})
	})
}

// withMount is a swarm with one service that has a path of its node inside.
func withMount(source string, readOnly bool) func(*snapshot.Snapshot) {
	return withService(snapshot.ServiceSpec{MemoryLimit: 64 << 20, Mounts: []snapshot.ServiceMount{{Source: source, Target: "/x", ReadOnly: readOnly}}})
}

// mounts lists the mounts of a service that a test picks.
func mounts(s *snapshot.SwarmService, pick func(*snapshot.ServiceMount) string) string {
	var words []string
	for i := range s.Mounts {
		if word := pick(&s.Mounts[i]); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}
