package reach

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

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
			return l.answer(filter.Unknown, lang.Sprintf("%s belongs to %s, which is no bridge", i.Name, i.Master))
		}
		l.in, l.at = master.Name, &filter.Bridge{Port: i.Name}
		if master.VLANFiltering {
			return l.answer(filter.Unknown, lang.Sprintf("%s keeps VLANs apart, which are not known", master.Name))
		}
		if neighbour.IsValid() && !l.space.has(neighbour) {
			return l.bridged(i, master, neighbour)
		}
	}
	if neighbour.IsValid() && !l.space.has(neighbour) {
		return l.leaves(lang.Sprintf("nothing that was read has %s at %s", neighbour, i.Name))
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
		return l.answer(filter.Unknown, lang.Sprintf("it goes by %s, another host on %s", neighbour, bridge.Name))
	case from.Isolated && over.port.Isolated:
		return l.answer(filter.Blocked, lang.Sprintf("%s and %s are isolated ports of %s", from.Name, over.port.Name, bridge.Name))
	}
	l.at.Bridged, l.at.Out = true, over.port.Name
	return l.follow()
}

// follow leads it through the namespace and on.
func (l leg) follow() []Answer {
	s := l.space
	if s.filter == nil {
		return l.answer(filter.Unknown, words(lang.Sprintf("the packet filters of %s", s.name), s.stack.Filter.Gap()))
	}
	if len(l.hops) >= maxHops {
		return l.answer(filter.Unknown, lang.T("it goes on over too many network namespaces"))
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
					a.Verdict, a.Why = filter.Unknown, lang.T("several namespaces let some source ports through")
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
		switch socket, why := l.space.sockets.listener(l.to.Protocol, r.To, in); {
		case why != "":
			return end(filter.Unknown, why)
		case socket == "":
			unheard := end(filter.Blocked, lang.Sprintf("nobody listens on %s in %s", r.To, l.space.name))
			unheard[0].Unheard = true
			return unheard
		default:
			return end(filter.Open, lang.Sprintf("%s listens in %s", socket, l.space.name))
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
		return end(filter.Unknown, lang.Sprintf("it goes back by %s, by which it came: only a hairpin port does that", over.port.Name))
	case r.Translated && !r.From.IsValid():
		return end(filter.Unknown, lang.T("the address that the source is translated to is not known"))
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
		return lang.Sprintf("replies leave %s by %s, and not by %s", l.space.name, back.Out, l.in)
	case l.last != nil && !l.last.has(hop):
		return lang.Sprintf("replies go to %s, and not to where it came from", hop)
	}
	return ""
}

// best leaves each sender the best of its answers: it chooses its port.
func best(answers []Answer) []Answer {
	if len(answers) < 2 {
		return answers
	}
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
