package matrix

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"seawall/reach"
)

// trial is a connection of a cell.
type trial struct {
	source, target int
	crafted        bool
	connection     reach.Connection
	answers        []reach.Answer
	done           bool
}

// trialsOf are the connections of a cell.
func (p *Plan) trialsOf(source, target int) []*trial {
	s, t := &p.m.Sources[source], &p.m.Targets[target]
	if !p.scope.asks(s, t) {
		return nil
	}
	var out []*trial
	add := func(from reach.From, to netip.Addr, crafted bool) {
		if from.In != "" && from.Sample.Is4() != to.Is4() {
			return
		}
		out = append(out, &trial{source: source, target: target, crafted: crafted, connection: reach.Connection{
			From: from, To: reach.To{Protocol: t.Protocol, Address: netip.AddrPortFrom(to, t.Port)},
		}})
	}
	inTarget := s.Kind == Host && s.Name == t.space
	loopback, other := split(t.Addresses)
	for _, a := range p.distinct(s, loopback) {
		switch {
		case inTarget:
			for _, from := range s.from {
				add(from, a, false)
			}
		case len(other) == 0:
			for _, from := range s.crafted {
				if from.Name == t.space {
					add(without(from, t), a, true)
				}
			}
		}
	}
	senders := p.senders(s, t)
	distinct := p.distinct(s, other)
	if p.scope != Everything && t.Kind == Published {
		distinct = p.nearest(s, distinct)
	}
	for _, a := range distinct {
		for _, from := range senders {
			add(from, a, false)
		}
	}
	return out
}

// asks says whether a cell is of a scope.
func (scope Scope) asks(s *Source, t *Target) bool {
	switch {
	case scope == Everything:
		return true
	case scope == ForPaths && t.Kind == Service:
		return s.Kind != Internet && (s.Kind != Network || t.loopback())
	case scope == ForPaths && t.Kind == Metadata:
		return s.Kind == Containers || s.Kind == Host
	case scope == ForPaths && t.Kind == Published && s.Kind == Containers:
		return true
	}
	return asked(s, t)
}

// asked says whether a rule wants to know of a cell.
func asked(s *Source, t *Target) bool {
	switch t.Kind {
	case API:
		return true
	case OtherContainer:
		return s.Kind != Host
	case Port:
		return false
	}
	return s.Kind == Internet || s.Kind == Network
}

// loopback says whether a target has loopback addresses only.
func (t *Target) loopback() bool {
	loopback, other := split(t.Addresses)
	return len(loopback) > 0 && len(other) == 0
}

// split tells loopback addresses from others.
func split(addresses []netip.Addr) (loopback, other []netip.Addr) {
	for _, a := range addresses {
		if a.IsLoopback() {
			loopback = append(loopback, a)
		} else {
			other = append(other, a)
		}
	}
	return loopback, other
}

// distinct are one of each kind of addresses that differ for a source: by a rule
// that speaks of them, or because they are on its own link.
func (p *Plan) distinct(s *Source, addresses []netip.Addr) []netip.Addr {
	if !p.comparable {
		return addresses
	}
	seen := map[string]bool{}
	var out []netip.Addr
	for _, a := range addresses {
		key := p.kindOf(a)
		for i, link := range s.links {
			if link.Contains(a) {
				key += " at " + itoa(i)
			}
		}
		for _, from := range s.from {
			if route, ok := p.w.net.Route(from.Name, a); ok && from.In == "" {
				key += " " + route.Kind + " " + route.Out + " " + route.Via
			}
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, a)
		}
	}
	return out
}

// nearest are the addresses on a source's own link, by which it would come; all,
// where none is.
func (p *Plan) nearest(s *Source, addresses []netip.Addr) []netip.Addr {
	near := slices.DeleteFunc(slices.Clone(addresses), func(a netip.Addr) bool {
		return !slices.ContainsFunc(s.links, func(link netip.Prefix) bool { return link.Contains(a) })
	})
	if len(near) == 0 {
		return addresses
	}
	return near
}

// kindOf is a text that is the same for addresses that no rule tells apart.
func (p *Plan) kindOf(a netip.Addr) string {
	kind, ok := p.alike[a]
	if !ok {
		kind = p.rules.signature(a)
		if a.Is6() {
			kind = "6 " + kind
		}
		p.alike[a] = kind
	}
	return kind
}

// linksOf are the networks that a source is on.
func (w *world) linksOf(s *Source) []netip.Prefix {
	var out []netip.Prefix
	for _, from := range slices.Concat(s.from, s.crafted) {
		for _, l := range w.links[w.numbers[from.Name]] {
			if p := l.Masked(); (from.In == "" || l.name == from.In) && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// senders are those of a source, without the receiver.
func (p *Plan) senders(s *Source, t *Target) []reach.From {
	if s.Kind != Containers || s.spaces[0] == "" {
		out := make([]reach.From, len(s.from))
		for i, from := range s.from {
			out[i] = without(from, t)
		}
		return out
	}
	others := s.spaces
	if slices.Contains(others, t.receiver) {
		others = slices.DeleteFunc(slices.Clone(others), func(name string) bool { return name == t.receiver })
	}
	if len(others) == 0 {
		return []reach.From{{Name: s.spaces[0]}}
	}
	return []reach.From{{Name: others[0], Like: others[1:]}}
}

// without is a sender without the addresses of the receiver.
func without(from reach.From, t *Target) reach.From {
	if from.Sources == nil {
		return from
	}
	var b netipx.IPSetBuilder
	b.AddSet(from.Sources)
	for _, a := range receivers(t) {
		b.Remove(a)
	}
	left, _ := b.IPSet() // an error is only of ranges that are none
	if len(left.Ranges()) == 0 {
		return from // it is the receiver itself
	}
	from.Sources = left
	if !left.Contains(from.Sample) {
		from.Sample = left.Ranges()[0].From()
	}
	return from
}

// receivers are the addresses of the containers that a target stands for.
func receivers(t *Target) []netip.Addr {
	var out []netip.Addr
	for _, m := range t.Members {
		out = append(out, m.addresses...)
	}
	return out
}
