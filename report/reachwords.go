package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// stranger says what a client without a certificate gets from a listener of the
// API.
func stranger(f snapshot.Fact[snapshot.Handshake]) string {
	h, ok := f.Peek()
	switch {
	case !ok && f.Gap().Detail != "":
		return "what a stranger gets there is not known: " + f.Gap().Detail
	case !ok:
		return "what a stranger gets there is not known"
	case h.Plaintext && h.Anonymous:
		return "anyone who connects controls the engine: no TLS"
	case h.Anonymous:
		return "anyone who connects controls the engine: TLS, but no client certificate is asked for"
	case h.TLS && len(h.ClientCAs) > 0:
		return "TLS, asks for a client certificate"
	case h.TLS:
		return "TLS; a client without a certificate is not served"
	case h.Plaintext:
		return "no TLS; the stranger was not served"
	}
	return "it does not answer as the Engine API does"
}

// words are a step in the words of its tool.
func (s *ReachStep) words() string {
	if s.Kind == "route" {
		return strings.TrimSpace("route: " + s.Effect)
	}
	var where string
	switch {
	case s.Tool == "iptables" && s.Family == "ip6":
		where = "ip6tables -t " + s.Table + " " + s.Chain
	case s.Tool == "iptables":
		where = "iptables -t " + s.Table + " " + s.Chain
	default:
		where = strings.Join(slices.DeleteFunc([]string{s.Tool, s.Family, s.Table, s.Chain}, func(p string) bool { return p == "" }), " ")
	}
	switch s.Kind {
	case "policy":
		return where + " policy " + s.Effect
	case "rule":
		return fmt.Sprintf("%s rule %d: %s", where, s.Number, strings.TrimPrefix(s.Text, "-A "+s.Chain+" "))
	}
	return where
}

// decides says what decides a way: the rule, policy or route, and why.
func (w *ReachWay) decides() string {
	var parts []string
	switch {
	case w.By == nil:
	case w.By.Kind == "route" && w.Why != "":
		parts = append(parts, "route") // the reason says more than the step
	default:
		parts = append(parts, w.By.words())
	}
	if w.Why != "" && (w.By == nil || w.Verdict != filter.Open || w.Predicted != "") {
		parts = append(parts, w.Why)
	}
	text := strings.Join(parts, ": ")
	if w.By != nil && w.By.Reply {
		text = "the reply meets " + text
	}
	if w.Unheard {
		text = "no rule stops it, but " + text
	}
	if w.Verdict == filter.Unknown && w.Through {
		text = "no rule that was read stops it; " + text
	}
	if w.Crafted {
		text = "frames made by hand: " + text
	}
	if w.Predicted != "" {
		text = "it opened when it was tried; predicted " + string(w.Predicted) + ": " + text
	}
	return text
}

// reason says what decides a cell: its best way or, where there is none, why. Of
// who is outside it says by which addresses, if others are closed: often those of
// one family.
func (c *ReachCell) reason(outside bool) string {
	if len(c.Ways) == 0 || c.Why != "" {
		return c.Why
	}
	text := c.Ways[0].decides()
	if c.Partly {
		text = "from " + some(c.Ways[0].Senders) + " only: " + text
	}
	if by, all := c.best(); !all && outside && c.Verdict == filter.Open {
		text = "by " + some(by) + " only: " + text
	}
	return text
}

// best are the addresses by which the best comes of it, and whether those are
// all.
func (c *ReachCell) best() (by []string, all bool) {
	all = true
	for i := range c.Ways {
		switch w := &c.Ways[i]; {
		case w.Verdict != c.Ways[0].Verdict || w.Unheard != c.Ways[0].Unheard:
			all = false
		case !slices.Contains(by, w.To):
			by = append(by, w.To)
		}
	}
	return by, all
}

// some names a few of a list.
func some(list []string) string {
	const most = 3
	if len(list) > most {
		return strings.Join(list[:most], ", ") + " and " + itoa(len(list)-most) + " more"
	}
	return strings.Join(list, ", ")
}

// services are the words for who answered a probe.
var services = map[string]string{
	"engine": "a stranger is answered as by the Engine API", "tls": "it speaks TLS", "other": "it is not the Engine API", "silent": "it says nothing",
}

// probed says what came of trying a cell; "" if nobody did.
func (c *ReachCell) probed() string {
	var out []string
	for i := range c.Ways {
		for _, p := range c.Ways[i].Probes {
			text := p.Outcome + " from " + p.From + " to " + p.Address
			if about := strings.Trim(p.Why+", "+services[p.Service], ", "); about != "" {
				text += " (" + about + ")"
			}
			if p.Disagrees {
				text += ", NOT AS PREDICTED"
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return strings.Join(out, "; ")
}

// disagrees reports whether something else came of trying than was predicted.
func (c *ReachCell) disagrees() bool {
	return slices.ContainsFunc(c.Ways, func(w ReachWay) bool {
		return slices.ContainsFunc(w.Probes, func(p ReachProbe) bool { return p.Disagrees })
	})
}
