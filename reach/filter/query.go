package filter

import (
	"net/netip"

	"go4.org/netipx"

	"seawall/lang"
)

// Query is a connection that somebody wants to make.
type Query struct {
	// In is the interface by which its packets come; "" for those that are sent
	// from this network namespace itself.
	In string
	// Bridge is set where In is a bridge.
	Bridge *Bridge
	// BridgeFiltered: frames that are bridged meet the filters of IP
	// (net.bridge.bridge-nf-call-iptables, for IPv6 -ip6tables).
	BridgeFiltered bool
	// Sources are the senders: a class of addresses that are routed alike, and are
	// of one type. The router is asked about the first of each part.
	Sources *netipx.IPSet
	// Destination is asked for, Port of it where the protocol has ports.
	Destination netip.Addr
	Port        uint16
	Protocol    string // by name or number
	// Mark is that of packets as they come: [NoMark], if nothing else sets any.
	Mark Mark
}

// Bridge is where a frame meets the bridge.
type Bridge struct {
	// Port is the port it comes by; "" where that is not known.
	Port string
	// Bridged: it is addressed to another port, Out ("" where that is not known),
	// not to the host. Its destination must be on that link.
	Bridged bool
	Out     string
}

// Router knows the routes and addresses of the network namespace. Its answers
// are facts, which depend on nothing but the question.
type Router interface {
	// Route is asked for one of the senders, and once for each part of them, so
	// that all must be routed alike: where routes differ for some, make them a
	// query of their own. Where they differ by marks that are not known, the answer
	// is that it is not known.
	Route(Question) Answer
	// Type is that of an address ("local", "unicast", "broadcast", …); "" where
	// that is not known.
	Type(netip.Addr) string
	// Address is the one that masquerading takes for packets that leave by the
	// interface, and redirecting for those that come by it; the zero address where
	// that is not known.
	Address(iface string, ipv6 bool) netip.Addr
}

// Question asks where a packet goes.
type Question struct {
	In                  string // "": it is sent from here
	Source, Destination netip.Addr
	Mark                Mark
}

// Kind is where a packet goes.
type Kind string

// The kinds of routes. The zero Kind means that it is not known.
const (
	Local   Kind = "local"   // it is for this host
	Forward Kind = "forward" // it leaves by an interface
	Refused Kind = "refused" // unreachable, prohibited, or taken for a forgery (martian)
)

// Answer is where a packet goes.
type Answer struct {
	Kind Kind
	Out  string
	Via  netip.Addr // next hop; the zero address: on the link
	// Bridge: Out is a bridge; Port is its port, "" where that is not known.
	Bridge bool
	Port   string
	// Why, of one that is refused or not known.
	Why string
}

func (a Answer) String() string {
	s := string(a.Kind)
	switch a.Kind {
	case Forward:
		s = lang.Sprintf("by %s", a.Out)
		if a.Via.IsValid() {
			s = lang.Sprintf("by %s via %s", a.Out, a.Via)
		}
	case "":
		s = lang.T("not known")
	}
	if a.Why != "" {
		s += ": " + a.Why
	}
	return s
}
