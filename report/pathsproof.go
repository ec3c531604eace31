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

// refutation says what it means that a hop was refuted.
const refutation = "Either Seawall is mistaken here, or something holds the attacker back that it does not know of."

// proof tells what was tried of a hop.
func (t *pathsText) proof(h *PathHop) {
	p := h.Proof
	if p == nil {
		return
	}
	color := map[ProofVerdict]string{Proven: red, Refuted: green, NotProvable: dim}[p.Verdict]
	text := strings.Join(p.Tried, "; ")
	switch p.Verdict {
	case Refuted:
		text = p.Detail + ". " + refutation
	case NotProvable:
		text = p.Detail
	}
	t.labelled(6, color, string(p.Verdict)+": ", text)
	if t.Verbose && p.Verdict != Proven {
		for _, tried := range p.Tried {
			t.prose(6, "tried: ", tried)
		}
	}
}

// Proofs counts the hops of all paths by what came of trying them, each hop once.
func (p *Paths) Proofs() map[ProofVerdict]int {
	out := map[ProofVerdict]int{}
	seen := map[*PathProof]bool{}
	for i := range p.Paths {
		for k := range p.Paths[i].Hops {
			if proof := p.Paths[i].Hops[k].Proof; proof != nil && !seen[proof] {
				seen[proof] = true
				out[proof.Verdict]++
			}
		}
	}
	return out
}

// proofs sums up what was tried.
func (t *pathsText) proofs() {
	n := t.paths.Proofs()
	if len(n) == 0 {
		return
	}
	t.linef(0, "")
	t.prose(0, "", "Tried on the host: "+plural(n[Proven]+n[Refuted]+n[NotProvable], "hop")+", "+
		itoa(n[Proven])+" proven, "+itoa(n[Refuted])+" refuted, "+itoa(n[NotProvable])+" not provable.")
}
