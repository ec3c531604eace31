package report

import (
	"net/netip"
	"slices"

	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// BuildReach sums up a matrix of a snapshot, or the part of it that was asked for
// by names. Thorough: what would close a cell is worked out for each.
func BuildReach(tool string, s *snapshot.Snapshot, m *matrix.Matrix, from, to string, thorough bool) *Reach {
	r := &Reach{
		Format: ReachFormat, Tool: tool, TakenAt: s.TakenAt, Host: summarizeHost(&s.Host), Engines: []Engine{},
		ContainerNets: s.ContainerNets, From: from, To: to,
		Sources: []ReachSource{}, Targets: []ReachTarget{}, Cells: []ReachCell{},
		Policies: reachPolicies(s, m.Whole()), Remedies: []ReachRemedy{}, Gaps: reachGaps(s, m),
	}
	for i := range s.Engines {
		r.Engines = append(r.Engines, summarizeEngine(s, &s.Engines[i]))
	}
	for i, source := range m.Sources {
		r.Sources = append(r.Sources, ReachSource{i + 1, source.Kind, source.Name, source.Networks, reachMembers(source.Members)})
	}
	for j := range m.Targets {
		r.Targets = append(r.Targets, reachTarget(j+1, &m.Targets[j]))
	}
	for i, row := range m.Cells {
		for j := range row {
			r.Cells = append(r.Cells, reachCell(i+1, j+1, &row[j], from != "" && to != ""))
		}
	}
	r.advise(s, m, thorough)
	return r
}

func reachPolicies(s *snapshot.Snapshot, m *matrix.Matrix) []ReachPolicy {
	out := []ReachPolicy{}
	for _, p := range m.Policies(s) {
		next := ReachPolicy{Space: p.Space, Topic: p.Topic, Family: p.Family, Verdict: p.Verdict, Target: p.Target, Targets: p.Targets, Sources: p.Sources, Words: p.Words}
		if p.Rule.Kind != "" {
			step := reachStep(p.Rule)
			next.Rule, next.named = &step, named(&p)
		}
		out = append(out, next)
	}
	return out
}

func reachMembers(members []matrix.Member) []ReachMember {
	var out []ReachMember
	for _, m := range members {
		out = append(out, ReachMember{m.Engine, m.Name, m.Project})
	}
	return out
}

func reachTarget(id int, t *matrix.Target) ReachTarget {
	out := ReachTarget{
		ID: id, Kind: t.Kind, Name: t.Name, Engine: t.Engine, Network: t.Network, Protocol: t.Protocol, Port: t.Port,
		Addresses: addressNames(t.Addresses), Members: reachMembers(t.Members),
	}
	if t.Listener != nil {
		out.Stranger = stranger(t.Listener.Handshake)
		if h, ok := t.Listener.Handshake.Peek(); ok {
			out.Handshake = &h
		}
	}
	return out
}

func addressNames(list []netip.Addr) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.String()
	}
	return out
}

func reachCell(source, target int, c *matrix.Cell, hops bool) ReachCell {
	out := ReachCell{Source: source, Target: target, Verdict: c.Verdict, Partly: c.Partly, Why: c.Why, Ways: []ReachWay{}}
	for i := range c.Ways {
		out.Ways = append(out.Ways, reachWay(&c.Ways[i], c.Partly, hops))
	}
	return out
}

func reachWay(w *matrix.Way, partly, hops bool) ReachWay {
	out := ReachWay{
		To: w.To.String(), Crafted: w.Crafted, Verdict: w.Verdict, Through: w.Through(), Unheard: w.Unheard,
		Space: w.Space, Why: w.Why,
	}
	if w.Predicted != w.Verdict {
		out.Predicted = w.Predicted
	}
	if by := decisive(w); by.Kind != "" {
		step := reachStep(by)
		out.By = &step
	}
	if partly && w.Sources != nil {
		for _, r := range w.Sources.Ranges() {
			out.Senders = append(out.Senders, rangeText(r.From(), r.To()))
		}
	}
	for _, p := range w.Probes {
		out.Probes = append(out.Probes, reachProbe(w, p))
	}
	if hops {
		for _, h := range w.Hops {
			out.Hops = append(out.Hops, reachHop(h.Space, h.In, h.Port, h.Bridged, h.Out, h.To, h.Trail))
		}
	}
	return out
}

// decisive is the step that decides: of what is open, the last rule that lets it
// in, in whichever network that is.
func decisive(w *matrix.Way) filter.Step {
	if w.By.Kind != "" || w.Verdict != filter.Open {
		return w.By
	}
	for _, hop := range slices.Backward(w.Hops) {
		for _, step := range slices.Backward(hop.Trail) {
			if !step.Reply && step.Kind == "rule" && step.Effect == "accept" {
				return step
			}
		}
	}
	return w.By
}

func rangeText(from, to netip.Addr) string {
	if from == to {
		return from.String()
	}
	return from.String() + "-" + to.String()
}

func reachHop(space, in, port string, bridged bool, out string, to netip.AddrPort, trail []filter.Step) ReachHop {
	h := ReachHop{Space: space, In: in, Port: port, Bridged: bridged, Out: out, Trail: []ReachStep{}}
	if to.IsValid() {
		h.To = to.String()
	}
	for _, s := range trail {
		h.Trail = append(h.Trail, reachStep(s))
	}
	return h
}

func reachStep(s filter.Step) ReachStep {
	out := ReachStep{Reply: s.Reply, Hook: s.Hook, Kind: s.Kind, Tool: s.Tool, Family: s.Family, Table: s.Table, Chain: s.Chain, Text: s.Text, Effect: s.Effect}
	if s.Kind == "rule" {
		out.Number = s.Index + 1
	}
	return out
}

// reachProbe compares what was tried with what was predicted.
func reachProbe(w *matrix.Way, p matrix.Probe) ReachProbe {
	alone := matrix.Way{Predicted: w.Predicted, Probes: []matrix.Probe{p}}
	return ReachProbe{From: p.From, Address: p.Address, Outcome: p.Outcome, Why: p.Why, Service: p.Service, Disagrees: alone.Disagrees()}
}
