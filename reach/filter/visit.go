package filter

import (
	"slices"

	"seawall/lang"
)

// visit is the passage of packets through one hook.
type visit struct {
	walk  *walk
	level string // the family of the chains: "ip", "ip6", "bridge" or "netdev"
	hook  string
	reply bool
	// loop: they come back by lo, with what tracking knows of them.
	loop bool
	// port: of a device of netdev, the port of the bridge is meant, not the bridge.
	port bool

	base     *chain   // the chain of the hook
	stack    []*chain // those from there
	accepted []*world
}

// maxJumps is how deep the kernel follows jumps of nft (NFT_JUMP_STACK_SIZE).
const maxJumps = 16

// pass leads packets through the chains of the hook and gives those that are
// let through.
func (v *visit) pass(ws []*world) []*world {
	chains := v.walk.filter.hooks[v.level][v.hook]
	translates := (v.level == "ip" || v.level == "ip6") && v.hook != "forward"
	for len(ws) > 0 {
		switch {
		case translates && (len(chains) == 0 || chains[0].position() >= natPosition(v.hook)):
			n := 0
			for n < len(chains) && chains[n].nat {
				n++
			}
			ws = v.translate(chains[:n], ws)
			chains, translates = chains[n:], false
		case len(chains) == 0:
			return ws
		case v.level == "netdev":
			ws = v.device(chains[0], ws)
			chains = chains[1:]
		default:
			ws = v.visit(chains[0], ws)
			chains = chains[1:]
		}
	}
	return nil
}

// device visits a chain of netdev with the packets of its device.
func (v *visit) device(c *chain, ws []*world) []*world {
	var here, out []*world
	for _, w := range ws {
		name, port, isBridge := w.in, w.inPort, w.inBridge
		if v.hook == "egress" {
			name, port, isBridge = w.out, w.outPort, w.outBridge
		}
		if v.port {
			name = port
		}
		switch {
		case v.port && !isBridge:
			out = append(out, w)
		case name == unknownPort || len(c.devices) == 0:
			here = append(here, w.doubting(w.sources, v.step(c, "chain", "")))
			out = append(out, w)
		case slices.Contains(c.devices, name):
			here = append(here, w)
		default:
			out = append(out, w)
		}
	}
	if len(here) == 0 {
		return ws
	}
	return v.walk.merge(append(out, v.visit(c, here)...))
}

// translate is the work of NAT at a hook. The rules are asked for the first
// packet only; a reply is translated back.
func (v *visit) translate(chains []*chain, ws []*world) []*world {
	if v.loop {
		return ws
	}
	var ask, out []*world
	for _, w := range ws {
		lost := v.reply && (w.dnat || w.snat) && w.ct != ctEstablished
		switch {
		case lost:
			v.walk.end(w, Unknown, Step{Reply: true, Hook: v.hook}, lang.T("the reply belongs to no connection, so that it is not translated back"))
		case w.ct == ctEstablished:
			out = append(out, v.back(w))
		case w.ct == ctNew || w.ct == ctUnknown:
			ask = append(ask, w)
		default:
			out = append(out, w)
		}
	}
	for len(chains) > 0 && len(ask) > 0 {
		n := 1
		for n < len(chains) && chains[n].priority == chains[0].priority {
			n++
		}
		ask = v.natChains(chains[:n], ask)
		chains = chains[n:]
	}
	for _, w := range ask {
		if w.natted {
			w = w.with(w.sources)
			w.natted = false
		}
		out = append(out, w)
	}
	return v.walk.merge(out)
}

// back undoes the translation of a reply: at the hooks where destinations are
// changed that of the source, at the others that of the destination.
func (v *visit) back(w *world) *world {
	w = w.with(w.sources)
	if natPosition(v.hook) < 0 {
		w.carried = false
	} else {
		w.dst = v.walk.asked()
	}
	return w
}

// natChains asks chains of one priority. Which of them is first is not known,
// and the first that translates wins: each is tried as the first.
func (v *visit) natChains(chains []*chain, ws []*world) []*world {
	chains = slices.DeleteFunc(slices.Clone(chains), func(c *chain) bool { return len(c.rules) == 0 && c.policy != "drop" })
	var out []*world
	for first := range chains {
		tried := ws
		if first > 0 {
			tried = nil
			for _, w := range ws {
				tried = append(tried, w.doubting(w.sources, v.step(chains[first], "chain", "")))
			}
		}
		for i := range chains {
			var left, done []*world
			for _, w := range tried {
				if w.natted {
					done = append(done, w)
				} else {
					left = append(left, w)
				}
			}
			if len(left) > 0 {
				tried = append(done, v.visit(chains[(first+i)%len(chains)], left)...)
			}
		}
		out = append(out, tried...)
	}
	if len(chains) == 0 {
		return ws
	}
	return v.walk.merge(out)
}

