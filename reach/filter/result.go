package filter

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"seawall/lang"
)

// Verdict is what becomes of a connection.
type Verdict string

// The verdicts.
const (
	Open    Verdict = "open"    // request and reply get through
	Blocked Verdict = "blocked" // one of them surely does not
	Unknown Verdict = "unknown" // the facts do not tell
)

// Result is the answer for a part of the senders.
type Result struct {
	Sources *netipx.IPSet
	// Ports are those that they send from; nil for any. A sender chooses its port:
	// who has a result that is open gets in.
	Ports   []PortRange
	Verdict Verdict
	// By is what decides: the rule or policy that ends it, the route that leads
	// nowhere, the rule that is in doubt. For Open it is the last accepting rule
	// of input, forward or output on the way there, or else the last policy.
	By Step
	// Why says in words what Verdict and By do not.
	Why string
	// To is where the packet ends, after translation. Local: on this host; else
	// it leaves by Out for Via (the zero address: on the link). Of no meaning
	// where the request is blocked.
	To    netip.AddrPort
	Local bool
	Out   string
	Via   netip.Addr
	// Translated: what arrives carries another source address: From, or the zero
	// address where it is not known which, or whether.
	Translated bool
	From       netip.Addr
	// Trail is all that happened, in order: for Unknown, as if the rules in doubt
	// had not matched.
	Trail []Step
	// Doubts are the rules in doubt that together lead to another end.
	Doubts []Step
}

// Step is something that a packet met.
type Step struct {
	Reply bool   // on the way back
	Hook  string // "" for routing
	// Kind is "chain" (a chain with a hook is entered), "rule", "policy" or
	// "route"; "" where there is nothing to name.
	Kind string
	// Tool, Family, Table and Chain say where; Index counts the rules of the chain
	// from 0.
	Tool, Family, Table, Chain string
	Index                      int
	// Text is the rule in its tool's words.
	Text string
	// Effect is what came of it: "accept", "jump DOCKER", "dnat to 172.17.0.2:80".
	Effect string
}

func (s Step) String() string {
	var parts []string
	if s.Reply {
		parts = append(parts, "reply:")
	}
	if s.Kind == "route" {
		return strings.Join(append(parts, "route", s.Effect), " ")
	}
	parts = append(parts, s.Family, s.Table, s.Chain)
	switch s.Kind {
	case "rule":
		parts = append(parts, fmt.Sprintf("#%d", s.Index), s.Text)
	default:
		parts = append(parts, s.Kind)
	}
	if s.Effect != "" {
		parts = append(parts, "→", s.Effect)
	}
	return strings.Join(parts, " ")
}

// final is one possible end of a part of the senders.
type final struct {
	*world
	verdict Verdict
	by      Step
	why     string
}

// doubt is the last rule that was taken to match.
func (f *final) doubt() Step {
	if f.doubts == nil {
		return Step{}
	}
	return f.doubts.step
}

// same: the ends are alike for whoever tries to connect.
func (f *final) same(g *final) bool {
	if f.verdict != g.verdict {
		return false
	}
	return f.verdict != Open || f.dst == g.dst && f.local == g.local && f.out == g.out && f.via == g.via
}

// edge is where a range of something begins, or has ended.
type edge[T any] struct {
	at    T
	begin bool
	what  int
}

// sweep goes through ranges in order, and tells between any two edges which
// ranges are there; next is nil after the last edge.
func sweep[T any](edges []edge[T], compare func(T, T) int, visit func(at T, next *T, there []int)) {
	slices.SortFunc(edges, func(a, b edge[T]) int { return compare(a.at, b.at) })
	var there []int
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && compare(edges[i].at, at) == 0; i++ {
			n, found := slices.BinarySearch(there, edges[i].what)
			switch {
			case edges[i].begin && !found:
				there = slices.Insert(there, n, edges[i].what)
			case !edges[i].begin && found:
				there = slices.Delete(there, n, n+1)
			}
		}
		switch {
		case len(there) == 0:
		case i < len(edges):
			visit(at, &edges[i].at, there)
		default:
			visit(at, nil, there)
		}
	}
}

