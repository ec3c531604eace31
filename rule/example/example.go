// Package example has the few words with which rules write examples that no
// daemon.json, run line or client configuration can say.
package example

import (
	"slices"

	"seawall/snapshot"
)

// Set gives a fact another value; it keeps saying where it was read.
func Set[T any](f *snapshot.Fact[T], value T) { *f = snapshot.See(value, f.Origin()) }

// Add appends to a fact that is a list.
func Add[T any](f *snapshot.Fact[[]T], elements ...T) {
	list, _ := f.Peek()
	Set(f, append(slices.Clone(list), elements...))
}

// Engine changes the example's engine.
func Engine(change func(*snapshot.Engine)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { change(&s.Engines[0]) }
}

// Host changes the example's host.
func Host(change func(*snapshot.Host)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { change(&s.Host) }
}

// Client changes the example's client, which is root's.
func Client(change func(*snapshot.Client)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		clients, _ := s.Clients.Peek()
		changed := slices.Clone(clients)
		change(&changed[0])
		Set(&s.Clients, changed)
	}
}

// Sysctl sets a kernel setting.
func Sysctl(name, value string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.Host.Sysctls[name] = snapshot.See(value, s.Host.Sysctls[name].Origin())
	}
}

// Rootless makes the engine a rootless one of the user alice, on cgroup v2
// with systemd.
func Rootless(e *snapshot.Engine) {
	Set(&e.Settings.Rootless, true)
	process, _ := e.Daemon.Process.Peek()
	process.UID, process.User, process.Start = 1000, "alice", "rootlesskit"
	Set(&e.Daemon.Process, process)
	components, _ := e.Components.Peek()
	Set(&e.Components, append(slices.Clone(components), snapshot.Component{Name: "rootlesskit", Version: "2.3.4",
		Details: map[string]string{"NetworkDriver": "slirp4netns", "PortDriver": "slirp4netns"}}))
}

// File is a file of root:root below directories of mode 0755.
func File(role, path, kind string, mode snapshot.Mode) snapshot.File {
	return snapshot.File{Role: role, Path: path, Type: kind, Mode: mode, Owner: "root", Group: "root",
		Parents: []snapshot.File{{Path: "/", Type: "dir", Mode: 0o755, Owner: "root", Group: "root"}}}
}

// EngineFile adds a file to those that decide what the example's daemon does.
func EngineFile(f snapshot.File) func(*snapshot.Snapshot) {
	return Engine(func(e *snapshot.Engine) { Add(&e.Daemon.Files, f) })
}

// Sudo gives the example's user sudo rules, and no others.
func Sudo(rules ...snapshot.SudoRule) func(*snapshot.Snapshot) {
	return Host(func(h *snapshot.Host) {
		users, _ := h.Users.Peek()
		changed := slices.Clone(users)
		Set(&changed[0].SudoDocker, rules)
		Set(&h.Users, changed)
	})
}

// BindVolume makes a volume of the example's engine a bind of a host path.
func BindVolume(name, device string) func(*snapshot.Snapshot) {
	return Engine(func(e *snapshot.Engine) {
		volumes, _ := e.Volumes.Peek()
		for i := range volumes {
			if volumes[i].Name == name {
				volumes[i].Options = map[string]string{"type": "none", "o": "bind", "device": device}
			}
		}
	})
}
