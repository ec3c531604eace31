package steps

import (
	"slices"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the conditions about files that a container leaves for users of the
// host.

// dropped: a path of the host that may be written to, where what is left has its
// effect and users of the host get at it.
func dropped(off func(*hostpath.Mounted) bool) mounted {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		switch {
		case m.ReadOnly || m.Shown && off(m) || withoutFiles(m.Source):
			return attack.No
		case m.Shown && (reachedByAll(m.Source) || len(homeOwnersOf(q, m)) > 0):
			return attack.Yes
		}
		return attack.Unknown
	}
}

// withoutFiles reports whether the kernel makes the files of a path: no others can
// be left there.
func withoutFiles(source string) bool {
	return hostpath.Within(source, "/proc") || hostpath.Within(source, "/sys")
}

// reachedByAll reports whether all users get at a directory by convention.
func reachedByAll(source string) bool {
	return slices.Contains([]string{"/", "/tmp", "/var/tmp", "/dev/shm", "/home"}, source)
}

// homeOwnersOf are the users in whose homes a mount is.
func homeOwnersOf(q *attack.Query, m *hostpath.Mounted) []attack.State {
	if m.Source == "/home" || !hostpath.Within(m.Source, "/home") {
		return nil
	}
	return homeOwners(q, m)
}

// whoGetsThere is who must be had besides: the owner of the home, else any account
// of the host.
func whoGetsThere(q *attack.Query, m *hostpath.Mounted) []attack.State {
	if m != nil {
		if owners := homeOwnersOf(q, m); len(owners) > 0 {
			return owners
		}
	}
	return []attack.State{hostUser}
}

// dropInstances are the mounts, with who gets there.
func dropInstances(is mounted) func(*attack.Query) []attack.Instance {
	each := eachMount(is, whoGetsThere, whoGetsThere, readOnlyMount)
	return func(q *attack.Query) []attack.Instance {
		out := each(q)
		for i := range out {
			out[i].With, out[i].To = []attack.State{out[i].To}, attack.State{}
			if out[i].Unknown && len(out[i].Missing) == 0 {
				out[i].Missing = []rule.MissingFact{{Fact: "mode and mount options of " + out[i].What, Source: "the host", Gap: snapshot.Gap{
					Reason: snapshot.ReasonNotCollected, Detail: "whether users of the host get there, and what counts there, is not read"}}}
			}
		}
		return out
	}
}
