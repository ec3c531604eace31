package livehost

import (
	"slices"

	"seawall/snapshot"
)

// markAuditor notes which container this process runs in, if it is one of the
// engine's. It is judged like the others.
func markAuditor(m Machine, e *snapshot.Engine) {
	containers, _ := e.Containers.Peek()
	own := ownContainers(m)
	for i := range containers {
		containers[i].Auditor = own[containers[i].ID]
	}
}

// ownContainers are the ids that this process's cgroups name and, where a cgroup
// namespace hides them, the mounts: engines mount files that they keep in a
// directory named by the container at these places.
func ownContainers(m Machine) map[string]bool {
	out := map[string]bool{}
	if id := containerOf(m, selfPID(m)); id != "" {
		out[id] = true
	}
	tree, err := m.tree("/proc/self/mountinfo")
	if err != nil {
		return out
	}
	for _, mount := range tree.Mounts {
		if !slices.Contains([]string{"/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}, mount.Point) {
			continue
		}
		if match := containerID.FindStringSubmatch(mount.Root); match != nil {
			out[match[1]] = true
		}
	}
	return out
}

// nameHost takes the host's name from an engine that shares the host's UTS
// namespace, where this process does not.
func nameHost(s *snapshot.Snapshot) {
	if s.Host.Name.State() != snapshot.Unreadable {
		return
	}
	for i := range s.Engines {
		e := &s.Engines[i]
		daemon, _ := e.Daemon.Process.Peek()
		name, ok := e.Settings.ServerName.Peek()
		if ok && daemon.Namespaces != nil && !slices.Contains(daemon.OwnNamespaces, "uts") {
			s.Host.Name = snapshot.See(name, e.Settings.ServerName.Origin())
			return
		}
	}
}
