package report

import (
	"strings"

	"seawall/lang"
)

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

// word is the verdict as people read it.
func (v ProofVerdict) word() string {
	switch v {
	case Proven:
		return lang.T("proven")
	case Refuted:
		return lang.T("refuted")
	}
	return lang.T("not provable")
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
		text = lang.Semicolon(p.Tried)
	}
	t.labelled(6, color, p.Verdict.word()+": ", text)
	if t.Verbose && p.Verdict != Proven {
		for _, tried := range p.Tried {
			t.prose(6, lang.T("tried: "), tried)
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
	t.title(lang.T("TRIED ON THIS HOST"))
	count := map[ProofVerdict]int{}
	for _, h := range hops {
		count[h.Proof.Verdict]++
	}
	t.prose(2, "", lang.Plural(len(hops), "%d hop: %d proven, %d refuted, %d not provable.", "%d hops: %d proven, %d refuted, %d not provable.", len(hops), count[Proven], count[Refuted], count[NotProvable]))
	if count[Refuted] == 0 {
		return
	}
	t.prose(2, "", lang.T("Where a hop is refuted, either Seawall is mistaken, or something holds the attacker back that it does not know of:"))
	for _, h := range hops {
		if h.Proof.Verdict == Refuted {
			t.labelled(2, green, Refuted.word()+": ", strings.Join(t.all(h.From), lang.T(" and "))+": "+h.does(h.What)+": "+h.Proof.Detail)
		}
	}
}
