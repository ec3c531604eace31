package steps

import (
	"seawall/attack"
	"seawall/confinement"
	"seawall/snapshot"
)

// This file has the conditions about guards of the kernel that are off, and about
// what lets a process become root inside.

// callsOpen: the filter lets the system calls of the container's capabilities
// through, as the engine's profile does. What another profile does is not known.
func callsOpen() *attack.Cond {
	return &attack.Cond{
		Says:  "the calls of its capabilities are not filtered",
		Check: shows(attack.Check{Kind: attack.Unfiltered}),
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
		Reason: snapshot.ReasonUnresolved, Detail: "which system calls the profile lets through is not read",
		Remedy: "use the engine's profile",
	})
	return attack.Unknown
}

// unmasked: the container's /proc and /sys are not masked.
func unmasked() *attack.Cond {
	return &attack.Cond{
		Says:  "its /proc and /sys are not masked",
		Check: shows(attack.Check{Kind: attack.WritesPath, Path: corePattern}),
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Container.UnmaskedPaths) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{unconfined(q, maskPaths)} },
	}
}

// writableCgroups: the container's control groups are mounted to be written.
func writableCgroups() *attack.Cond {
	return &attack.Cond{
		Says:  "it may write to its control groups",
		Check: shows(attack.Check{Kind: attack.WritesPath, Path: "/sys/fs/cgroup"}),
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Container.WritableCgroups) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{unconfined(q, readOnlyCgroups)} },
	}
}

// notRootInside: the container's process is an ordinary user inside. It is no
// barrier that could be lifted: who is root already needs no such step.
func notRootInside() *attack.Cond {
	return &attack.Cond{
		Says:  "its process is not root inside it",
		Check: shows(attack.Check{Kind: attack.OrdinaryInside}),
		Ask: func(q *attack.Query) attack.Truth {
			u := confinement.UserOf(q, q.Engine, q.Container)
			if !u.Known {
				return attack.Unknown
			}
			return attack.Sure(!u.Root)
		},
	}
}

// newPrivileges: programs of the container gain what their setuid bits and file
// capabilities give.
func newPrivileges() *attack.Cond {
	return &attack.Cond{
		Says:  "its programs may gain privileges",
		Check: shows(attack.Check{Kind: attack.GainsPrivileges}),
		Ask: func(q *attack.Query) attack.Truth {
			return q.Unless(confinement.NoNewPrivileges(q, q.Engine, q.Container).Off)
		},
		Ends: func(q *attack.Query) []attack.Change { return []attack.Change{onContainer(q, noNewPrivileges, "")} },
	}
}

// writableRoot: the container's own files can be changed.
func writableRoot() *attack.Cond {
	return &attack.Cond{
		Says:  "its root file system can be written",
		Check: shows(attack.Check{Kind: attack.WritesPath, Path: "/"}),
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(q.Is(q.Container.ReadonlyRootfs)) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{onContainer(q, readOnlyRoot, "")} },
	}
}
