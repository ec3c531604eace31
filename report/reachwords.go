package report

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// stranger says what a client without a certificate gets from a listener of the
// API.
func stranger(f snapshot.Fact[snapshot.Handshake]) string {
	h, ok := f.Peek()
	switch {
	case !ok && f.Gap().Detail != "":
		return lang.Sprintf("what a stranger gets there is not known: %s", lang.T(f.Gap().Detail))
	case !ok:
		return lang.T("what a stranger gets there is not known")
	case h.Plaintext && h.Anonymous:
		return lang.T("anyone who connects controls the engine: no TLS")
	case h.Anonymous:
		return lang.T("anyone who connects controls the engine: TLS, but no client certificate is asked for")
	case h.TLS && len(h.ClientCAs) > 0:
		return lang.T("TLS, asks for a client certificate")
	case h.TLS:
		return lang.T("TLS; a client without a certificate is not served")
	case h.Plaintext:
		return lang.T("no TLS; the stranger was not served")
	}
	return lang.T("it does not answer as the Engine API does")
}

// words are a step in the words of its tool.
func (s *ReachStep) words() string {
	if s.Kind == "route" {
		return strings.TrimSpace(lang.Sprintf("route: %s", s.Effect))
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
		return lang.Sprintf("%s policy %s", where, s.Effect)
	case "rule":
		return lang.Sprintf("%s rule %d: %s", where, s.Number, strings.TrimPrefix(s.Text, "-A "+s.Chain+" "))
	}
	return where
}

// decides says what decides a way: the rule, policy or route, and why.
func (w *ReachWay) decides() string {
	var parts []string
	switch {
	case w.By == nil:
	case w.By.Kind == "route" && w.Why != "":
		parts = append(parts, lang.C("of packets", "route")) // the reason says more than the step
	default:
		parts = append(parts, w.By.words())
	}
	if w.Why != "" && (w.By == nil || w.Verdict != filter.Open || w.Predicted != "") {
		parts = append(parts, w.Why)
	}
	text := strings.Join(parts, ": ")
	if w.By != nil && w.By.Reply {
		text = lang.Sprintf("the reply meets %s", text)
	}
	if w.Unheard {
		text = lang.Sprintf("no rule stops it, but %s", text)
	}
	if w.Verdict == filter.Unknown && w.Through {
		text = lang.Sprintf("no rule that was read stops it; %s", text)
	}
	if w.Crafted {
		text = lang.Sprintf("frames made by hand: %s", text)
	}
	if w.Predicted != "" {
		text = lang.Sprintf("it opened when it was tried; predicted %s: %s", wayWord(w.Predicted), text)
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
		text = lang.Sprintf("from %s only: %s", some(c.Ways[0].Senders), text)
	}
	if by, all := c.best(); !all && outside && c.Verdict == filter.Open {
		text = lang.Sprintf("by %s only: %s", some(by), text)
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
		return lang.Comma(list[:most]) + lang.Sprintf(" and %d more", len(list)-most)
	}
	return lang.Comma(list)
}

// answered says who answered a probe; "" if nobody did.
func answered(service string) string {
	switch service {
	case "engine":
		return lang.T("a stranger is answered as by the Engine API")
	case "tls":
		return lang.T("it speaks TLS")
	case "other":
		return lang.T("it is not the Engine API")
	case "silent":
		return lang.C("a server", "it says nothing")
	}
	return ""
}

// outcomeWord is what came of a probe as people read it.
func outcomeWord(o string) string {
	switch o {
	case "opened":
		return lang.T("opened")
	case "refused":
		return lang.C("a connection", "refused")
	case "timeout":
		return lang.T("timeout")
	case "unreachable":
		return lang.T("unreachable")
	case "not tried":
		return lang.T("not tried")
	}
	return o
}

// probed says what came of trying a cell; "" if nobody did.
func (c *ReachCell) probed() string {
	var out []string
	for i := range c.Ways {
		for _, p := range c.Ways[i].Probes {
			text := lang.Sprintf("%s from %s to %s", outcomeWord(p.Outcome), p.From, p.Address)
			about := slices.DeleteFunc([]string{lang.Reword(p.Why), answered(p.Service)}, func(s string) bool { return s == "" })
			if len(about) > 0 {
				text = lang.Bracket(text, lang.Comma(about))
			}
			if p.Disagrees {
				text = lang.Sprintf("%s, NOT AS PREDICTED", text)
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return lang.Semicolon(out)
}

// disagrees reports whether something else came of trying than was predicted.
func (c *ReachCell) disagrees() bool {
	return slices.ContainsFunc(c.Ways, func(w ReachWay) bool {
		return slices.ContainsFunc(w.Probes, func(p ReachProbe) bool { return p.Disagrees })
	})
}
