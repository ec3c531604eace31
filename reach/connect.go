package reach

import (
	"cmp"
	"net/netip"
	"slices"

	"go4.org/netipx"

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
	// but their addresses, and send as it does. None of them is the receiver.
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
		return []Answer{{Verdict: filter.Unknown, Space: from.Name, Why: "there is no network namespace of " + from.Name}}
	case s.gap != "":
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: s.gap}}
	}
	l := leg{net: n, asked: missing, space: s, to: to, from: senders{from.Sources, from.Sample}}
	if from.In != "" {
		i, ok := s.link(from.In)
		if !ok {
			return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: "there is no interface " + from.In}}
		}
		if route := l.router().Route(filter.Question{In: i.Name, Source: from.Sample, Destination: to.Address.Addr(), Mark: filter.NoMark}); onLink(s, i, to.Address.Addr()) || route.Out == i.Name {
			l.in = i.Name
			return l.leaves("it is beyond " + i.Name + " as its senders are, who need not pass " + s.name)
		}
		return l.arrive(i, netip.Addr{})
	}
	route := l.router().recorded(question{destination: to.Address.Addr()})
	source, err := netip.ParseAddr(route.Prefer)
	switch {
	case route.Kind == "refused":
		why := "the kernel of " + s.name + " sends nothing to " + to.Address.Addr().String() + " (" + route.Error + ")"
		return []Answer{{Verdict: filter.Blocked, Space: s.name, By: filter.Step{Kind: "route", Effect: string(filter.Refused)}, Why: why}}
	case route.Kind == "unknown":
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: route.Error}}
	case err != nil:
		return []Answer{{Verdict: filter.Unknown, Space: s.name, Why: "the kernel does not tell which source address it chooses"}}
	}
	l.from, l.last = n.alike(from, source), s
	return l.follow()
}

// alike are the senders of a namespace and of those like it, where it sends from
// an address.
func (n *Net) alike(from From, source netip.Addr) senders {
	s := n.byName[from.Name]
	at := slices.IndexFunc(s.stack.Interfaces, func(i snapshot.NetInterface) bool { return s.localAddress(i.Name, source.Is6()) == source })
	if at < 0 || len(from.Like) == 0 {
		return one(source)
	}
	var b netipx.IPSetBuilder
	b.Add(source)
	for _, name := range from.Like {
		if other := n.byName[name]; other != nil {
			if a := other.localAddress(s.stack.Interfaces[at].Name, source.Is6()); a.IsValid() {
				b.Add(a)
			}
		}
	}
	set, _ := b.IPSet() // an error is only of ranges that are none
	return senders{set, source}
}

// onLink says whether an address is a neighbour's on a link.
func onLink(s *space, i snapshot.NetInterface, a netip.Addr) bool {
	return !s.has(a) && slices.ContainsFunc(i.Addresses, func(own string) bool {
		p, err := netip.ParsePrefix(own)
		return err == nil && p.Contains(a)
	})
}

// leg is a connection in one namespace.
type leg struct {
	net   *Net
	asked asked
	space *space
	from  senders // as they are seen here
	to    To
	in    string // interface by which it comes, "" for none
	at    *filter.Bridge
	hops  []Hop  // until here
	last  *space // which sent it here, bridges aside; nil: it comes from outside
}

// maxHops is how many namespaces a connection may meet before it is given up.
const maxHops = 8

func (l *leg) router() *router { return &router{l.net, l.space, l.from, l.asked} }

// answer is one for all senders of the leg, without a rule.
func (l *leg) answer(verdict filter.Verdict, why string) []Answer {
	return []Answer{{Sources: l.from.set, Verdict: verdict, Space: l.space.name, Why: why, Hops: l.via(filter.Result{To: l.to.Address})}}
}

// leaves is the answer where the connection leaves what was read.
func (l *leg) leaves(why string) []Answer {
	out := l.answer(filter.Unknown, why)
	out[0].Left = true
	return out
}

