package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/reach/filter"
	"seawall/reach/matrix"
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

// reachGaps are why something is not known: the engines, processes and networks
// that could not be read.
func reachGaps(s *snapshot.Snapshot, m *matrix.Matrix) []ReachGap {
	out := []ReachGap{}
	add := func(what string, gap snapshot.Gap) {
		if !slices.Contains(out, ReachGap{what, gap}) {
			out = append(out, ReachGap{what, gap})
		}
	}
	for i := range s.Engines {
		e := &s.Engines[i]
		if _, ok := e.API.Peek(); !ok {
			add(e.Name, e.API.Gap())
		}
		if e.Local && e.Daemon.Process.State() == snapshot.Unreadable {
			add("the process of "+e.Name, e.Daemon.Process.Gap())
		}
		if s.ContainerNets {
			processGaps(e, add)
		}
	}
	for _, g := range m.Gaps {
		name := g.Name
		if name == "" {
			name = "a network"
		}
		add(name, g.Gap)
	}
	if !s.ContainerNets {
		add("the networks of containers", snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: "they were not read: what containers listen on, and what their own rules stop, is not known",
			Remedy: "save the snapshot with 'seawall snapshot --reach'",
		})
	}
	return out
}

// processGaps are the containers that run in a network that is not known: those
// for one reason together.
func processGaps(e *snapshot.Engine, add func(string, snapshot.Gap)) {
	containers, _ := e.Containers.Peek()
	type reason struct {
		reason snapshot.Reason
		remedy string
	}
	var reasons []reason
	names := map[reason][]string{}
	gaps := map[reason]snapshot.Gap{}
	for i := range containers {
		gap := networkGap(&containers[i])
		if gap == nil {
			continue
		}
		why := reason{gap.Reason, gap.Remedy}
		if names[why] == nil {
			reasons, gaps[why] = append(reasons, why), *gap
		}
		names[why] = append(names[why], containers[i].Name)
	}
	for _, why := range reasons {
		add("the networks of "+some(names[why]), gaps[why])
	}
}

// networkGap is why it is not known which network a container that runs is in.
func networkGap(c *snapshot.Container) *snapshot.Gap {
	if !c.Running() {
		return nil
	}
	gap := c.Process.Gap()
	if p, ok := c.Process.Peek(); ok {
		if _, known := p.Namespaces.Peek(); known {
			return nil
		}
		gap = p.Namespaces.Gap()
	}
	return &gap
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
	if w.Why != "" && (w.By == nil || w.Verdict != filter.Open) {
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

// probed says what came of trying a cell; "" if nobody did.
func (c *ReachCell) probed() string {
	var out []string
	for i := range c.Ways {
		for _, p := range c.Ways[i].Probes {
			text := p.Outcome + " from " + p.From + " to " + p.Address
			if p.Detail != "" {
				text += " (" + p.Detail + ")"
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
