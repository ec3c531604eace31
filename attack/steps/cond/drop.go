package cond

import (
	"slices"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the conditions about files that a container leaves for users of the
// host.

// Dropped: a path of the host that may be written to, where what is left has its
// effect and users of the host get at it.
func Dropped(off func(*hostpath.Mounted) bool) MountKind {
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
	return HomeOwners(q, m)
}

// whoGetsThere is who must be had besides: the owner of the home, else any account
// of the host.
func whoGetsThere(q *attack.Query, m *hostpath.Mounted) []attack.State {
	if m != nil {
		if owners := homeOwnersOf(q, m); len(owners) > 0 {
			return owners
		}
	}
	return q.States(HostUser)
}

// EachDrop are the mounts, with who gets there.
func EachDrop(is MountKind) func(*attack.Query) []attack.Instance {
	each := EachMount(is, whoGetsThere, whoGetsThere, change.ReadOnlyMount)
	return func(q *attack.Query) []attack.Instance {
		out := each(q)
		for i := range out {
			out[i].With, out[i].To = q.States(out[i].To), attack.State{}
			if !q.Brief() && out[i].Unknown && len(out[i].Missing) == 0 {
				out[i].Missing = []rule.MissingFact{{Fact: lang.Sprintf("mode and mount options of %s", out[i].What), Source: lang.T("the host"), Gap: snapshot.Gap{
					Reason: snapshot.ReasonNotCollected, Detail: lang.T("whether users of the host get there, and what counts there, is not read")}}}
			}
		}
		return out
	}
}

// HostUser is the state of who has any account of the host.
var HostUser = attack.State{Kind: attack.LocalUser, Name: attack.SomeUser}

// HomeOwners are the users in whose homes a mount is, or whose homes it holds. One
// whose account is not known goes by the name of the home.
func HomeOwners(q *attack.Query, m *hostpath.Mounted) []attack.State {
	var out []attack.State
	users, _ := q.Host.Users.Look(q)
	for i := range users {
		if u := &users[i]; u.Home != "" && (hostpath.Within(u.Home, m.Source) || hostpath.Within(m.Source, u.Home)) {
			out = append(out, attack.State{Kind: attack.LocalUser, Name: u.Name})
		}
	}
	if rest, ok := strings.CutPrefix(m.Source, "/home/"); ok && len(out) == 0 {
		name, _, _ := strings.Cut(rest, "/")
		out = append(out, attack.State{Kind: attack.LocalUser, Name: name})
	}
	return out
}
