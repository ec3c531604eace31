package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about guards of the kernel that are off, and about
// what lets a process become root inside.

// CallsOpen: the filter lets the system calls of the container's capabilities
// through, as the engine's profile does. What another profile does is not known.
func CallsOpen() *attack.Cond {
	return &attack.Cond{
		Says:  "the calls of its capabilities are not filtered",
		Check: Shows(attack.Check{Kind: attack.Unfiltered}),
		Ask: func(q *attack.Query) attack.Truth {
			own, known := q.Container.Seccomp.Try(q)
			switch {
			case !known:
				return attack.Unknown
			case own == "unconfined":
				return attack.Yes
			case own != "default":
				return profileUnread(q, q.Container.Seccomp.Origin())
			}
			profile, known := q.Engine.Settings.SeccompProfile.Try(q)
			switch {
			case !known:
				return attack.Unknown
			case profile != "builtin" && profile != "unconfined":
				return profileUnread(q, q.Engine.Settings.SeccompProfile.Origin())
			}
			return attack.Yes
		},
	}
}

// profileUnread records that it is not known what a profile of system calls allows.
func profileUnread(q *attack.Query, o snapshot.Origin) attack.Truth {
	q.Missed(o, snapshot.Gap{
		Reason: snapshot.ReasonUnresolved, Detail: lang.T("which system calls the profile lets through is not read"),
		Remedy: lang.T("use the engine's profile"),
	})
	return attack.Unknown
}

// Unmasked: the container's /proc and /sys are not masked.
func Unmasked() *attack.Cond {
	return &attack.Cond{
		Says:  "its /proc and /sys are not masked",
		Check: Shows(attack.Check{Kind: attack.WritesPath, Path: CorePattern}),
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Container.UnmaskedPaths) },
		Ends:  func(q *attack.Query) []attack.Change { return q.Changes(change.Confine(q, change.MaskPaths)) },
	}
}

// WritableCgroups: the container's control groups are mounted to be written.
func WritableCgroups() *attack.Cond {
	return &attack.Cond{
		Says:  "it may write to its control groups",
		Check: Shows(attack.Check{Kind: attack.WritesPath, Path: "/sys/fs/cgroup"}),
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Container.WritableCgroups) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.Confine(q, change.ReadOnlyCgroups))
		},
	}
}

// NotRootInside: the container's process is an ordinary user inside. It is no
// barrier that could be lifted: who is root already needs no such step.
func NotRootInside() *attack.Cond {
	return &attack.Cond{
		Says:  "its process is not root inside it",
		Check: Shows(attack.Check{Kind: attack.OrdinaryInside}),
		Ask: func(q *attack.Query) attack.Truth {
			u := q.RunsAs()
			if !u.Known {
				return attack.Unknown
			}
			return attack.Sure(!u.Root)
		},
	}
}

// NewPrivileges: programs of the container gain what their setuid bits and file
// capabilities give.
func NewPrivileges() *attack.Cond {
	return &attack.Cond{
		Says:  "its programs may gain privileges",
		Check: Shows(attack.Check{Kind: attack.GainsPrivileges}),
		Ask: func(q *attack.Query) attack.Truth {
			return q.Unless(confinement.NoNewPrivileges(q, q.Engine, q.Container).Off)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.NoNewPrivileges, ""))
		},
	}
}

// WritableRoot: the container's own files can be changed.
func WritableRoot() *attack.Cond {
	return &attack.Cond{
		Says:  "its root file system can be written",
		Check: Shows(attack.Check{Kind: attack.WritesPath, Path: "/"}),
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(q.Is(q.Container.ReadonlyRootfs)) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.ReadOnlyRoot, ""))
		},
	}
}

// CorePattern is the kernel's setting of a program for core dumps, which it runs as
// root of the host.
const CorePattern = "/proc/sys/kernel/core_pattern"