// via is the way until here, with what became of it in this namespace.
func (l *leg) via(r filter.Result) []Hop {
	hop := Hop{Space: l.space.name, In: l.in, Out: r.Out, To: r.To, Trail: r.Trail}
	if l.at != nil {
		hop.Port, hop.Bridged = l.at.Port, l.at.Bridged
	}
	return append(slices.Clip(l.hops), hop)
}

// arrive follows packets that come to an interface and were sent to the address
// of a neighbour there; the zero address for this namespace itself.
func (l leg) arrive(i snapshot.NetInterface, neighbour netip.Addr) []Answer {
	l.in, l.at = i.Name, nil
	if i.Kind == "bridge" {
		l.at = &filter.Bridge{} // from outside, by a port that is not known
	}
	if i.Master != "" {
		master, _ := l.space.link(i.Master)
		if master.Kind != "bridge" {
			return l.answer(filter.Unknown, i.Name+" belongs to "+i.Master+", which is no bridge")
		}
		l.in, l.at = master.Name, &filter.Bridge{Port: i.Name}
		if master.VLANFiltering {
			return l.answer(filter.Unknown, master.Name+" keeps VLANs apart, which are not known")
		}
		if neighbour.IsValid() && !l.space.has(neighbour) {
			return l.bridged(i, master, neighbour)
		}
	}
	if neighbour.IsValid() && !l.space.has(neighbour) {
		return l.leaves("nothing that was read has " + neighbour.String() + " at " + i.Name)
	}
	return l.follow()
}

// bridged follows frames from port to port of a bridge.
func (l leg) bridged(from, bridge snapshot.NetInterface, neighbour netip.Addr) []Answer {
	over := l.net.beyond(l.space, bridge.Name, neighbour)
	switch {
	case over.space == nil:
		return l.leaves(over.why)
	case neighbour != l.to.Address.Addr():
		return l.answer(filter.Unknown, "it goes by "+neighbour.String()+", another host on "+bridge.Name)
	case from.Isolated && over.port.Isolated:
		return l.answer(filter.Blocked, from.Name+" and "+over.port.Name+" are isolated ports of "+bridge.Name)
	}
	l.at.Bridged, l.at.Out = true, over.port.Name
	return l.follow()
}

// follow leads it through the namespace and on.
func (l leg) follow() []Answer {
	s := l.space
	if s.filter == nil {
		return l.answer(filter.Unknown, words("the packet filters of "+s.name, s.stack.Filter.Gap()))
	}
	if len(l.hops) >= maxHops {
		return l.answer(filter.Unknown, "it goes on over too many network namespaces")
	}
	places := []string{l.in}
	if l.at != nil {
		places = append(places, l.at.Port)
	}
	places = slices.DeleteFunc(places, func(name string) bool { return name == "" })
	if why := s.program(places...); why != "" {
		return l.answer(filter.Unknown, why)
	}
	q := filter.Query{
		In: l.in, Bridge: l.at, BridgeFiltered: s.bridgeFiltered(l.in, l.to.Address.Addr().Is6()),
		Sources: l.from.set, Destination: l.to.Address.Addr(), Port: l.to.Address.Port(), Protocol: l.to.Protocol, Mark: filter.NoMark,
	}
	var out []Answer
	for _, r := range s.filter.Path(q, l.router()) {
		part := l
		part.from.set = r.Sources
		for _, a := range part.result(r) {
			if a.Verdict == filter.Open && r.Ports != nil {
				if a.portful {
					a.Verdict, a.Why = filter.Unknown, "several namespaces let some source ports through"
				}
				a.portful = true
			}
			out = append(out, a)
		}
	}
	return best(out)
}

