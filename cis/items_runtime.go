package cis

import (
	"fmt"
	"net"

	"seawall/lang"
	"seawall/snapshot"
)

func runtimeItems() []Recommendation {
	return []Recommendation{
		{"5.1", 1, manual, "Swarm is off unless it is needed", nil},
		{"5.2", 1, manual, "AppArmor confines each container", nil},
		{"5.3", 2, manual, "SELinux confines each container", nil},
		{"5.4", 1, manual, "Containers keep few capabilities", nil},
		{"5.5", 1, manual, "No container is privileged", nil},
		{"5.6", 1, manual, "No sensitive directory of the host is inside", nil},
		{"5.7", 1, manual, "No ssh server runs inside", nil},
		{"5.8", 1, manual, "No port below 1024 is published", nil},
		{"5.9", 1, manual, "Only needed ports are published", &Question{
			"Does each of these ports have clients outside the host?", publishedPorts}},
		{"5.10", 1, manual, "Each container has a network of its own", nil},
		{"5.11", 1, manual, "Each container's memory is limited", nil},
		{"5.12", 1, manual, "Each container's processor time is limited or weighted", nil},
		{"5.13", 1, manual, "Root file systems are read-only", nil},
		{"5.14", 1, manual, "Ports are published on one named address", nil},
		{"5.15", 1, manual, "Restarts after a failure are at most five", nil},
		{"5.16", 1, manual, "Each container has processes of its own", nil},
		{"5.17", 1, manual, "Each container has IPC of its own", nil},
		{"5.18", 1, manual, "No devices of the host are inside", nil},
		{"5.19", 1, manual, "Containers override the default ulimits where needed", &Question{
			"Do these containers need other limits than the engine's defaults, and those without an entry none?", ulimits}},
		{"5.20", 1, manual, "No mount propagates to the host", nil},
		{"5.21", 1, manual, "Each container has a host name of its own", nil},
		{"5.22", 1, manual, "System calls are filtered", nil},
		{"5.23", 2, manual, "Nobody runs exec with --privileged", &Question{
			"Search the audit log for docker exec --privileged: was it run, and by whom?", running}},
		{"5.24", 2, manual, "Nobody runs exec with --user root", &Question{
			"Search the audit log for docker exec --user root: was it run, and by whom?", running}},
		{"5.25", 1, manual, "The container's cgroup is the default, or a confirmed one", nil},
		{"5.26", 1, manual, "Programs inside gain no privileges", nil},
		{"5.27", 1, manual, "Health is checked while a container runs", nil},
		{"5.28", 1, manual, "Images are pulled fresh", &Question{
			"Are these images pulled or rebuilt before containers are made from them, rather than taken from an old cache?", imagesInUse}},
		{"5.29", 1, manual, "The number of each container's processes is limited", nil},
		{"5.30", 2, manual, "No container is on the default bridge", nil},
		{"5.31", 1, manual, "No container shares the host's user namespace", nil},
		{"5.32", 1, manual, "The engine's socket is in no container", nil},
	}
}

// containers calls look for each container. Without any there is nothing to
// judge.
func (l *Look) containers(look func(c *snapshot.Container, of string)) {
	all := 0
	l.engines(func(e *snapshot.Engine, of string) {
		list, _ := see(l, named(lang.T("containers"), of), e.Containers)
		all += len(list)
		for i := range list {
			look(&list[i], of)
		}
	})
	if all == 0 {
		l.void(lang.T("there are no containers"))
	}
}

func publishedPorts(l *Look) {
	any := false
	l.met(lang.T("no container publishes a port"))
	l.containers(func(c *snapshot.Container, of string) {
		ports, ok := see(l, named(c.Name, of), c.Ports)
		if !ok || len(ports) == 0 {
			return
		}
		any = true
		var words []string
		for _, p := range ports {
			words = append(words, fmt.Sprintf("%s → %d/%s", net.JoinHostPort(orAny(p.HostIP), orAny(p.HostPort)), p.Port, p.Protocol))
		}
		l.note(named(c.Name, of), "%s", join(words))
	})
	if any {
		l.settled = Open
	}
}

// orAny writes what the engine chooses as *.
func orAny(s string) string {
	if s == "" {
		return "*"
	}
	return s
}

func ulimits(l *Look) {
	without := 0
	l.containers(func(c *snapshot.Container, of string) {
		limits, ok := see(l, named(c.Name, of), c.Ulimits)
		switch {
		case ok && len(limits) > 0:
			l.note(named(c.Name, of), "%s", lang.Comma(limits))
		case ok:
			without++
		}
	})
	if without > 0 {
		l.note(lang.T("containers with the engine's defaults"), "%d", without)
	}
	l.engines(func(e *snapshot.Engine, of string) {
		if limits, ok := see(l, named(lang.T("defaults"), of), e.Settings.DefaultUlimits); ok {
			l.note(named(lang.T("defaults"), of), "%s", join(limits))
		}
	})
}

// running counts the containers that somebody can run a program in.
func running(l *Look) {
	up := 0
	l.void(lang.T("no container runs"))
	l.containers(func(c *snapshot.Container, _ string) {
		if _, ok := see(l, c.Name, c.State); ok && c.Running() {
			up++
		}
	})
	if up > 0 {
		l.settled = Open
		l.note(lang.T("running containers"), "%d", up)
	}
}
