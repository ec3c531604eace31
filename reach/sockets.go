package reach

import (
	"net/netip"

	"seawall/lang"
	"seawall/snapshot"
)

// sockets are those of a namespace that take connections, by what is sent to.
type sockets struct {
	byPort map[service][]socket
	// why nothing more is known: the list could not be read, or not from some
	// socket on.
	why string
}

// service is a port of a protocol.
type service struct {
	protocol string
	port     uint16
}

// socket is one that listens, and where.
type socket struct {
	*snapshot.NetListener
	at netip.Addr
}

// socketsOf reads the addresses of the sockets of a namespace.
func socketsOf(name string, listeners snapshot.Fact[[]snapshot.NetListener]) sockets {
	list, ok := listeners.Peek()
	if !ok {
		return sockets{why: words(lang.Sprintf("what listens in %s", name), listeners.Gap())}
	}
	out := sockets{byPort: map[service][]socket{}}
	for i := range list {
		at, err := netip.ParseAddrPort(list[i].Address)
		if err != nil {
			out.why = lang.Sprintf("the address of a socket is not understood: %s", list[i].Address)
			break
		}
		key := service{list[i].Protocol, at.Port()}
		out.byPort[key] = append(out.byPort[key], socket{&list[i], at.Addr()})
	}
	return out
}

// sameSockets says whether two lists are the same memory.
func sameSockets(a, b snapshot.Fact[[]snapshot.NetListener]) bool {
	one, ok1 := a.Peek()
	other, ok2 := b.Peek()
	return ok1 && ok2 && len(one) > 0 && len(one) == len(other) && &one[0] == &other[0]
}

// listener finds the socket that takes a connection to an address, which comes
// by an interface.
func (s *sockets) listener(protocol string, to netip.AddrPort, in string) (address, why string) {
	if protocol != "tcp" && protocol != "udp" {
		return "", lang.Sprintf("who takes %s is not known", protocol)
	}
	for _, l := range s.byPort[service{protocol, to.Port()}] {
		if takes(l.at, l.V6Only, to.Addr()) && (l.Device == "" || l.Device == in) {
			return l.Address, ""
		}
	}
	return "", s.why
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