// result goes on from what a namespace does with a part of the senders.
func (l leg) result(r filter.Result) []Answer {
	l.hops = l.via(r)
	if r.Verdict != filter.Open {
		return []Answer{{Sources: r.Sources, Verdict: r.Verdict, Space: l.space.name, By: r.By, Why: r.Why, Hops: l.hops}}
	}
	end := func(verdict filter.Verdict, why string) []Answer {
		a := Answer{Sources: r.Sources, Verdict: verdict, Space: l.space.name, Why: why, Hops: l.hops}
		if verdict == filter.Open {
			a.By = r.By
		}
		return []Answer{a}
	}
	if why := l.astray(r); why != "" {
		return end(filter.Unknown, why)
	}
	if r.Local {
		if why := l.space.program(""); why != "" {
			return end(filter.Unknown, why)
		}
		in := l.in
		if in == "" {
			in = "lo"
		}
		switch socket, why := l.space.listener(l.to.Protocol, r.To, in); {
		case why != "":
			return end(filter.Unknown, why)
		case socket == "":
			unheard := end(filter.Blocked, "nobody listens on "+r.To.String()+" in "+l.space.name)
			unheard[0].Unheard = true
			return unheard
		default:
			return end(filter.Open, socket+" listens in "+l.space.name)
		}
	}
	hopTo := r.To.Addr()
	if r.Via.IsValid() {
		hopTo = r.Via
	}
	over := l.net.beyond(l.space, r.Out, hopTo)
	program := l.space.program(r.Out)
	if program == "" && over.port.Name != "" {
		program = l.space.program(over.port.Name)
	}
	switch {
	case program != "":
		return end(filter.Unknown, program)
	case over.space == nil:
		left := end(filter.Unknown, over.why)
		left[0].Left = true
		return left
	case l.at != nil && l.in == r.Out && l.at.Port == over.port.Name:
		return end(filter.Unknown, "it goes back by "+over.port.Name+", by which it came: only a hairpin port does that")
	case r.Translated && !r.From.IsValid():
		return end(filter.Unknown, "the address that the source is translated to is not known")
	}
	on := leg{net: l.net, asked: l.asked, space: over.space, from: l.from, to: To{l.to.Protocol, r.To}, hops: l.hops, last: l.space}
	if l.at != nil && r.Out == l.in {
		on.last = l.last // the receiver is on the sender's own link, and answers there
	}
	if r.Translated {
		on.from, on.last = one(r.From), l.space
	}
	answers := on.arrive(over.at, hopTo)
	if r.Translated {
		for i := range answers {
			answers[i].Sources = r.Sources
		}
	}
	return answers
}

// astray says where the replies of a routed connection would go if not to where
// it came from.
func (l *leg) astray(r filter.Result) string {
	if l.in == "" || l.at != nil && l.at.Bridged && r.Out == l.in {
		return ""
	}
	back := l.router().Route(filter.Question{In: r.Out, Source: r.To.Addr(), Destination: l.from.sample, Mark: filter.NoMark})
	hop := l.from.sample
	if back.Via.IsValid() {
		hop = back.Via
	}
	switch {
	case back.Kind != filter.Forward:
		return "" // judged with the filters
	case back.Out != l.in:
		return "replies leave " + l.space.name + " by " + back.Out + ", and not by " + l.in
	case l.last != nil && !l.last.has(hop):
		return "replies go to " + hop.String() + ", and not to where it came from"
	}
	return ""
}

// best leaves each sender the best of its answers: it chooses its port.
func best(answers []Answer) []Answer {
	rank := map[filter.Verdict]int{filter.Open: 0, filter.Unknown: 1, filter.Blocked: 2}
	slices.SortStableFunc(answers, func(a, b Answer) int { return rank[a.Verdict] - rank[b.Verdict] })
	var have netipx.IPSetBuilder
	var out []Answer
	for _, a := range answers {
		taken, _ := have.IPSet() // an error is only of ranges that are none
		var rest netipx.IPSetBuilder
		rest.AddSet(a.Sources)
		rest.RemoveSet(taken)
		left, _ := rest.IPSet()
		if len(left.Ranges()) == 0 {
			continue
		}
		have.AddSet(left)
		a.Sources = left
		out = append(out, a)
	}
	return out
}
