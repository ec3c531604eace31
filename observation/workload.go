package observation

import (
	"net/netip"

	"seawall/snapshot"
)

// Of is what was seen of a container: under its id, and of those that were there before
// it under the same name and image, or as the same service of a Compose project, on this
// host. It is nil if there is nothing.
func (o *Observation) Of(host string, c *snapshot.Container) *Container {
	if o == nil {
		return nil
	}
	var out *Container
	for i := range o.Containers {
		x := &o.Containers[i]
		if (x.ID == "" || x.ID != c.ID) && (o.Host.Name != host || !sameWorkload(x, c)) {
			continue
		}
		if out == nil {
			out = x
			continue
		}
		out = new(Join(*out, *x))
	}
	return out
}

// sameWorkload reports whether a container was made for the same purpose, from the same
// image.
func sameWorkload(x *Container, c *snapshot.Container) bool {
	image, _ := c.Image.Peek()
	if image == "" || x.Image != image {
		return false
	}
	if c.Service != "" {
		return x.Service == c.Service && x.Project == c.Project
	}
	return x.Name == c.Name && x.Service == ""
}

// Listened are the ports that were listened on, each once.
func (c *Container) Listened() []snapshot.Listened {
	var out []snapshot.Listened
	known := map[snapshot.Listened]bool{}
	for _, s := range c.Sockets {
		at, err := netip.ParseAddrPort(s.Address)
		if s.Kind != Listen || err != nil {
			continue
		}
		port := snapshot.Listened{Protocol: s.Protocol, Port: int(at.Port()), Loopback: at.Addr().IsLoopback()}
		if !known[port] {
			known[port] = true
			out = append(out, port)
		}
	}
	return out
}

// FilesKnown reports whether all that it changed outside of volumes is among Written, of
// the time that it was watched.
func (c *Container) FilesKnown() bool {
	w := c.Watched
	return w.Recorded > 0 && w.Recorded == w.Starts+w.Joined && c.Lost.Files == 0
}

// SocketsKnown reports whether its open sockets were looked at in each run, and none was
// lost: then UDP ports are known, and those that were open before the watch.
func (c *Container) SocketsKnown() bool {
	w := c.Watched
	return w.Looked > 0 && w.Looked == w.Starts+w.Joined && c.Lost.Sockets == 0
}
