package reach

import (
	"net/netip"

	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// senders are addresses that are routed alike, and one of them that stands for
// all.
type senders struct {
	set    *netipx.IPSet
	sample netip.Addr
}

// one is a single sender.
func one(a netip.Addr) senders {
	var b netipx.IPSetBuilder
	b.Add(a)
	set, _ := b.IPSet() // an error is only of ranges that are none
	return senders{set, a}
}

func (s senders) has(a netip.Addr) bool { return s.set != nil && s.set.Contains(a) }

// standIn is the sample for one of the senders, and any other address itself.
func (s senders) standIn(a netip.Addr) netip.Addr {
	if s.has(a) {
		return s.sample
	}
	return a
}

// asked are the questions that have no answer yet, by namespace; nil where
// nobody wants to know.
type asked map[uint64]map[question]bool

// router answers from what the kernel of a namespace has answered.
type router struct {
	net   *Net
	space *space
	from  senders
	asked asked
}

// recorded is the kernel's answer.
func (r *router) recorded(q question) snapshot.NetRoute {
	if route, ok := r.space.routes[q]; ok {
		return route
	}
	if r.asked != nil {
		of := r.asked[r.space.stack.Namespace]
		if of == nil {
			of = map[question]bool{}
			r.asked[r.space.stack.Namespace] = of
		}
		of[q] = true
	}
	return snapshot.NetRoute{Kind: "unknown", Error: lang.Sprintf("the route to %s was not asked", q.destination)}
}

// Route implements [filter.Router].
func (r *router) Route(q filter.Question) filter.Answer {
	if q.Mark.Known != ^uint32(0) {
		return filter.Answer{Why: lang.T("the packet's mark is not known")}
	}
	source, destination := q.Source, q.Destination
	if r.from.has(source) {
		source = r.from.sample
	} else {
		destination = r.from.standIn(destination) // a reply
	}
	route := r.recorded(question{q.In, source, destination, q.Mark.Value})
	switch route.Kind {
	case "local":
		return filter.Answer{Kind: filter.Local}
	case "refused":
		return filter.Answer{Kind: filter.Refused, Why: lang.Sprintf("the kernel of %s refuses it (%s)", r.space.name, lang.Reword(route.Error))}
	case "unknown":
		return filter.Answer{Why: lang.Reword(route.Error)}
	case "unicast":
		a := filter.Answer{Kind: filter.Forward, Out: route.Out}
		hop := destination
		if via, err := netip.ParseAddr(route.Via); err == nil {
			a.Via, hop = via, via
		}
		if i, _ := r.space.link(route.Out); i.Kind == "bridge" {
			a.Bridge, a.Port = true, r.net.beyond(r.space, route.Out, hop).port.Name
		}
		return a
	}
	return filter.Answer{Why: lang.Sprintf("it is sent to several (%s)", route.Kind)}
}

// Type implements [filter.Router].
func (r *router) Type(a netip.Addr) string {
	a = r.from.standIn(a)
	switch route := r.recorded(question{destination: a}); route.Kind {
	case "unknown":
		return ""
	case "refused":
		if a.Is6() {
			return ""
		}
		return "unicast"
	default:
		return route.Kind
	}
}

// Address implements [filter.Router].
func (r *router) Address(iface string, ipv6 bool) netip.Addr {
	return r.space.localAddress(iface, ipv6)
}
