package cis

import (
	"path"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// The benchmark's two kinds of status.
const (
	automated = true
	manual    = false
)

func hostItems() []Recommendation {
	return []Recommendation{
		{"1.1.1", 1, manual, "Docker's data is on a partition of its own", nil},
		{"1.1.2", 1, manual, "Only trusted people can use the engine", &Question{
			"Every user named here is root on this host: is each of them meant to be?", controllers}},
		{"1.2.1", 1, manual, "The host is hardened as an operating system", &Question{
			"Has the host been hardened by a guide for its distribution, and does it run what it needs and nothing else?", machine}},
		{"1.2.2", 1, manual, "The engine's release is current", &Question{
			"Compare with the vendor's releases: is the series maintained, and is this its newest release?", versions}},
	}
}

// controllers are the accounts that can use an engine without being root.
func controllers(l *Look) {
	anyone := false
	l.engines(func(e *snapshot.Engine, of string) {
		listeners, _ := see(l, named(lang.T("sockets"), of), e.Listeners)
		e.ListsAll(l)
		for i := range listeners {
			if s := &listeners[i]; s.Service == "engine" && s.Network == "unix" {
				anyone = l.members(s) || anyone
			}
		}
	})
	users, _ := see(l, lang.T("accounts"), l.Snapshot.Host.Users)
	for i := range users {
		if sudo, ok := users[i].SudoDocker.Look(l); ok && len(sudo) > 0 {
			l.note(lang.T("sudo"), "%s may run %s as root (%s)", users[i].Name, sudo[0].Command, sudo[0].Where)
			anyone = true
		}
	}
	if !anyone {
		l.met(lang.T("nobody but root is in the group of an engine's socket, and no sudo rule names docker"))
	}
}

// members notes who is in a socket's group, and reports whether anybody is.
func (l *Look) members(s *snapshot.Listener) bool {
	file, ok := see(l, s.Address, s.Socket)
	if !ok {
		return false
	}
	group := file.Group
	if group == "" {
		group = lang.T("without a name")
	}
	names, ok := see(l, lang.Sprintf("group %s", group), s.GroupMembers)
	if !ok {
		return false
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "root" })
	l.note(lang.Sprintf("group %s", group), "%s (%s)", join(names), s.Address)
	return len(names) > 0 || file.UID != 0 || file.Mode&0o007 != 0 || len(file.ACL) > 0
}

func machine(l *Look) {
	h := &l.Snapshot.Host
	if system, ok := see(l, lang.T("distribution"), h.OS); ok {
		l.note(lang.T("distribution"), "%s", system.Name)
	}
	if kernel, ok := see(l, lang.T("kernel"), h.Kernel); ok {
		l.note(lang.T("kernel"), "%s", kernel)
	}
	if modules, ok := see(l, lang.T("security modules"), h.LSMs); ok {
		l.note(lang.T("security modules"), "%s", join(modules))
	}
	if services, ok := see(l, lang.T("listening services"), h.Services); ok {
		var names []string
		for _, s := range services {
			names = append(names, lang.Sprintf("%s on %s", path.Base(s.Program), s.Address))
		}
		l.note(lang.T("listening services"), "%s", join(names))
	}
}

func versions(l *Look) {
	l.engines(func(e *snapshot.Engine, of string) {
		if version, ok := see(l, named(lang.T("engine"), of), e.Version); ok {
			l.note(named(lang.T("engine"), of), "%s", version)
		}
		components, _ := see(l, named(lang.T("components"), of), e.Components)
		var names []string
		for _, c := range components {
			if c.Name != "Engine" {
				names = append(names, c.Name+" "+c.Version)
			}
		}
		if len(names) > 0 {
			l.note(named(lang.T("components"), of), "%s", join(names))
		}
	})
}
