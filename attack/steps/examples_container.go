package steps

import (
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has hosts on which several steps have examples.

// onCgroupV1 gives the host control groups of version 1.
func onCgroupV1(s *snapshot.Snapshot) {
	example.Set(&s.Host.CgroupVersion, 1)
	example.Set(&s.Engines[0].Settings.CgroupVersion, "1")
}

// onSharedDataRoot puts the engine's data on the host's root file system.
func onSharedDataRoot(s *snapshot.Snapshot) {
	example.Set(&s.Engines[0].Settings.DataRootOwnFilesystem, false)
}

// withoutUserNamespaces keeps users from making user namespaces.
func withoutUserNamespaces(s *snapshot.Snapshot) {
	example.Set(&s.Host.UserNamespaces, snapshot.UserNS{Supported: true})
}

// lockedDown locks the kernel down to a level.
func lockedDown(level string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.Lockdown, level) })
}
