package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about control groups and the limits they set.

// CgroupV1: the host has control groups of version 1.
func CgroupV1() *attack.Cond {
	return &attack.Cond{
		Says:  "the host has control groups of version 1",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			version, known := q.Host.CgroupVersion.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(version == 1)
		},
		Ends: func(*attack.Query) []attack.Change { return []attack.Change{{Kind: change.CgroupV2}} },
	}
}

// HostCgroups: the container is in the host's control group namespace, so that it
// sees the root of each hierarchy. Without an option an engine on version 1 puts it
// there, unless its own default says otherwise, which nobody reads.
func HostCgroups() *attack.Cond {
	return &attack.Cond{
		Says:  "it sees the host's control groups",
		Check: Shows(attack.Check{Kind: attack.SharesNamespace, Name: string(confinement.CgroupNS)}),
		Ask: func(q *attack.Query) attack.Truth {
			mode, known := q.Container.CgroupnsMode.Try(q)
			if known && mode == "" {
				q.Missed(q.Container.CgroupnsMode.Origin(), snapshot.Gap{
					Reason: snapshot.ReasonUnresolved, Detail: lang.T("the engine's default decides"), Remedy: lang.T("set the mode, or audit while the container runs"),
				})
			}
			return q.Whether(confinement.Namespace(q, q.Engine, q.Container, confinement.CgroupNS).Host)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.OwnNamespace, "cgroupns"))
		},
	}
}

// NoMemoryLimit: nothing limits the container's memory.
func NoMemoryLimit() *attack.Cond {
	return &attack.Cond{
		Says: "its memory is not limited",
		Ask:  func(q *attack.Query) attack.Truth { return unlimited(q, q.Container.Memory) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.LimitMemory, ""))
		},
	}
}

// NoPidsLimit: nothing limits how many processes the container has.
func NoPidsLimit() *attack.Cond {
	return &attack.Cond{
		Says: "the number of its processes is not limited",
		Ask:  func(q *attack.Query) attack.Truth { return unlimited(q, q.Container.PidsLimit) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.LimitPids, ""))
		},
	}
}

// unlimited says whether a limit is missing. The limits of a control group that
// the container was put below are not read.
func unlimited(q *attack.Query, limit snapshot.Fact[int64]) attack.Truth {
	value, known := limit.Try(q)
	switch {
	case known && value > 0:
		return attack.No
	case !known:
		return attack.Unknown
	}
	for _, parent := range []snapshot.Fact[string]{q.Container.CgroupParent, q.Engine.Settings.CgroupParent} {
		group, known := parent.Try(q)
		if group != "" {
			q.Missed(parent.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("the limits of %s are not read", group), Remedy: lang.T("set the limits of the container itself")})
		}
		if group != "" || !known {
			return attack.Unknown
		}
	}
	return attack.Yes
}
