package apiproxy

// sections judges the filters that are configured by variables, one for each section
// of the API, and one (POST) for all that changes something. What they let through
// without any are pings, the version and events (haproxy.cfg of
// tecnativa/docker-socket-proxy; the others take the same variables).
//
// A container is made and started below /containers, which is enough for one that is
// privileged. Plugins are root on the host as soon as they are installed. A builder
// and an exec need more than their own section.
func sections(s *settings) Access {
	containers, post, plugins := s.switched("CONTAINERS", No), s.switched("POST", No), s.switched("PLUGINS", No)
	return Access{
		Order:     min(post, max(containers, plugins)),
		Services:  min(post, s.switched("SERVICES", No)),
		Ask:       containers,
		Swarm:     s.switched("SWARM", No),
		Elsewhere: Yes,
	}
}
