package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"

	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// ReachFormat is the format and version of who reaches what in JSON; its schema
// is docs/schema/reach-1.json.
const ReachFormat = "seawall.reach/1"

// Reach is who can open a connection to what.
type Reach struct {
	Format  string    `json:"format"`
	Tool    string    `json:"tool"` // version of Seawall
	TakenAt time.Time `json:"takenAt"`
	Host    Host      `json:"host"`
	Engines []Engine  `json:"engines"`
	// ContainerNets: the networks of containers were asked for.
	ContainerNets bool `json:"containerNets"`
	// From and To are the names that the answer was narrowed to.
	From    string        `json:"from,omitempty"`
	To      string        `json:"to,omitempty"`
	Sources []ReachSource `json:"sources"`
	Targets []ReachTarget `json:"targets"`
	// Cells are in the order of sources, then targets.
	Cells []ReachCell `json:"cells"`
	// Gaps are why something is not known.
	Gaps []ReachGap `json:"gaps"`
}

// ReachSource is who opens connections. Its id is its number, from 1.
type ReachSource struct {
	ID       int               `json:"id"`
	Kind     matrix.SourceKind `json:"kind"`
	Name     string            `json:"name"`
	Networks []string          `json:"networks,omitempty"`
	Members  []ReachMember     `json:"members,omitempty"`
}

// ReachMember is a container.
type ReachMember struct {
	Engine  string `json:"engine"`
	Name    string `json:"name"`
	Project string `json:"project,omitempty"`
}

// ReachTarget is what connections are opened to. Its id is its number, from 1.
type ReachTarget struct {
	ID       int               `json:"id"`
	Kind     matrix.TargetKind `json:"kind"`
	Name     string            `json:"name"`
	Engine   string            `json:"engine,omitempty"`
	Network  string            `json:"network,omitempty"`
	Protocol string            `json:"protocol"`
	Port     uint16            `json:"port"`
	// Addresses that it has: of a container's port, those of the first container.
	Addresses []string      `json:"addresses"`
	Members   []ReachMember `json:"members,omitempty"`
	// Stranger is what a client without a certificate gets from an API, in words;
	// Handshake is what was seen.
	Stranger  string              `json:"stranger,omitempty"`
	Handshake *snapshot.Handshake `json:"handshake,omitempty"`
}

// ReachCell is whether a source reaches a target.
type ReachCell struct {
	Source  int            `json:"source"`
	Target  int            `json:"target"`
	Verdict filter.Verdict `json:"verdict"`
	// Partly: it holds for a part of the source's addresses.
	Partly bool `json:"partly,omitempty"`
	// Why there is no way to try, where there is none.
	Why string `json:"why,omitempty"`
	// Ways are what becomes of it by each address, the best first.
	Ways []ReachWay `json:"ways"`
}

// ReachWay is one way to try a connection.
type ReachWay struct {
	To string `json:"to"`
	// Senders are the addresses that it holds for, as ranges: where it holds for
	// some only.
	Senders []string `json:"senders,omitempty"`
	// Crafted: the frames are made by hand.
	Crafted bool           `json:"crafted,omitempty"`
	Verdict filter.Verdict `json:"verdict"`
	// Through: all rules that were read let it through.
	Through bool `json:"through"`
	// Unheard: it is blocked by nothing but that nobody listens.
	Unheard bool `json:"unheard,omitempty"`
	// Space is the network where it ends, By the rule, policy or route that decides.
	Space string     `json:"space,omitempty"`
	By    *ReachStep `json:"by,omitempty"`
	Why   string     `json:"why,omitempty"`
	// Hops are the networks on the way: where one source and one target were
	// asked for.
	Hops   []ReachHop   `json:"hops,omitempty"`
	Probes []ReachProbe `json:"probes,omitempty"`
}

// ReachHop is a network on the way.
type ReachHop struct {
	Space   string      `json:"space"`
	In      string      `json:"in,omitempty"`
	Port    string      `json:"port,omitempty"` // of a bridge
	Bridged bool        `json:"bridged,omitempty"`
	Out     string      `json:"out,omitempty"`
	To      string      `json:"to,omitempty"`
	Trail   []ReachStep `json:"trail"`
}

// ReachStep is something that packets met.
type ReachStep struct {
	Reply  bool   `json:"reply,omitempty"` // on the way back
	Hook   string `json:"hook,omitempty"`
	Kind   string `json:"kind"`
	Tool   string `json:"tool,omitempty"`
	Family string `json:"family,omitempty"`
	Table  string `json:"table,omitempty"`
	Chain  string `json:"chain,omitempty"`
	Number int    `json:"number,omitempty"` // of a rule in its chain, from 1
	Text   string `json:"text,omitempty"`   // of a rule, in its tool's words
	Effect string `json:"effect,omitempty"`
}

// ReachProbe is a connection that was tried.
type ReachProbe struct {
	From    string `json:"from"`
	Address string `json:"address"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
	API     string `json:"api,omitempty"`
	// Disagrees with what was predicted.
	Disagrees bool `json:"disagrees,omitempty"`
}

// ReachGap is why something is not known.
type ReachGap struct {
	What string `json:"what"`
	snapshot.Gap
}

// BuildReach sums up a matrix of a snapshot, or the part of it that was asked for
// by names.
func BuildReach(tool string, s *snapshot.Snapshot, m *matrix.Matrix, from, to string) *Reach {
	r := &Reach{
		Format: ReachFormat, Tool: tool, TakenAt: s.TakenAt, Host: summarizeHost(&s.Host), Engines: []Engine{},
		ContainerNets: s.ContainerNets, From: from, To: to,
		Sources: []ReachSource{}, Targets: []ReachTarget{}, Cells: []ReachCell{}, Gaps: reachGaps(s, m),
	}
	for i := range s.Engines {
		r.Engines = append(r.Engines, summarizeEngine(&s.Engines[i]))
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
	return r
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

// reachProbe compares what was tried with what was predicted. Of what is not
// known, nothing was.
func reachProbe(w *matrix.Way, p matrix.Probe) ReachProbe {
	out := ReachProbe{From: p.From}
	if p.NetProbe == nil {
		return out
	}
	out.Address, out.Outcome, out.Detail, out.API = p.Address, p.Outcome, p.Detail, p.API
	switch {
	case p.Outcome == "failed" || w.Verdict == filter.Unknown:
	default:
		out.Disagrees = (p.Outcome == "open") != (w.Verdict == filter.Open)
	}
	return out
}

// Partial reports whether something could not be read.
func (r *Reach) Partial() bool { return len(r.Gaps) > 0 }

// ReachJSON writes it in the format described by docs/schema/reach-1.json.
func ReachJSON(w io.Writer, r *Reach) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
