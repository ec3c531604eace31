package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/matrix"
)

// walks tell of each pair that was asked for how a connection goes: the best way
// in full, the others too with --verbose.
func (t *reachText) walks() {
	for j := range t.reach.Targets {
		for i := range t.reach.Sources {
			t.walk(&t.reach.Sources[i], &t.reach.Targets[j], &t.reach.Cells[i*len(t.reach.Targets)+j])
		}
	}
}

func (t *reachText) walk(s *ReachSource, target *ReachTarget, c *ReachCell) {
	t.linef(0, "")
	to := t.targetName(reachColumn{targets: []*ReachTarget{target}})
	t.labelled(0, bold, "", t.sourceName(s, nameRoom)+" → "+to+": "+c.outcome().legend)
	if target.Stranger != "" {
		t.prose(2, "", target.Stranger)
	}
	if c.Why != "" || len(c.Ways) == 0 {
		t.prose(2, "", c.Why)
	}
	for i := range c.Ways {
		if i > 0 && !t.Verbose {
			t.otherWays(c.Ways[i:])
			break
		}
		t.way(s, &c.Ways[i])
	}
	if probed := c.probed(); probed != "" {
		t.prose(2, lang.T("probed: "), probed)
	}
	t.remedies(2, reachColumn{targets: []*ReachTarget{target}, cells: []*ReachCell{c}})
}

// otherWays tell what becomes of the other addresses: those with one reason
// together.
func (t *reachText) otherWays(ways []ReachWay) {
	var reasons []string
	addresses := map[string][]string{}
	for i := range ways {
		reason := wayWord(ways[i].Verdict) + ": " + ways[i].decides()
		if addresses[reason] == nil {
			reasons = append(reasons, reason)
		}
		addresses[reason] = append(addresses[reason], ways[i].To)
	}
	for _, reason := range reasons {
		t.prose(2, "", lang.Sprintf("to %s: %s", some(addresses[reason]), reason))
	}
}

// way tells what a connection meets, network by network.
func (t *reachText) way(s *ReachSource, w *ReachWay) {
	about := lang.Sprintf("to %s", w.To)
	if w.Crafted {
		about = lang.Sprintf("%s, with frames made by hand (NET_RAW)", about)
	}
	if stand := standsIn(s, w); stand != "" {
		about = lang.Sprintf("%s, shown for %s, which is like it", about, stand)
	}
	t.prose(2, "", about)
	replies := false
	for i := range w.Hops {
		h := &w.Hops[i]
		there, back := parted(h.Trail)
		replies = replies || len(back) > 0
		passage := h.passage()
		if i == len(w.Hops)-1 && h.Out == "" && !h.Bridged && w.Through {
			passage = lang.Sprintf("%s, ends here", passage)
		}
		t.labelled(2, bold, fmt.Sprintf("%2d  ", i+1), h.Space+": "+passage)
		t.steps(there)
	}
	if replies {
		t.linef(2, "%s", lang.T("the reply:"))
		for i, h := range slices.Backward(w.Hops) {
			if _, back := parted(h.Trail); len(back) > 0 {
				t.labelled(2, bold, fmt.Sprintf("%2d  ", i+1), h.Space)
				t.steps(back)
			}
		}
	}
	t.prose(2, lang.T("end: "), wayWord(w.Verdict)+": "+w.decides())
}

// standsIn is the container that another one was tried as: of those that are
// alike, one is.
func standsIn(s *ReachSource, w *ReachWay) string {
	if s.Kind != matrix.Containers || len(w.Hops) == 0 || w.Hops[0].In != "" {
		return ""
	}
	first := w.Hops[0].Space
	if slices.ContainsFunc(s.Members, func(m ReachMember) bool {
		return first == m.Name || first == lang.Sprintf("%s of %s", m.Name, m.Engine)
	}) {
		return ""
	}
	return first
}

// parted tells the way there from that of the reply, without the chains that are
// only entered.
func parted(trail []ReachStep) (there, back []ReachStep) {
	for _, s := range trail {
		switch {
		case s.Kind == "chain":
		case s.Reply:
			back = append(back, s)
		default:
			there = append(there, s)
		}
	}
	return there, back
}

func (t *reachText) steps(list []ReachStep) {
	for i := range list {
		text := list[i].words()
		if list[i].Kind == "rule" && !list[i].plain() {
			text += " → " + list[i].Effect
		}
		t.prose(8, "", text)
	}
}

// plain reports whether a rule's text ends with what came of it: "-j DROP".
func (s *ReachStep) plain() bool {
	words := strings.Fields(s.Effect)
	return len(words) == 0 || strings.HasSuffix(strings.ToLower(s.Text), strings.ToLower(words[len(words)-1]))
}

// passage says by where packets come and go.
func (h *ReachHop) passage() string {
	var parts []string
	switch {
	case h.In == "":
		parts = append(parts, lang.T("sends"))
	case h.Port != "":
		parts = append(parts, lang.Sprintf("comes by %s of the bridge %s", h.Port, h.In))
	default:
		parts = append(parts, lang.Sprintf("comes by %s", h.In))
	}
	if h.To != "" {
		parts = append(parts, lang.Sprintf("to %s", h.To))
	}
	switch {
	case h.Bridged:
		parts = append(parts, lang.T("stays on the bridge"))
	case h.Out != "":
		parts = append(parts, lang.Sprintf("leaves by %s", h.Out))
	}
	return lang.Comma(parts)
}
