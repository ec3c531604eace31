package matrix

import (
	"cmp"
	"maps"
	"slices"

	"seawall/reach"
	"seawall/snapshot"
)

// firstQuestions are the routes that sources take to the addresses of targets, and
// what comes by an interface to and from the containers behind published ports.
// Only by the first can be told which addresses are alike for a source; the others
// would be asked for sooner or later, and each round of questions follows all
// connections anew.
func (p *Plan) firstQuestions() map[uint64][]snapshot.NetRoute {
	out := questions{net: p.w.net, seen: map[string]map[snapshot.NetRoute]bool{}}
	for i := range p.m.Sources {
		for j := range p.m.Targets {
			s, t := &p.m.Sources[i], &p.m.Targets[j]
			if !p.scope.asks(s, t) {
				continue
			}
			for _, from := range s.from {
				if from.In == "" {
					for _, a := range t.Addresses {
						out.add(from.Name, snapshot.NetRoute{Destination: a.String()})
					}
				} else if t.Kind == Published && from.Name == t.space {
					p.w.behind(&out, from, t)
				}
			}
		}
	}
	return p.w.byNumber(out)
}

// questions are routes to be asked for, by the name of the namespace.
type questions struct {
	net  *reach.Net
	seen map[string]map[snapshot.NetRoute]bool
}

func (q *questions) add(name string, r snapshot.NetRoute) {
	if q.net.Asked(name, r) {
		return
	}
	if q.seen[name] == nil {
		q.seen[name] = map[snapshot.NetRoute]bool{}
	}
	q.seen[name][r] = true
}

// behind asks for the way from a sender outside to the containers behind a
// published port, and back.
func (w *world) behind(out *questions, from reach.From, t *Target) {
	for _, a := range receivers(t) {
		if a.Is4() != from.Sample.Is4() {
			continue
		}
		out.add(from.Name, snapshot.NetRoute{In: from.In, Source: from.Sample.String(), Destination: a.String()})
		for _, l := range w.links[w.numbers[from.Name]] {
			if l.Contains(a) && l.name != from.In {
				out.add(from.Name, snapshot.NetRoute{In: l.name, Source: a.String(), Destination: from.Sample.String()})
			}
		}
	}
}

// byNumber puts questions in an order, by the number of the namespace.
func (w *world) byNumber(q questions) map[uint64][]snapshot.NetRoute {
	out := map[uint64][]snapshot.NetRoute{}
	for name, of := range q.seen {
		list := slices.Collect(maps.Keys(of))
		slices.SortFunc(list, func(a, b snapshot.NetRoute) int {
			return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Destination, b.Destination))
		})
		out[w.numbers[name]] = list
	}
	return out
}
