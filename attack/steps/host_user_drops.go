package steps

import (
	"slices"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps that take root in a container and an account of the host
// together: the container leaves a file that the account uses.

// hostUser is the state of who has any account of the host.
var hostUser = attack.State{Kind: attack.LocalUser, Name: "of the host"}

func anyHostUser() *attack.Step {
	return &attack.Step{
		ID: "any-local-user", Title: "Be some user of the host",
		Why:  "For what every account of the host can do it does not matter which it is.",
		At:   rule.KindUser,
		From: attack.LocalUser, ATTACK: "T1078.003", Cost: 0, CostReason: "nothing to do",
		Each: func(q *attack.Query) []attack.Instance {
			return []attack.Instance{{To: hostUser, Origin: q.Host.Users.Origin(), Value: q.User.Name}}
		},
		Proof:     "the list of accounts",
		Permanent: "An account is an account.",
		Bad:       []rule.Example{{Run: "docker run alpine"}},
		Good:      []rule.Example{{Run: "docker run alpine", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.Users, []snapshot.User(nil)) })}},
	}
}

func suidDropViaBind() *attack.Step {
	is := dropped(func(m *hostpath.Mounted) bool { return m.NoSUID })
	return &attack.Step{
		ID: "suid-drop-via-bind", Title: "Leave a setuid program for a user of the host",
		Why:  "A program that root in the container makes setuid in a directory of the host runs as root for the user who starts it there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1548.001", Cost: 2, CostReason: "a file written, and an account of the host",
		Needs: attack.All(has("it can write to a path of the host where setuid counts", is), hostRoot(), noLabel()),
		Each:  dropInstances(is),
		Proof: "mountinfo of its process: mode and options of the mount; nothing is written",
		Bad: []rule.Example{
			{Run: "docker run -v /home/alice/project:/x alpine", Facts: shownTo([]snapshot.HostMount{{Source: "/home/alice/project", Destination: "/x"}})},
			{Run: "docker run --cap-drop ALL -v /tmp:/x alpine", Facts: shownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x"}})},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run -v /tmp:/x:ro alpine"}, {Run: "docker run -v /tmp:/x alpine", Facts: remappedHost}, {Run: "docker run -v /tmp:/x alpine", Facts: labelled},
			{Run: "docker run -v /tmp:/x alpine", Facts: shownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x", NoSUID: true}})},
		},
	}
}

func deviceNodeDrop() *attack.Step {
	is := dropped(func(m *hostpath.Mounted) bool { return m.NoDev })
	return &attack.Step{
		ID: "device-node-drop-mknod", Title: "Leave a node of the host's disk for a user of the host",
		Why:  "The container may make the node and not open it; the user of the host, whom no device list binds, opens it and reads and writes the disk.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a node made, and an account of the host",
		Needs: attack.All(has("it can write to a path of the host where device nodes count", is), holds("MKNOD"), hostRoot(), noLabel()),
		Each:  dropInstances(is),
		Proof: "mountinfo of its process, and CapBnd; no node of a disk is made",
		Bad:   []rule.Example{{Run: "docker run -v /home/alice/project:/x alpine", Facts: shownTo([]snapshot.HostMount{{Source: "/home/alice/project", Destination: "/x"}})}},
		Good: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run -v /tmp:/x:ro alpine"}, {Run: "docker run --cap-drop MKNOD -v /tmp:/x alpine"}, {Run: "docker run -v /tmp:/x alpine", Facts: remappedHost},
			{Run: "docker run -v /tmp:/x alpine", Facts: shownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x", NoDev: true}})},
		},
	}
}

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