// visit leads packets through a chain of the hook, with its policy.
func (v *visit) visit(c *chain, ws []*world) []*world {
	v.base, v.accepted, v.stack = c, nil, v.stack[:0]
	if len(c.rules) > 0 {
		entering := make([]*world, len(ws))
		for i, w := range ws {
			entering[i] = w.noting(v.step(c, "chain", ""))
		}
		ws = entering
	}
	for _, w := range v.chain(c, ws) {
		policy := v.step(c, "policy", c.policy)
		switch c.policy {
		case "drop":
			v.walk.end(w, Blocked, policy, "")
		case "accept", "":
			policy.Effect = "accept"
			if v.decides() && (w.by == nil || w.by.Kind != "rule") {
				w = w.with(w.sources)
				w.by = &policy
			}
			v.accepted = append(v.accepted, w)
		default:
			v.walk.end(w, Unknown, policy, lang.T("the policy is not understood"))
		}
	}
	return v.walk.merge(v.accepted)
}

// decides: what this chain accepts is let in, through or out.
func (v *visit) decides() bool {
	return !v.reply && !v.base.nat && !v.base.reroutes && (v.hook == "input" || v.hook == "forward" || v.hook == "output")
}

// chain leads packets through the rules of a chain and gives those that come
// to its end, or return.
func (v *visit) chain(c *chain, ws []*world) []*world {
	v.stack = append(v.stack, c)
	defer func() { v.stack = v.stack[:len(v.stack)-1] }()
	var x exits
	rules := v.visited(c, ws)
	for i, ok := rules.next(); ok && len(ws) > 0; i, ok = rules.next() {
		if v.walk.budget -= len(ws); v.walk.budget < 0 {
			for _, w := range ws {
				v.walk.end(w, Unknown, v.rule(&c.rules[i], ""), lang.T("there are too many rules to follow"))
			}
			return nil
		}
		if v.passesBy(&c.rules[i], ws) {
			continue
		}
		x.next = nil
		v.walk.budget -= ruleWorth * len(ws)
		for _, w := range ws {
			for _, part := range v.byPort(&c.rules[i], w) {
				v.run(&c.rules[i], 0, part, &x)
			}
		}
		if len(x.next) > len(ws) {
			x.next = v.walk.merge(x.next)
		}
		ws = x.next
	}
	if len(x.back) == 0 {
		return ws
	}
	return v.walk.merge(append(x.back, ws...))
}

// passesBy: one of the conditions that a rule begins with surely fails, without
// a look at the senders.
func (v *visit) passesBy(r *rule, ws []*world) bool {
	for _, w := range ws {
		if !v.fails(r, w) {
			return false
		}
	}
	return true
}

func (v *visit) fails(r *rule, w *world) bool {
	for i := range r.statements {
		m := r.statements[i].match
		if m == nil {
			return false
		}
		if slices.Contains(m.fields, v.senders()) {
			continue
		}
		if holds, may, _ := v.match(m, w); len(holds) == 0 && len(may) == 0 {
			return true
		}
	}
	return false
}

// byPort divides a world so that each condition of a rule on the port of the
// senders holds for all of a part or for none.
func (v *visit) byPort(r *rule, w *world) []*world {
	parts := []*world{w}
	sets := r.ports[v.senderPort()]
	if len(sets) == 0 || v.fails(r, w) {
		return parts
	}
	for _, set := range sets {
		var next []*world
		for _, p := range parts {
			if in, out := p.ports.meets(set); !in || !out {
				next = append(next, p)
				continue
			}
			in, out := p.ports.cut(set)
			next = append(next, p.from(in), p.from(out))
		}
		parts = next
	}
	return parts
}

// tracking is what connection tracking knows of a packet here: nothing before
// its turn, at -200.
func (v *visit) tracking(w *world) tracking {
	first := v.hook == "prerouting" || v.hook == "output" && v.level != "bridge" || v.hook == "ingress"
	switch {
	case w.ct == ctUntracked || !first || v.loop:
		return w.ct
	case v.hook == "ingress" || v.base.position() < -200:
		return ctNone
	case v.base.position() == -200:
		return ctUnknown
	}
	return w.ct
}

// in is the name of the interface by which a packet came, as a rule sees it.
func (v *visit) in(w *world) string {
	switch {
	case v.hook == "output" || v.hook == "egress":
		return ""
	case v.port, v.level == "bridge" && v.hook == "postrouting" && w.bridged:
		return w.inPort
	case v.level == "bridge" && v.hook == "postrouting":
		return ""
	case v.level == "bridge":
		return w.inPort
	case v.hook == "postrouting" && w.in != "":
		return unknownPort // from Linux 5.8 on it is seen
	}
	return w.in
}

// out is the name of the interface by which it leaves.
func (v *visit) out(w *world) string {
	switch {
	case v.hook == "prerouting" || v.hook == "input" || v.hook == "ingress":
		return ""
	case v.port || v.level == "bridge":
		return w.outPort
	}
	return w.out
}

func (v *visit) step(c *chain, kind, effect string) Step {
	t := c.table
	return Step{Reply: v.reply, Hook: v.hook, Kind: kind, Tool: t.tool, Family: t.family, Table: t.name, Chain: c.name, Effect: effect}
}

func (v *visit) rule(r *rule, effect string) Step {
	s := v.step(r.chain, "rule", effect)
	s.Index, s.Text = r.index, r.text
	return s
}
