package report

import "strings"

// ProofVerdict is what came of trying a hop on the live host.
type ProofVerdict string

// The verdicts.
const (
	Proven      ProofVerdict = "proven"
	Refuted     ProofVerdict = "refuted"
	NotProvable ProofVerdict = "not provable"
)

// PathProof is what was tried of a hop on the live host, without doing any harm, and
// what that shows.
type PathProof struct {
	Verdict ProofVerdict `json:"verdict"`
	// Tried are the looks that were taken, each with what it found.
	Tried []string `json:"tried"`
	// Detail says what refutes the hop, or why it cannot be proven.
	Detail string `json:"detail,omitempty"`
}

// proof tells what was tried of a hop.
func (t *pathsText) proof(h *PathHop) {
	p := h.Proof
	if p == nil {
		return
	}
	color := map[ProofVerdict]string{Proven: red, Refuted: green, NotProvable: dim}[p.Verdict]
	text := p.Detail
	if p.Verdict == Proven {
		text = strings.Join(p.Tried, "; ")
	}
	t.labelled(6, color, string(p.Verdict)+": ", text)
	if t.Verbose && p.Verdict != Proven {
		for _, tried := range p.Tried {
			t.prose(6, "tried: ", tried)
		}
	}
}

// triedHops are the hops of all paths that something was tried of, each once.
func (p *Paths) triedHops() []*PathHop {
	var out []*PathHop
	seen := map[string]bool{}
	for i := range p.Paths {
		for k := range p.Paths[i].Hops {
			if h := &p.Paths[i].Hops[k]; h.Proof != nil && !seen[h.key()] {
				seen[h.key()] = true
				out = append(out, h)
			}
		}
	}
	return out
}

// proofs sums up what was tried, and tells the hops that are refuted wherever they
// stand.
func (t *pathsText) proofs() {
	hops := t.paths.triedHops()
	if len(hops) == 0 {
		return
	}
	t.title("TRIED ON THIS HOST")
	count := map[ProofVerdict]int{}
	for _, h := range hops {
		count[h.Proof.Verdict]++
	}
	t.prose(2, "", plural(len(hops), "hop")+": "+itoa(count[Proven])+" proven, "+itoa(count[Refuted])+" refuted, "+itoa(count[NotProvable])+" not provable.")
	if count[Refuted] == 0 {
		return
	}
	t.prose(2, "", "Where a hop is refuted, either Seawall is mistaken, or something holds the attacker back that it does not know of:")
	for _, h := range hops {
		if h.Proof.Verdict == Refuted {
			t.labelled(2, green, "refuted: ", t.all(h.From, " and ")+": "+h.does(h.What)+": "+h.Proof.Detail)
		}
	}
}
