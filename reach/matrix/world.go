package matrix

import (
	"net/netip"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach"
	"seawall/snapshot"
)

// HostName is what the machine's own network is called.
func HostName() string { return lang.T("this host") }

// world is the network namespaces of a snapshot and who is in them.
type world struct {
	snap  *snapshot.Snapshot
	net   *reach.Net
	names map[uint64]string // of the namespaces that were asked for
	// numbers are those namespaces by their names, stacks what was read of them.
	numbers map[string]uint64
	stacks  map[uint64]snapshot.NetStack
	// links are the addresses of the interfaces of namespaces, in their order.
	links map[uint64][]link
	// hosts are the namespaces of the machine and of engines.
	hosts      []uint64
	containers []container
}

// container is one that runs.
type container struct {
	Member
	engine    *snapshot.Engine
	c         *snapshot.Container
	namespace uint64 // 0: not known
}

func newWorld(s *snapshot.Snapshot) *world {
	w := &world{snap: s, names: map[uint64]string{}, numbers: map[string]uint64{}, stacks: map[uint64]snapshot.NetStack{}, links: map[uint64][]link{}}
	for _, n := range s.Net {
		w.stacks[n.Namespace], _ = n.Stack.Peek()
		if n.Host {
			w.addHost(&n, nil)
		}
	}
	for i := range s.Engines {
		if e := &s.Engines[i]; e.Local {
			if own := s.NetSpace(engineSpace(e)); own != nil {
				w.addHost(own, e)
			}
			w.addContainers(e)
		}
	}
	w.build()
	for number, stack := range w.stacks {
		for _, i := range stack.Interfaces {
			for _, p := range addressesOf(i) {
				w.links[number] = append(w.links[number], link{i.Name, i.Loopback, p})
			}
		}
	}
	return w
}

// link is an address of an interface.
type link struct {
	name     string
	loopback bool
	netip.Prefix
}

// engineSpace is the number of the namespace of an engine; 0 where not known.
func engineSpace(e *snapshot.Engine) uint64 {
	p, _ := e.Daemon.Process.Peek()
	return p.Namespaces["net"]
}

func (w *world) addHost(n *snapshot.NetSpace, e *snapshot.Engine) {
	if !slices.Contains(w.hosts, n.Namespace) {
		w.hosts = append(w.hosts, n.Namespace)
		w.names[n.Namespace] = nameOf(n, e)
	}
}

// nameOf is what the namespace of the machine, or of an engine, is called.
func nameOf(n *snapshot.NetSpace, e *snapshot.Engine) string {
	if n.Host {
		return HostName()
	}
	return lang.Sprintf("the network of %s", e.Name)
}

func (w *world) addContainers(e *snapshot.Engine) {
	containers, _ := e.Containers.Peek()
	for i := range containers {
		c := &containers[i]
		if !c.Running() {
			continue
		}
		p, _ := c.Process.Peek()
		spaces, _ := p.Namespaces.Peek()
		w.containers = append(w.containers, container{
			Member: Member{Engine: e.Name, Name: c.Name, Project: c.Project, addresses: attached(c)}, engine: e, c: c, namespace: spaces["net"].Inode,
		})
	}
}

// attached are the addresses that the engine has given to a container.
func attached(c *snapshot.Container) []netip.Addr {
	endpoints, _ := c.Networks.Peek()
	var out []netip.Addr
	for _, e := range endpoints {
		out = append(out, addressesAt(e)...)
	}
	return out
}

// addressesAt are the addresses of a container on a network.
func addressesAt(e snapshot.Endpoint) []netip.Addr {
	var out []netip.Addr
	for _, text := range []string{e.IPv4, e.IPv6} {
		text, _, _ = strings.Cut(text, "/")
		if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// build names the namespaces of containers, each once, and makes the world that
// connections are followed in.
func (w *world) build() {
	taken := map[string]bool{}
	for _, namespace := range w.hosts {
		taken[w.names[namespace]] = true
	}
	var world reach.World
	for at, namespace := range w.hosts {
		space := reach.Space{Name: w.names[namespace], Stack: w.snap.NetSpace(namespace).Stack}
		if at == 0 {
			world.Host = space
		} else {
			world.Containers = append(world.Containers, space)
		}
	}
	for _, c := range w.containers {
		space := w.snap.NetSpace(c.namespace)
		if space == nil || w.names[c.namespace] != "" {
			continue
		}
		name := c.Name
		if taken[name] {
			name = lang.Sprintf("%s of %s", name, c.Engine)
		}
		taken[name] = true
		w.names[c.namespace] = name
		world.Containers = append(world.Containers, reach.Space{Name: name, Stack: space.Stack})
	}
	for number, name := range w.names {
		w.numbers[name] = number
	}
	w.net = reach.New(world)
}

// isHost says whether a namespace is that of the machine or of an engine.
func (w *world) isHost(namespace uint64) bool { return slices.Contains(w.hosts, namespace) }

// gaps are what of the namespaces could not be read.
func (w *world) gaps() []Gap {
	var out []Gap
	for _, n := range w.snap.Net {
		stack, ok := n.Stack.Peek()
		switch {
		case !ok:
			out = append(out, Gap{w.names[n.Namespace], n.Stack.Gap()})
		case stack.Filter.State() != snapshot.Seen:
			out = append(out, Gap{w.names[n.Namespace], stack.Filter.Gap()})
		}
	}
	return out
}

// addressesOf are the addresses of an interface with their prefixes, without
// link-local ones.
func addressesOf(i snapshot.NetInterface) []netip.Prefix {
	var out []netip.Prefix
	for _, a := range i.Addresses {
		if p, err := netip.ParsePrefix(a); err == nil && !p.Addr().IsLinkLocalUnicast() {
			out = append(out, p)
		}
	}
	return out
}

// list puts names in a sentence, no more than three.
func list(names []string) string {
	const most = 3
	if len(names) > most {
		return lang.Comma(names[:most]) + lang.Sprintf(" and %d more", len(names)-most)
	}
	return lang.Comma(names)
}
