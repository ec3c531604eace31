package reach

import (
	"net/netip"
	"slices"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// World is the network namespaces of a host that runs containers.
type World struct {
	// Host is the namespace of the engine.
	Host Space
	// Containers are those of the containers. Some may share one, also that of
	// the host.
	Containers []Space
}

// Space is a network namespace by the name of who is in it, which nobody else
// in the world has.
type Space struct {
	Name  string
	Stack snapshot.Fact[snapshot.NetStack]
}

// Net is a world, ready to be asked. Learn and Questions change it; otherwise
// it may be used by several goroutines at once.
type Net struct {
	host   *space
	byName map[string]*space
	spaces map[uint64]*space // by the number of the namespace
}

// space is a namespace.
type space struct {
	name   string
	gap    string // why nothing is known of it
	stack  snapshot.NetStack
	filter *filter.Filter // nil: it was not read
	own    []netip.Addr
	single map[familyOf]netip.Addr
	routes map[question]snapshot.NetRoute
}

// question is what a route is asked for by.
type question struct {
	in                  string
	source, destination netip.Addr // no source: the kernel chooses
	mark                uint32
}

// New prepares a world, with the routes that its namespaces hold.
func New(w World) *Net {
	n := &Net{byName: map[string]*space{}, spaces: map[uint64]*space{}}
	n.host = n.add(w.Host)
	n.byName[w.Host.Name] = n.host
	for _, s := range w.Containers {
		n.byName[s.Name] = n.add(s)
	}
	return n
}

func (n *Net) add(s Space) *space {
	stack, ok := s.Stack.Peek()
	if !ok || s.Stack.State() == snapshot.Absent {
		return &space{name: s.Name, gap: words("the network of "+s.Name, s.Stack.Gap())}
	}
	if known := n.spaces[stack.Namespace]; known != nil {
		n.Learn(stack.Namespace, stack.Routes)
		return known
	}
	out := &space{name: s.Name, stack: stack, single: singles(stack.Interfaces), routes: map[question]snapshot.NetRoute{}}
	if rules, ok := stack.Filter.Peek(); ok {
		out.filter = filter.Compile(rules)
	}
	for _, i := range stack.Interfaces {
		for _, a := range i.Addresses {
			if p, err := netip.ParsePrefix(a); err == nil {
				out.own = append(out.own, p.Addr())
			}
		}
	}
	n.spaces[stack.Namespace] = out
	n.Learn(stack.Namespace, stack.Routes)
	return out
}

// words says why something is not known.
func words(what string, g snapshot.Gap) string {
	if g.Detail == "" {
		return what + " could not be read"
	}
	return what + " could not be read: " + g.Detail
}

// Learn adds the kernel's answers for a namespace.
func (n *Net) Learn(namespace uint64, routes []snapshot.NetRoute) {
	s := n.spaces[namespace]
	if s == nil {
		return
	}
	for _, r := range routes {
		destination, err := netip.ParseAddr(r.Destination)
		if err != nil {
			continue
		}
		source, _ := netip.ParseAddr(r.Source) // "": the kernel chooses
		s.routes[question{r.In, source, destination, r.Mark}] = r
	}
}

// Route is the kernel's answer about what is sent from a namespace to an address;
// false where it was not asked.
func (n *Net) Route(name string, to netip.Addr) (snapshot.NetRoute, bool) {
	s := n.byName[name]
	if s == nil {
		return snapshot.NetRoute{}, false
	}
	route, ok := s.routes[question{destination: to}]
	return route, ok
}

// Asked says whether the kernel of a namespace has answered a question.
func (n *Net) Asked(name string, q snapshot.NetRoute) bool {
	s := n.byName[name]
	if s == nil {
		return false
	}
	destination, _ := netip.ParseAddr(q.Destination)
	source, _ := netip.ParseAddr(q.Source) // "": the kernel chooses
	_, ok := s.routes[question{q.In, source, destination, q.Mark}]
	return ok
}

// link is an interface by its name.
func (s *space) link(name string) (snapshot.NetInterface, bool) {
	return s.find(func(i snapshot.NetInterface) bool { return i.Name == name })
}

func (s *space) find(is func(snapshot.NetInterface) bool) (snapshot.NetInterface, bool) {
	if at := slices.IndexFunc(s.stack.Interfaces, is); at >= 0 {
		return s.stack.Interfaces[at], true
	}
	return snapshot.NetInterface{}, false
}

// has says whether an address is one of the namespace: it answers for it.
func (s *space) has(a netip.Addr) bool { return slices.Contains(s.own, a) }

// otherEnd is the other end of a veth; nil where its namespace was not read.
func (n *Net) otherEnd(i snapshot.NetInterface) (*space, snapshot.NetInterface) {
	s := n.spaces[i.PeerNamespace]
	if i.Kind != "veth" || s == nil {
		return nil, snapshot.NetInterface{}
	}
	peer, ok := s.find(func(p snapshot.NetInterface) bool { return p.Index == i.Peer })
	if !ok {
		return nil, peer
	}
	return s, peer
}

// next is where a frame for a neighbour comes to.
type next struct {
	port  snapshot.NetInterface // of the bridge that it leaves by, if it is one
	space *space                // nil: not known, and why
	at    snapshot.NetInterface
	why   string
}

// beyond finds the neighbour of a namespace that has an address on a link.
func (n *Net) beyond(s *space, out string, neighbour netip.Addr) next {
	i, ok := s.link(out)
	switch {
	case !ok:
		return next{why: "there is no interface " + out}
	case i.Kind == "macvlan" || i.Kind == "ipvlan":
		return next{why: "it leaves by the " + i.Kind + " " + out + ", past all rules of the host"}
	case i.Kind == "bridge":
		return n.overBridge(s, i, neighbour)
	}
	if other, at := n.otherEnd(i); other != nil {
		return next{space: other, at: at}
	}
	return next{why: "it leaves what was read, by " + out}
}

func (n *Net) overBridge(s *space, bridge snapshot.NetInterface, neighbour netip.Addr) next {
	var found []next
	for _, port := range s.stack.Interfaces {
		if other, at := n.otherEnd(port); port.Master == bridge.Name && other != nil && other.has(neighbour) {
			found = append(found, next{port: port, space: other, at: at})
		}
	}
	switch {
	case bridge.VLANFiltering:
		return next{why: bridge.Name + " keeps VLANs apart, which are not known"}
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		return next{why: "several ports of " + bridge.Name + " lead to " + neighbour.String()}
	}
	return next{why: "nothing that was read has " + neighbour.String() + " on " + bridge.Name}
}

// program names a program that a packet meets at one of some interfaces ("" for
// the whole namespace).
func (s *space) program(where ...string) string {
	list, ok := s.stack.Programs.Peek()
	if !ok {
		return words("which programs packets meet in "+s.name, s.stack.Programs.Gap())
	}
	for _, p := range list {
		switch {
		case !slices.Contains(where, p.Interface):
		case p.Interface == "":
			return "a program may take it (" + p.Kind + ")"
		default:
			return "a program at " + p.Interface + " may take it (" + p.Kind + ")"
		}
	}
	return ""
}

// bridgeFiltered says whether frames on a bridge meet the filters of IP.
func (s *space) bridgeFiltered(bridge string, ipv6 bool) bool {
	i, _ := s.link(bridge)
	if ipv6 {
		return i.CallIP6Tables || s.stack.Settings["net.bridge.bridge-nf-call-ip6tables"] == "1"
	}
	return i.CallIPTables || s.stack.Settings["net.bridge.bridge-nf-call-iptables"] == "1"
}

// listener finds the socket that takes a connection to an address, which comes
// by an interface.
func (s *space) listener(protocol string, to netip.AddrPort, in string) (socket, why string) {
	if protocol != "tcp" && protocol != "udp" {
		return "", "who takes " + protocol + " is not known"
	}
	list, ok := s.stack.Listeners.Peek()
	if !ok {
		return "", words("what listens in "+s.name, s.stack.Listeners.Gap())
	}
	for _, l := range list {
		at, err := netip.ParseAddrPort(l.Address)
		if err != nil {
			return "", "the address of a socket is not understood: " + l.Address
		}
		if l.Protocol == protocol && at.Port() == to.Port() && takes(at.Addr(), l.V6Only, to.Addr()) && (l.Device == "" || l.Device == in) {
			return l.Address, ""
		}
	}
	return "", ""
}

// takes says whether a socket that is bound to an address takes connections to
// another.
func takes(bound netip.Addr, only6 bool, to netip.Addr) bool {
	switch bound {
	case netip.IPv4Unspecified():
		return to.Is4()
	case netip.IPv6Unspecified():
		return to.Is6() || !only6
	}
	return bound.Unmap().WithZone("") == to
}

// Addresses are those by which a socket of a namespace can be reached: its own,
// or all of the namespace. Link-local addresses are not among them.
func (n *Net) Addresses(name string, l snapshot.NetListener) []netip.AddrPort {
	s := n.byName[name]
	at, err := netip.ParseAddrPort(l.Address)
	if s == nil || err != nil {
		return nil
	}
	if !at.Addr().IsUnspecified() {
		return []netip.AddrPort{netip.AddrPortFrom(at.Addr().Unmap(), at.Port())}
	}
	var out []netip.AddrPort
	for _, own := range s.own {
		if takes(at.Addr(), l.V6Only, own) && !own.IsLinkLocalUnicast() {
			out = append(out, netip.AddrPortFrom(own, at.Port()))
		}
	}
	return out
}

// localAddress is the only address of a family that an interface has, other
// than link-local ones.
func (s *space) localAddress(name string, ipv6 bool) netip.Addr {
	return s.single[familyOf{name, ipv6}]
}

// familyOf is the addresses of one family of an interface.
type familyOf struct {
	name string
	ipv6 bool
}

// singles finds the addresses that are the only one of their family and interface.
func singles(interfaces []snapshot.NetInterface) map[familyOf]netip.Addr {
	out := map[familyOf]netip.Addr{}
	for _, i := range interfaces {
		for _, a := range i.Addresses {
			p, err := netip.ParsePrefix(a)
			if err != nil || p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() {
				continue
			}
			at := familyOf{i.Name, p.Addr().Is6()}
			if _, several := out[at]; several {
				out[at] = netip.Addr{}
				continue
			}
			out[at] = p.Addr()
		}
	}
	return out
}
