package scene

import (
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has hosts on which several steps have examples.

// CgroupV1 gives the host control groups of version 1.
func CgroupV1(s *snapshot.Snapshot) {
	example.Set(&s.Host.CgroupVersion, 1)
	example.Set(&s.Engines[0].Settings.CgroupVersion, "1")
}

// SharedDataRoot puts the engine's data on the host's root file system.
func SharedDataRoot(s *snapshot.Snapshot) {
	example.Set(&s.Engines[0].Settings.DataRootOwnFilesystem, false)
}

// NoUserNamespaces keeps users from making user namespaces.
func NoUserNamespaces(s *snapshot.Snapshot) {
	example.Set(&s.Host.UserNamespaces, snapshot.UserNS{Supported: true})
}

// LockedDown locks the kernel down to a level.
func LockedDown(level string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.Lockdown, level) })
}
