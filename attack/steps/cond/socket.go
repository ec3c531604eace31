package cond

import (
	"slices"
	"strconv"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about sockets of the host inside a container.

// SocketKind says of a control socket inside a container whether a step takes it.
type SocketKind func(*attack.Query, *hostpath.Socket) attack.Truth

// HasSocket: a control socket of a kind is inside.
func HasSocket(says string, is SocketKind) *attack.Cond {
	return &attack.Cond{
		Says:  says,
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			found := attack.No
			q.EachSocket(q, func(s *hostpath.Socket) { found = max(found, is(q, s)) })
			return max(found, q.Whether(false))
		},
	}
}

// EachSocket makes an instance of every socket of a kind; what else ends it is
// added to the mount. One that could not be seen leads to elsewhere.
func EachSocket(is SocketKind, to func(*attack.Query, *hostpath.Socket) attack.State, more func(*attack.Query, *hostpath.Socket) []attack.Change) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		out := q.Instances()
		var w Gaps
		q.EachSocket(&w, func(s *hostpath.Socket) {
			truth := is(q, s)
			if truth == attack.No {
				return
			}
			i := attack.Instance{To: to(q, s), What: s.What, Unknown: truth == attack.Unknown, Ends: socketEnds(q, s), Origin: s.Origin, Value: s.Value, Checks: socketChecks(s)}
			if more != nil {
				i.Ends = append(i.Ends, more(q, s)...)
			}
			out = append(out, i)
		})
		if len(out) == 0 && (len(w) > 0 || q.Unseen()) {
			out = []attack.Instance{{What: lang.T("a socket that could not be seen"), Unknown: true, Missing: w}}
		}
		return out
	}
}

// socketEnds is to take the socket out, or the directory that brings it in.
func socketEnds(q *attack.Query, s *hostpath.Socket) []attack.Change {
	if s.Source == s.Host {
		return q.Changes(change.OnContainer(q, change.RemoveSocket, s.Host))
	}
	return q.Changes(change.OnContainer(q, change.RemoveMount, s.Source))
}

// Controls is the engine that a socket controls: the container's own if it is of
// none that is known.
func Controls(q *attack.Query, s *hostpath.Socket) attack.State {
	if s.Engine == nil {
		return q.State(attack.EngineControl)
	}
	return attack.State{Kind: attack.EngineControl, Engine: s.Engine.Name}
}

// OfService: a socket through which a service takes orders.
func OfService(name string) SocketKind {
	return func(_ *attack.Query, s *hostpath.Socket) attack.Truth { return attack.Sure(s.Service == name) }
}

// GroupOpens: the container's user is in a group that may open the socket.
func GroupOpens(q *attack.Query, s *hostpath.Socket) attack.Truth {
	if s.Service != "engine" {
		return attack.No
	}
	file, known := SocketFile(q, s)
	switch groups, all := groupsOf(q); {
	case !known:
		return attack.Unknown
	case file.Mode&0o020 == 0:
		return attack.No
	case slices.Contains(groups, file.GID):
		return attack.Yes
	case !all:
		return attack.Unknown
	}
	return attack.No
}

// EveryoneOpens: every user may open the socket.
func EveryoneOpens(q *attack.Query, s *hostpath.Socket) attack.Truth {
	if s.Service != "engine" {
		return attack.No
	}
	file, known := SocketFile(q, s)
	if !known {
		return attack.Unknown
	}
	return attack.Sure(file.Mode&0o002 != 0)
}

// SocketFile is the file of the engine's socket, with its owner and mode; false if it
// was not seen.
func SocketFile(q *attack.Query, s *hostpath.Socket) (snapshot.File, bool) {
	if s.Listener == nil {
		return snapshot.File{}, false
	}
	return s.Listener.Socket.Try(q)
}

// groupsOf are the groups that the container's user is in by number, and whether
// these are all: what a name stands for is written in the image.
func groupsOf(q *attack.Query) (groups []int, all bool) {
	added, known := q.Container.GroupAdd.Try(q)
	user, named := q.Container.User.Try(q)
	all = known && named
	_, primary, ok := strings.Cut(user, ":")
	if ok {
		added = append(added[:len(added):len(added)], primary)
	}
	for _, g := range added {
		n, err := strconv.Atoi(g)
		if err != nil {
			all = false
			q.Missed(q.Container.GroupAdd.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("group %s is numbered in the image's /etc/group", g), Remedy: lang.T("name the group by number")})
			continue
		}
		groups = append(groups, n)
	}
	return groups, all
}

// ServicesInside: a socket of another service of the host, or a directory where some
// are, is inside. It spares containers without the questions of each.
func ServicesInside() *attack.Cond {
	return HasMount("it has a place of sockets of the host's services inside", func(_ *attack.Query, m *hostpath.Mounted) attack.Truth {
		_, is := hostplace.ServiceOf(m.Source)
		_, may := hostplace.ServiceWithin(m.Source, "")
		return attack.Sure(is || may)
	})
}

// OfServiceKind: the socket of a service, or the directory of some. Whether it is
// below a directory that may hold others is not read. The whole of /run has a step
// of its own.
func OfServiceKind(kind hostplace.ServiceKind) MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if s, is := hostplace.ServiceOf(m.Source); is {
			return attack.Sure(s.Kind == kind)
		}
		s, may := hostplace.ServiceWithin(m.Source, kind)
		if !may || WholeRun(q, m) == attack.Yes {
			return attack.No
		}
		q.Missed(m.Origin, snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.Sprintf("whether a socket of %s is below %s is not read", s.Name, m.Source), Remedy: lang.T("look for it with ls")})
		return attack.Unknown
	}
}

// WholeRun: the mount is of the whole of /run, or holds it.
func WholeRun(_ *attack.Query, m *hostpath.Mounted) attack.Truth {
	return attack.Sure(m.Source == "/run" || m.Source == "/")
}
