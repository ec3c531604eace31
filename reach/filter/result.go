package filter

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"
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

// same: the ends are alike for whoever tries to connect.
func (f *final) same(g *final) bool {
	if f.verdict != g.verdict {
		return false
	}
	return f.verdict != Open || f.dst == g.dst && f.local == g.local && f.out == g.out && f.via == g.via
}

// edge is where a range of some finals begins, or has ended.
type edge struct {
	at    netip.Addr
	begin bool
	group int
}

// results turns the possible ends, which overlap where there are doubts, into
// one answer for each part.
func results(finals []final) []Result {
	// Those with the same senders go together.
	var groups [][]int
	index := map[[2]any]int{}
	var edges []edge
	for i := range finals {
		s := finals[i].sources
		key := [2]any{&s[0], len(s)}
		g, ok := index[key]
		if !ok {
			g = len(groups)
			index[key], groups = g, append(groups, nil)
			for _, r := range s {
				edges = append(edges, edge{r.From(), true, g})
				if end := netipx.AddrNext(r.To()); end.IsValid() {
					edges = append(edges, edge{end, false, g})
				}
			}
		}
		groups[g] = append(groups[g], i)
	}
	slices.SortFunc(edges, func(a, b edge) int { return a.at.Compare(b.at) })

	var active []int
	known := map[string][]*answer{} // by the groups
	byPart := map[string]*answer{}
	var all []*answer
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			n, found := slices.BinarySearch(active, edges[i].group)
			switch {
			case edges[i].begin && !found:
				active = slices.Insert(active, n, edges[i].group)
			case !edges[i].begin && found:
				active = slices.Delete(active, n, n+1)
			}
		}
		if len(active) == 0 {
			continue
		}
		end := lastOf(at)
		if i < len(edges) {
			end = netipx.AddrPrior(edges[i].at)
		}
		key := fmt.Sprint(active)
		if known[key] == nil {
			for _, a := range answers(finals, groups, active) {
				name := fmt.Sprint(a.part, a.ports)
				if byPart[name] == nil {
					byPart[name] = a
					all = append(all, a)
				}
				known[key] = append(known[key], byPart[name])
			}
		}
		for _, a := range known[key] {
			a.sources.AddRange(netipx.IPRangeFrom(at, end))
		}
	}
	out := make([]Result, len(all))
	for i, a := range all {
		set, _ := a.sources.IPSet() // the ranges are valid
		out[i] = result(finals, a.part, set)
		if !slices.Equal(a.ports, anyPort) {
			out[i].Ports = a.ports
		}
	}
	return out
}

// answer is how some senders end when they send from some ports.
type answer struct {
	part
	ports   ports
	sources netipx.IPSetBuilder
}

// answers are those for senders to whom the same groups of ends are possible.
func answers(finals []final, groups [][]int, active []int) []*answer {
	var candidates []int
	cuts := []int{1, 65536} // where some ports begin, or have ended
	for _, g := range active {
		candidates = append(candidates, groups[g]...)
	}
	slices.Sort(candidates)
	for _, i := range candidates {
		for _, r := range finals[i].ports {
			cuts = append(cuts, int(r.From), int(r.To)+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []*answer
	for n := range len(cuts) - 1 {
		here := PortRange{uint16(cuts[n]), uint16(cuts[n+1] - 1)}
		var possible []int
		for _, i := range candidates {
			if (ports{here}).within(finals[i].ports) {
				possible = append(possible, i)
			}
		}
		p := decide(finals, possible)
		if at := slices.IndexFunc(out, func(a *answer) bool { return alike(finals, a.part, p) }); at >= 0 {
			out[at].ports = out[at].ports.union(ports{here})
		} else {
			out = append(out, &answer{part: p, ports: ports{here}})
		}
	}
	return out
}

// alike: two parts end by the same decision, perhaps not along the same trail.
func alike(finals []final, a, b part) bool {
	decision := func(p part) (Step, Step) {
		if p.other < 0 {
			return finals[p.main].by, Step{}
		}
		return finals[p.main].by, finals[p.other].doubts.step
	}
	by1, doubt1 := decision(a)
	by2, doubt2 := decision(b)
	return finals[a.main].same(&finals[b.main]) && a.sources == b.sources && by1 == by2 && doubt1 == doubt2
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
		r.Why = "it is not known whether the rule matches, and it matters: " + string(f.verdict) + " if it does not"
	}
	for d := doubtful.doubts; d != nil; d = d.prev {
		r.Doubts = append(r.Doubts, d.step)
	}
	if r.Verdict == Unknown && len(r.Doubts) > 0 {
		r.By = r.Doubts[0]
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
