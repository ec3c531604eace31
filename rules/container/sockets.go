package container

import (
	"path"

	"seawall/apiproxy"
	"seawall/confinement"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// service is one of the two that can be controlled through a socket.
type service struct {
	name  string // as snapshot.ControlSocket and snapshot.Listener call it
	files []string
	// usual are its sockets where the engine's listeners are not known.
	usual []string
}

func engineService() service {
	return service{
		name:  "engine",
		files: []string{"docker.sock", "podman.sock"},
		usual: []string{"/run/docker.sock"},
	}
}

func containerdService() service {
	return service{
		name:  "containerd",
		files: []string{"containerd.sock"},
		usual: []string{"/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"},
	}
}

// reach is how a container reaches a control socket.
type reach struct {
	how      string // part of a sentence
	whole    string // the mounted host path, "" if only the kernel was seen
	readOnly bool
	cite     func(*rule.Context)
}

// reaches finds the first mount that brings a control socket of the service
// into the container: by the kernel, which compares inodes, and by what the
// settings mount.
func reaches(c *rule.Context, ctr *snapshot.Container, s service) *reach {
	p := confinement.ProcessOf(c, ctr)
	looked := false // the kernel was asked, and saw none
	if p.Runs {
		sockets, seen := p.ControlSockets.Try(c)
		looked = seen
		for _, socket := range sockets {
			if socket.Service == s.name {
				return s.byKernel(p, socket)
			}
		}
	}
	var found *reach
	hostpath.EachSetting(c, c.Engine, ctr, func(h hostpath.Mounted) {
		if found != nil {
			return
		}
		if socket := s.inside(c, h.Source, looked); socket != "" {
			found = &reach{how: h.String(), whole: h.Source, readOnly: h.ReadOnly, cite: citing(h)}
			if h.Source != socket {
				found.how = lang.Sprintf("%s, which contains %s", found.how, socket)
			}
			if looked {
				found.how = lang.Sprintf("%s; the kernel shows no live socket there now, a restart of the container brings it back", found.how)
			}
		}
	})
	return found
}

func (s service) byKernel(p confinement.Process, socket snapshot.ControlSocket) *reach {
	r := &reach{how: lang.Sprintf("%s at %s", socket.Host, socket.Path), whole: socket.Host}
	mounts, _ := p.HostMounts.Peek()
	for _, m := range mounts {
		if hostpath.Within(socket.Path, m.Destination) {
			r.whole, r.readOnly = hostpath.Clean(m.Source), m.ReadOnly
		}
	}
	if socket.Engine != "" {
		r.how = lang.Sprintf("%s (engine %s)", r.how, socket.Engine)
	}
	r.cite = func(c *rule.Context) { c.Cite(p.ControlSockets.Origin(), socket) }
	return r
}

// inside gives the control socket that a mounted host path is or contains; ""
// if none. Where the kernel saw no socket in the running container, only the
// mount of a listener's own path counts: it is the one that comes to life
// again.
func (s service) inside(c *rule.Context, source string, kernelSawNone bool) string {
	known := c.Engine.ListsAll(c)
	listeners, _ := c.Engine.Listeners.Peek()
	for i := range listeners {
		if socket := s.listens(c, &listeners[i], source, kernelSawNone); socket != "" {
			return socket
		}
	}
	if kernelSawNone {
		return ""
	}
	base := path.Base(source)
	for _, file := range s.files {
		if base == file {
			return source
		}
	}
	if known {
		return ""
	}
	for _, socket := range s.usual {
		if hostpath.Within(socket, source) {
			return socket
		}
	}
	return ""
}

// listens gives the path of the listener's socket if the source is or contains
// it or a copy of it.
func (s service) listens(c *rule.Context, l *snapshot.Listener, source string, exact bool) string {
	if l.Service != s.name {
		return ""
	}
	at := l.At(c, func(socket string) bool {
		socket = hostpath.Clean(socket)
		return socket == source || !exact && hostpath.Within(socket, source)
	})
	if at == "" {
		return ""
	}
	return hostpath.Clean(at)
}

// proxyImage gives the container's image if it is a known filtering proxy.
func proxyImage(image string) string {
	if apiproxy.Known(image) {
		return image
	}
	return ""
}

// readOnlyNote adds that a read-only mount does not help.
func (r *reach) readOnlyNote() string {
	if r.readOnly {
		return lang.T("; that the mount is read-only protects nothing, for connecting to a socket is not a write")
	}
	return ""
}

// citing makes a mount the evidence.
func citing(m hostpath.Mounted) func(*rule.Context) {
	return func(c *rule.Context) { c.Cite(m.Evidence()) }
}
