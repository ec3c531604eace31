package reach

import (
	"cmp"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// From is a sender.
type From struct {
	// Name is that of a namespace of the world. With In the sender is outside, and
	// its packets come to that namespace by that interface.
	Name, In string
	// Sources, of one outside, are a class of addresses that are routed alike.
	// Sample is one of them, which stands for them all.
	Sources *netipx.IPSet
	Sample  netip.Addr
	// Like, of one inside, are namespaces that differ from that of Name in nothing
	// but their addresses, and send as it does. None of them is the receiver. The
	// list must not be changed later.
	Like []string
}

// To is what a connection is opened to.
type To struct {
	Protocol string // "tcp" or "udp"
	Address  netip.AddrPort
}

// Connection is one that somebody may try to open.
type Connection struct {
	From From
	To   To
}

// Answer is what becomes of the connections of a part of the senders.
type Answer struct {
	Sources *netipx.IPSet // nil: the address that the sender would have is not known
	Verdict filter.Verdict
	// Space is the namespace that decides, By the step there that does: a rule, a
	// policy, a route; the zero Step where no rule is to blame. Why says what it
	// does not.
	Space string
	By    filter.Step
	Why   string
	// Hops are the namespaces that the connection meets, in order.
	Hops []Hop
	// Left: it is not known because the connection leaves what was read.
	Left bool
	// Unheard: it is blocked by nothing but that nobody listens there.
	Unheard bool

	portful bool // it holds for some source ports only
}

// Hop is a namespace on the way.
type Hop struct {
	Space string
	// In is the interface by which packets come, "" where they are sent here; Port
	// is the port of it, if it is a bridge. Bridged: they stay on it.
	In, Port string
	Bridged  bool
	// Out is the interface by which they leave; "" where they end here.
	Out string
	// To is the address that they go to from here.
	To netip.AddrPort
	// Trail is what they and their replies met here.
	Trail []filter.Step
}

// Connect follows a connection. There is one answer for each part of the
// senders, and one for all of a namespace. To a loopback address, who is outside
// sends crafted frames.
func (n *Net) Connect(from From, to To) []Answer { return n.connect(from, to, nil) }

// Follow is Connect, and tells what its answers lack, as Questions does.
func (n *Net) Follow(c Connection) ([]Answer, map[uint64][]snapshot.NetRoute) {
	missing := asked{}
	answers := n.connect(c.From, c.To, missing)
	return answers, missing.list()
}

// Questions are the routes that namespaces have not been asked for, and must be
// for a next step of some connections, by the number of the namespace. There may
// be more once these are answered.
func (n *Net) Questions(connections []Connection) map[uint64][]snapshot.NetRoute {
	missing := asked{}
	for _, c := range connections {
		n.connect(c.From, c.To, missing)
	}
	return missing.list()
}

// list puts the questions in an order.
func (missing asked) list() map[uint64][]snapshot.NetRoute {
	out := map[uint64][]snapshot.NetRoute{}
	for namespace, questions := range missing {
		for q := range questions {
			r := snapshot.NetRoute{In: q.in, Destination: q.destination.String(), Mark: q.mark}
			if q.source.IsValid() {
				r.Source = q.source.String()
			}
			out[namespace] = append(out[namespace], r)
		}
		slices.SortFunc(out[namespace], func(a, b snapshot.NetRoute) int {
			return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Destination, b.Destination), cmp.Compare(a.Mark, b.Mark))
		})
	}
	return out
}

func (n *Net) connect(from From, to To, missing asked) []Answer {
	s := n.byName[from.Name]
	to.Address = netip.AddrPortFrom(to.Address.Addr().Unmap(), to.Address.Port())
	switch {
	case s == nil:
		return []Answer{{Verdict: filter.Unknown, Space: from.Name, Why: lang.Sprintf("there is no network namespace of %s", from.Name)}}
	case s.gap != "":
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: s.gap}}
	}
	l := leg{net: n, asked: missing, space: s, to: to, from: senders{from.Sources, from.Sample}}
	if from.In != "" {
		i, ok := s.link(from.In)
		if !ok {
			return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: lang.Sprintf("there is no interface %s", from.In)}}
		}
		if route := l.router().Route(filter.Question{In: i.Name, Source: from.Sample, Destination: to.Address.Addr(), Mark: filter.NoMark}); onLink(s, i, to.Address.Addr()) || route.Out == i.Name {
			l.in = i.Name
			return l.leaves(lang.Sprintf("it is beyond %s as its senders are, who need not pass %s", i.Name, s.name))
		}
		return l.arrive(i, netip.Addr{})
	}
	route := l.router().recorded(question{destination: to.Address.Addr()})
	source, err := netip.ParseAddr(route.Prefer)
	switch {
	case route.Kind == "refused":
		why := lang.Sprintf("the kernel of %s sends nothing to %s (%s)", s.name, to.Address.Addr(), lang.Reword(route.Error))
		return []Answer{{Verdict: filter.Blocked, Space: s.name, By: filter.Step{Kind: "route", Effect: string(filter.Refused)}, Why: why}}
	case route.Kind == "unknown":
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: route.Error}}
	case err != nil:
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: lang.T("the kernel does not tell which source address it chooses")}}
	}
	l.from, l.last = n.alike(from, source), s
	return l.follow()
}

// onLink says whether an address is a neighbour's on a link.
func onLink(s *space, i snapshot.NetInterface, a netip.Addr) bool {
	return !s.has(a) && slices.ContainsFunc(i.Addresses, func(own string) bool {
		p, err := netip.ParsePrefix(own)
		return err == nil && p.Contains(a)
	})
}
