package matrix

import (
	"cmp"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"go4.org/netipx"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// Plan finds out which routes must be asked for, and makes the matrix.
type Plan struct {
	w     *world
	m     *Matrix
	scope Scope
	rules literals
	// comparable: rules tells which addresses are alike.
	comparable bool
	alike      map[netip.Addr]string // by what rules tell addresses apart
	trials     []*trial
	prepared   bool
	tried      map[dialled]*snapshot.NetProbe
}

// trial is a connection of a cell.
type trial struct {
	source, target int
	crafted        bool
	connection     reach.Connection
	answers        []reach.Answer
	done           bool
}

// Scope is what a matrix is made for.
type Scope int

// The scopes.
const (
	// Everything: all sources and all targets.
	Everything Scope = iota
	// ForRules: who reaches the APIs, and who of outside the published ports. The
	// other cells stay unknown.
	ForRules
)

// NewPlan prepares the matrix of a snapshot.
func NewPlan(s *snapshot.Snapshot, scope Scope) *Plan {
	w := newWorld(s)
	p := &Plan{w: w, scope: scope, m: &Matrix{Gaps: w.gaps()}, alike: map[netip.Addr]string{}}
	if len(w.hosts) == 0 {
		return p
	}
	p.m.Sources = append(w.outside(), w.inside()...)
	p.m.Targets = w.targets()
	p.rules, p.comparable = w.literals()
	for i := range p.m.Sources {
		p.m.Sources[i].links = w.linksOf(&p.m.Sources[i])
	}
	return p
}

// ways are the routes that sources take to the addresses of targets, and what
// comes by an interface to and from the containers behind published ports. Only by
// the first can be told which addresses are alike for a source; the others would
// be asked for sooner or later, and each round of questions follows all
// connections anew.
func (p *Plan) ways() map[uint64][]snapshot.NetRoute {
	out := questions{net: p.w.net, seen: map[string]map[snapshot.NetRoute]bool{}}
	for i := range p.m.Sources {
		for j := range p.m.Targets {
			s, t := &p.m.Sources[i], &p.m.Targets[j]
			if p.scope == ForRules && !asked(s, t) {
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
		for _, i := range w.stacks[w.numbers[from.Name]].Interfaces {
			for _, link := range addressesOf(i) {
				if link.Masked().Contains(a) && i.Name != from.In {
					out.add(from.Name, snapshot.NetRoute{In: i.Name, Source: a.String(), Destination: from.Sample.String()})
				}
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

// prepare makes the connections of all cells.
func (p *Plan) prepare() {
	if p.prepared {
		return
	}
	p.prepared = true
	for i := range p.m.Sources {
		for j := range p.m.Targets {
			p.trials = append(p.trials, p.trialsOf(i, j)...)
		}
	}
}

// Questions are the routes that must be asked for next, by namespace.
func (p *Plan) Questions() map[uint64][]snapshot.NetRoute {
	if !p.prepared {
		if ways := p.ways(); len(ways) > 0 {
			return ways
		}
	}
	p.prepare()
	var pending []*trial
	for _, t := range p.trials {
		if !t.done {
			pending = append(pending, t)
		}
	}
	missing := make([]map[uint64][]snapshot.NetRoute, len(pending))
	inParallel(len(pending), func(i int) {
		t := pending[i]
		t.answers, missing[i] = p.w.net.Follow(t.connection)
		t.done = len(missing[i]) == 0
	})
	seen := map[uint64]map[snapshot.NetRoute]bool{}
	out := map[uint64][]snapshot.NetRoute{}
	for _, of := range missing {
		for namespace, questions := range of {
			if seen[namespace] == nil {
				seen[namespace] = map[snapshot.NetRoute]bool{}
			}
			for _, q := range questions {
				if !seen[namespace][q] {
					seen[namespace][q] = true
					out[namespace] = append(out[namespace], q)
				}
			}
		}
	}
	return out
}

// Learn adds answers.
func (p *Plan) Learn(namespace uint64, answers []snapshot.NetRoute) {
	p.w.net.Learn(namespace, answers)
}

// inParallel calls do for every number below n, on all processors, and returns
// when all calls have.
func inParallel(n int, do func(int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

// trialsOf are the connections of a cell.
func (p *Plan) trialsOf(source, target int) []*trial {
	s, t := &p.m.Sources[source], &p.m.Targets[target]
	if p.scope == ForRules && !asked(s, t) {
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
	if p.scope == ForRules && t.Kind == Published {
		distinct = p.nearest(s, distinct)
	}
	for _, a := range distinct {
		for _, from := range senders {
			add(from, a, false)
		}
	}
	return out
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
		for _, i := range w.stacks[w.numbers[from.Name]].Interfaces {
			if from.In != "" && i.Name != from.In {
				continue
			}
			for _, p := range addressesOf(i) {
				if p = p.Masked(); !slices.Contains(out, p) {
					out = append(out, p)
				}
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
	others := slices.DeleteFunc(slices.Clone(s.spaces), func(name string) bool { return name == t.receiver })
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

// Matrix is what has been found out.
func (p *Plan) Matrix() *Matrix {
	p.prepare()
	p.Questions() // those that were not asked stay unknown
	for range p.m.Sources {
		p.m.Cells = append(p.m.Cells, make([]Cell, len(p.m.Targets)))
	}
	for _, t := range p.trials {
		cell := &p.m.Cells[t.source][t.target]
		cell.Ways = append(cell.Ways, t.ways(p)...)
	}
	for i := range p.m.Cells {
		for j := range p.m.Cells[i] {
			p.m.Cells[i][j].loopback = p.m.Targets[j].loopback()
			p.m.Cells[i][j].conclude(&p.m.Sources[i])
			if len(p.m.Targets[j].Addresses) == 0 {
				p.m.Cells[i][j] = Cell{Verdict: filter.Unknown, Why: "which addresses it has is not known"}
			}
			if p.scope == ForRules && !asked(&p.m.Sources[i], &p.m.Targets[j]) {
				p.m.Cells[i][j] = Cell{Verdict: filter.Unknown, Why: "it was not asked"}
			}
		}
	}
	p.m.refine()
	return p.m
}

// ways are the answers of a trial.
func (t *trial) ways(p *Plan) []Way {
	var out []Way
	for _, a := range t.answers {
		way := Way{To: t.connection.To.Address, Crafted: t.crafted, Answer: a, Probes: p.probed(t, a)}
		way.ends(&p.m.Targets[t.target])
		way.goesOn = a.Left && p.w.bridges(p.w.hostOf(&p.m.Targets[t.target]), a.Hops)
		if t.crafted && a.Verdict == filter.Open {
			way.craft(p.m.Sources[t.source])
		}
		if way.Predicted = way.Verdict; way.Opened() {
			way.Verdict = filter.Open
		}
		out = append(out, way)
	}
	return out
}

// bridges says whether the last of some hops is that out of a host by a bridge.
func (w *world) bridges(host string, hops []reach.Hop) bool {
	if len(hops) == 0 || hops[len(hops)-1].Space != host {
		return false
	}
	return interfaceOf(w.stacks[w.numbers[host]], hops[len(hops)-1].Out).Kind == "bridge"
}

// ends makes sure that what is reached is the target: elsewhere, its address may
// be that of another.
func (way *Way) ends(t *Target) {
	if (way.Verdict == filter.Open || way.Unheard) && way.Space != t.space && way.Space != t.receiver {
		way.Verdict, way.Unheard, way.By = filter.Blocked, false, filter.Step{}
		way.Why = "from there, " + way.To.String() + " is in " + way.Space
	}
}

// craft judges whether a source can make the frames that would get through.
func (way *Way) craft(s Source) {
	if s.Kind != Containers {
		return
	}
	switch s.raw {
	case rawNo:
		way.Verdict, way.Why, way.By = filter.Blocked, "only frames made by hand get there, which takes the capability NET_RAW", filter.Step{}
	case rawUnknown:
		way.Verdict, way.Why, way.By = filter.Unknown, "frames made by hand get there; whether it may make them (NET_RAW) is not known", filter.Step{}
	}
}
