package cond

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
)

// This file has the conditions about what the host's kernel and file systems let a
// container reach.

// UserNamespaces: ordinary users may make user namespaces.
func UserNamespaces() *attack.Cond {
	return &attack.Cond{
		Says: "any user may make a user namespace",
		Ask: func(q *attack.Query) attack.Truth {
			u, known := q.Host.UserNamespaces.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(u.Supported && u.Unprivileged)
		},
		Ends: func(*attack.Query) []attack.Change {
			return []attack.Change{{Kind: change.Sysctl, Subject: "user.max_user_namespaces", Detail: "0"}}
		},
	}
}

// DataRootShared: the engine's data lie on a file system with other files of the
// host.
func DataRootShared() *attack.Cond {
	return &attack.Cond{
		Says:  "the engine's data are not on a file system of their own",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			return attack.Not(q.Is(q.Engine.Settings.DataRootOwnFilesystem))
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnEngine(q, change.SeparateDataRoot))
		},
	}
}

// DataRootApart: the engine's data lie on a file system of their own.
func DataRootApart() *attack.Cond {
	return &attack.Cond{
		Says:  "the engine's data are on a file system of their own",
		Check: AsRead,
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Engine.Settings.DataRootOwnFilesystem) },
	}
}

// MountsHostPath: the container has a path of the host inside. A change ends that
// where it is the only one.
func MountsHostPath() *attack.Cond {
	return &attack.Cond{
		Says:  "it has files of the host inside",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			found := false
			hostpath.EachSetting(q, q.Engine, q.Container, func(hostpath.Mounted) { found = true })
			return q.Whether(found)
		},
		Ends: func(q *attack.Query) []attack.Change {
			var sources []string
			hostpath.EachSetting(q, q.Engine, q.Container, func(m hostpath.Mounted) { sources = append(sources, m.Source) })
			if len(sources) != 1 {
				return nil
			}
			return q.Changes(change.OnContainer(q, change.RemoveMount, sources[0]))
		},
	}
}

// NoLockdown: the kernel lets root change it.
func NoLockdown() *attack.Cond {
	return lockdown("the kernel is not locked down", "integrity", "confidentiality")
}

// MemoryReadable: the kernel lets root read its memory.
func MemoryReadable() *attack.Cond {
	return lockdown("the kernel's memory may be read", "confidentiality")
}

// lockdown: the kernel's lockdown is none of the levels, of which the first
// suffices.
func lockdown(says string, levels ...string) *attack.Cond {
	return &attack.Cond{
		Says:  says,
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			level, known := q.Host.Lockdown.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(!slices.Contains(levels, level))
		},
		Ends: func(*attack.Query) []attack.Change {
			return []attack.Change{{Kind: change.LockDown, Detail: levels[0]}}
		},
	}
}