// whole are all senders of a query, as ranges and as a set; the set is nil where it
// holds others, too.
type whole struct {
	ranges addrs
	set    *netipx.IPSet
}

// alike are the results where the possible ends are those of the same senders.
func alike(finals []final, w whole) []Result {
	set := w.set
	if set == nil || !finals[0].sources.is(w.ranges) {
		set = setOf(finals[0].sources)
	}
	candidates := make([]int, len(finals))
	for i := range candidates {
		candidates[i] = i
	}
	var out []Result
	for _, a := range answers(finals, candidates) {
		out = append(out, a.result(finals, set))
	}
	return out
}

func setOf(lists ...addrs) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, list := range lists {
		for _, r := range list {
			b.AddRange(r)
		}
	}
	set, _ := b.IPSet() // the ranges are valid
	return set
}

// results turns the possible ends, which overlap where there are doubts, into
// one answer for each part.
func results(finals []final, w whole) []Result {
	if len(finals) == 0 {
		return nil
	}
	if !slices.ContainsFunc(finals, func(f final) bool { return !f.sources.is(finals[0].sources) }) {
		return alike(finals, w)
	}
	// Those with the same senders go together.
	var groups [][]int
	index := map[[2]any]int{}
	var edges []edge[netip.Addr]
	for i := range finals {
		s := finals[i].sources
		key := [2]any{&s[0], len(s)}
		g, ok := index[key]
		if !ok {
			g = len(groups)
			index[key], groups = g, append(groups, nil)
			for _, r := range s {
				edges = append(edges, edge[netip.Addr]{r.From(), true, g})
				if end := r.To().Next(); end.IsValid() {
					edges = append(edges, edge[netip.Addr]{end, false, g})
				}
			}
		}
		groups[g] = append(groups[g], i)
	}

	// Senders with the same possible ends are a class.
	var classes []addrs
	known := map[string]int{}
	byPart := map[string]*answer{}
	var all []*answer
	sweep(edges, netip.Addr.Compare, func(at netip.Addr, next *netip.Addr, there []int) {
		key := fmt.Sprint(there)
		class, ok := known[key]
		if !ok {
			class = len(classes)
			known[key], classes = class, append(classes, nil)
			var candidates []int
			for _, g := range there {
				candidates = append(candidates, groups[g]...)
			}
			for _, a := range answers(finals, candidates) {
				name := fmt.Sprint(a.part, a.ports)
				if byPart[name] == nil {
					byPart[name] = a
					all = append(all, a)
				}
				byPart[name].classes = append(byPart[name].classes, class)
			}
		}
		end := lastOf(at)
		if next != nil {
			end = next.Prev()
		}
		classes[class] = append(classes[class], netipx.IPRangeFrom(at, end))
	})

	sets := map[string]*netipx.IPSet{}
	out := make([]Result, len(all))
	for i, a := range all {
		key := fmt.Sprint(a.classes)
		if sets[key] == nil {
			lists := make([]addrs, len(a.classes))
			for n, class := range a.classes {
				lists[n] = classes[class]
			}
			sets[key] = setOf(lists...)
		}
		out[i] = a.result(finals, sets[key])
	}
	return out
}

// result is that for some of the senders.
func (a *answer) result(finals []final, set *netipx.IPSet) Result {
	r := result(finals, a.part, set)
	if !slices.Equal(a.ports, anyPort) {
		r.Ports = a.ports
	}
	return r
}

// answer is how some senders end when they send from some ports.
type answer struct {
	part
	ports   ports
	classes []int // of senders
}

