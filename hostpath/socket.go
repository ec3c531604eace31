package hostpath

import (
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Socket is a control socket inside a container.
type Socket struct {
	Service string // "engine" or "containerd"
	Host    string // path on the host
	Inside  string // path in the container
	// Engine is the engine that it is of; nil if it is of none that is known.
	Engine *snapshot.Engine
	// Listener is what listens there; nil if that is not known.
	Listener *snapshot.Listener
	// Source is the host path whose mount brings it in, and What describes it.
	Source, What string
	Origin       snapshot.Origin
	Value        any
}

// EachSocket calls visit once for every control socket of the host's engines
// inside the container: those that the kernel shows of a running process, else
// those that what the settings mount is or contains. What is not seen is recorded
// as by [Inside].
func EachSocket(w snapshot.Witness, s *snapshot.Snapshot, e *snapshot.Engine, c *snapshot.Container, visit func(Socket)) {
	p, _ := c.Process.Peek()
	if sockets, _ := p.ControlSockets.Peek(); p.ControlSockets.State() == snapshot.Seen {
		for i := range sockets {
			visit(shownSocket(s, &p, &sockets[i]))
		}
		return
	}
	mounts := false
	EachSetting(w, e, c, func(m Mounted) {
		mounts = true
		eachIn(w, s, m, visit)
	})
	switch {
	case !mounts || c.Process.State() == snapshot.Absent:
	case c.Process.State() == snapshot.Seen:
		p.ControlSockets.Try(w)
	default:
		c.Process.Try(w)
	}
}

func shownSocket(s *snapshot.Snapshot, p *snapshot.Process, c *snapshot.ControlSocket) Socket {
	out := Socket{Service: c.Service, Host: Clean(c.Host), Inside: c.Path, Source: Clean(c.Host), What: lang.Sprintf("%s at %s", c.Host, c.Path), Origin: p.ControlSockets.Origin(), Value: *c}
	mounts, _ := p.HostMounts.Peek()
	for i := range mounts {
		if Within(c.Path, mounts[i].Destination) {
			out.Source = Clean(mounts[i].Source)
		}
	}
	for i := range s.Engines {
		e := &s.Engines[i]
		listeners, _ := e.Listeners.Peek()
		at := slices.IndexFunc(listeners, func(l snapshot.Listener) bool {
			return l.Network == "unix" && l.Service == c.Service && Clean(l.Address) == out.Host
		})
		if at >= 0 || e.Name == c.Engine {
			out.Engine = e
		}
		if at >= 0 {
			out.Listener = &listeners[at]
			return out
		}
	}
	return out
}

// eachIn visits the sockets of all engines that a mounted host path is or
// contains.
func eachIn(w snapshot.Witness, s *snapshot.Snapshot, m Mounted, visit func(Socket)) {
	s.AllEngines.Look(w)
	for i := range s.Engines {
		e := &s.Engines[i]
		e.ListsAll(w)
		listeners, _ := e.Listeners.Peek()
		for j := range listeners {
			l := &listeners[j]
			if at := l.At(w, func(socket string) bool { return Within(Clean(socket), m.Source) }); at != "" {
				o, value := m.Evidence()
				inside := path.Join(m.Destination, strings.TrimPrefix(Clean(at), m.Source))
				visit(Socket{Service: l.Service, Host: Clean(at), Inside: inside, Engine: e, Listener: l, Source: m.Source, What: m.String(), Origin: o, Value: value})
			}
		}
	}
}