// answers are those for senders that may have these ends.
func answers(finals []final, candidates []int) []*answer {
	if len(candidates) == 1 {
		return []*answer{{part: decide(finals, candidates), ports: finals[candidates[0]].ports}}
	}
	var edges []edge[int]
	for _, i := range candidates {
		for _, r := range finals[i].ports {
			edges = append(edges, edge[int]{int(r.From), true, i}, edge[int]{int(r.To) + 1, false, i})
		}
	}
	var out []*answer
	byEnd := map[end]*answer{}
	sweep(edges, cmp.Compare[int], func(at int, next *int, there []int) {
		p := decide(finals, there)
		e := p.end(finals)
		if byEnd[e] == nil {
			byEnd[e] = &answer{part: p}
			out = append(out, byEnd[e])
		}
		byEnd[e].ports = append(byEnd[e].ports, PortRange{uint16(at), uint16(*next - 1)})
	})
	for _, a := range out {
		a.ports = a.ports.union(nil)
	}
	return out
}

// end is what parts have in common that end by the same decision, perhaps not
// along the same trail.
type end struct {
	verdict   Verdict
	by, doubt Step
	doubtful  bool // another end is possible
	sources   bool
	to        netip.AddrPort
	local     bool
	out       string
	via, from netip.Addr
}

func (p part) end(finals []final) end {
	f := &finals[p.main]
	e := end{verdict: f.verdict, by: f.by, sources: p.sources}
	if f.verdict == Open {
		e.to, e.local, e.out, e.via, e.from = f.dst, f.local, f.out, f.via, f.src
	}
	if p.other >= 0 {
		e.doubtful, e.doubt = true, finals[p.other].doubt()
	}
	return e
}

// lastOf is the last address of the family of ip.
func lastOf(ip netip.Addr) netip.Addr {
	if ip.Is4() {
		return netip.AddrFrom4([4]byte{255, 255, 255, 255})
	}
	return netipx.PrefixLastIP(netip.PrefixFrom(ip, 0))
}

// part is how a part of the senders ends.
type part struct {
	main  int // the end with the fewest rules taken to match in doubt
	other int // one that differs, again that with the fewest; or -1
	// sources: it is not known what source address arrives.
	sources bool
}

func decide(finals []final, active []int) part {
	p := part{main: active[0], other: -1}
	for _, i := range active[1:] {
		if finals[i].taken() < finals[p.main].taken() {
			p.main = i
		}
	}
	main := &finals[p.main]
	if main.verdict == Unknown {
		return p
	}
	for _, i := range active {
		f := &finals[i]
		if !f.same(main) && (p.other < 0 || f.taken() < finals[p.other].taken()) {
			p.other = i
		}
		p.sources = p.sources || f.snat != main.snat || f.src != main.src
	}
	return p
}

func result(finals []final, p part, set *netipx.IPSet) Result {
	f := &finals[p.main]
	r := Result{
		Sources: set, Verdict: f.verdict, By: f.by, Why: f.why,
		To: f.dst, Local: f.local, Out: f.out, Via: f.via,
		Translated: f.snat, From: f.src,
		Trail: f.trail.steps(),
	}
	doubtful := f
	if p.sources && f.verdict == Open {
		r.Translated, r.From = true, netip.Addr{}
	}
	if p.other >= 0 {
		doubtful = &finals[p.other]
		r.Verdict = Unknown
		r.Why = lang.T("it is not known whether the rule matches, and it matters: blocked if it does not")
		if f.verdict == Open {
			r.Why = lang.T("it is not known whether the rule matches, and it matters: open if it does not")
		}
	}
	for d := doubtful.doubts; d != nil; d = d.prev {
		r.Doubts = append(r.Doubts, d.step)
	}
	if r.Verdict == Unknown && doubtful.doubts != nil {
		r.By = doubtful.doubt()
		if doubtful.why != "" {
			r.Why = doubtful.why
		}
	}
	slices.Reverse(r.Doubts)
	if r.Verdict != Unknown {
		r.Doubts = nil
	}
	return r
}
