package filter

import (
	"fmt"
	"net/netip"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// exits are the ways out of a rule: to the next one, and back from the chain.
type exits struct{ next, back []*world }

// run applies the statements of a rule, from i on.
func (v *visit) run(r *rule, i int, w *world, x *exits) {
	noted := false
	for ; i < len(r.statements); i++ {
		s := &r.statements[i]
		switch {
		case s.match != nil:
			holds, may, fails := v.match(s.match, w)
			if len(may) > 0 {
				v.run(r, i+1, w.doubting(may, v.rule(r, "")), x)
			}
			switch {
			case len(may)+len(holds) == 0:
				x.next = append(x.next, w)
				return
			case len(may)+len(fails) > 0: // as if what may match did not
				x.next = append(x.next, w.with(union(may, fails)))
			}
			if len(holds) == 0 {
				return
			}
			if len(may)+len(fails) > 0 {
				w = w.with(holds)
			}
		case s.condition:
			x.next = append(x.next, w)
			w = w.doubting(w.sources, v.rule(r, ""))
		case s.opaque:
			v.unknown(r, w)
			x.next = append(x.next, w)
			return
		case s.verdict != nil:
			v.verdict(r, s.verdict, w, x)
			return
		case s.lookup != nil:
			v.lookup(r, s.lookup, w, x)
			return
		case s.nat != nil:
			v.nat(r, s.nat, w, x)
			return
		case s.mark != nil:
			var goes bool
			if w, goes = v.mark(r, s.mark, w, x); !goes {
				return
			}
			noted = true
		case s.noTrack:
			w, noted = v.noTrack(r, w), true
		}
	}
	if !noted {
		w = w.noting(v.rule(r, ""))
	}
	x.next = append(x.next, w)
}

// unknown ends what may become of a packet that meets something that may do
// anything.
func (v *visit) unknown(r *rule, w *world) {
	step := v.rule(r, "")
	v.walk.end(w.doubting(w.sources, step), Unknown, step, lang.T("the rule does something that is not understood"))
}

func (v *visit) verdict(r *rule, to *verdict, w *world, x *exits) {
	switch to.word {
	case "accept":
		step := v.rule(r, "accept")
		w = w.noting(step)
		if v.decides() {
			w.by = &step
		}
		v.accepted = append(v.accepted, w)
	case "drop", "reject":
		step := v.rule(r, to.word)
		v.walk.end(w.noting(step), Blocked, step, "")
	case "return":
		x.back = append(x.back, w.noting(v.rule(r, "return")))
	case "continue":
		x.next = append(x.next, w.noting(v.rule(r, "")))
	case "jump", "goto":
		step := v.rule(r, to.word+" "+to.to)
		switch chain := v.base.table.chains[to.to]; {
		case chain == nil:
			v.walk.end(w, Unknown, step, lang.T("there is no such chain"))
		case slices.Contains(v.stack, chain), v.base.table.tool != "iptables-legacy" && len(v.stack) > maxJumps:
			v.walk.end(w, Unknown, step, lang.T("jumps go round in a circle or too deep"))
		default:
			back := v.chain(chain, []*world{w.noting(step)})
			if to.word == "jump" {
				x.next = append(x.next, back...)
			} else {
				x.back = append(x.back, back...)
			}
		}
	default:
		v.unknown(r, w)
		x.next = append(x.next, w)
	}
}

// lookup chooses verdicts by keys. Without a fitting one the rule ends.
func (v *visit) lookup(r *rule, l *lookup, w *world, x *exits) {
	rest := w.sources
	for i, key := range l.keys {
		holds, may, fails := v.match(key, w.with(rest))
		if len(may) > 0 {
			v.verdict(r, l.verdicts[i], w.doubting(may, v.rule(r, "")), x)
		}
		if len(holds) > 0 {
			v.verdict(r, l.verdicts[i], w.with(holds), x)
		}
		if rest = union(may, fails); len(rest) == 0 {
			return
		}
	}
	x.next = append(x.next, w.with(rest))
}

func (v *visit) nat(r *rule, n *nat, w *world, x *exits) {
	destination := n.kind == "dnat" || n.kind == "redirect"
	understood := v.base.nat && w.ct == ctNew && !n.opaque &&
		(destination || n.kind == "snat" || n.kind == "masquerade") &&
		destination == (natPosition(v.hook) < 0) &&
		(!n.address.IsValid() || n.address.Is6() == (v.walk.family == 6))
	address := n.address
	if n.kind == "redirect" && understood {
		address = v.redirected(w)
		understood = address.IsValid()
	}
	if !understood {
		v.unknown(r, w)
		x.next = append(x.next, w)
		return
	}
	c := w.with(w.sources)
	c.natted = true
	var effect string
	if destination {
		to, port := w.dst.Addr(), w.dst.Port()
		if address.IsValid() {
			to = address
		}
		if n.port != 0 {
			port = n.port
		}
		c.dst = netip.AddrPortFrom(to, port)
		c.dnat = w.dnat || c.dst != w.dst
		effect = fmt.Sprintf("%s to %s", n.kind, c.dst)
	} else {
		if n.kind == "masquerade" {
			address = v.walk.router.Address(w.out, v.walk.family == 6)
		}
		if n.kind == "masquerade" || address.IsValid() { // else only the port changes
			c.snat, c.carried, c.src = true, true, address
		}
		effect = n.kind
		if address.IsValid() {
			effect += " to " + address.String()
		}
	}
	v.accepted = append(v.accepted, c.noting(v.rule(r, effect)))
}

// redirected is the address that "redirect" leads to.
func (v *visit) redirected(w *world) netip.Addr {
	switch {
	case v.hook == "prerouting":
		return v.walk.router.Address(w.in, v.walk.family == 6)
	case v.walk.family == 6:
		return netip.IPv6Loopback()
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

// mark sets a mark. Without a connection, its mark is not set, and a rule of nft
// that reads it ends.
func (v *visit) mark(r *rule, m *snapshot.FilterMark, w *world, x *exits) (*world, bool) {
	if m.Conn || m.FromConn || m.ToConn {
		switch v.tracking(w) {
		case ctUnknown:
			v.unknown(r, w)
			x.next = append(x.next, w)
			return w, false
		case ctNone, ctUntracked:
			if m.FromConn && r.chain.table.tool == "nft" {
				x.next = append(x.next, w)
				return w, false
			}
			return w, true
		}
	}
	c := w.with(w.sources)
	given := Mark{Value: m.Value, Known: ^uint32(0)}
	switch {
	case m.FromConn:
		c.mark = w.mark.set(w.conn, m.Mask)
	case m.ToConn:
		c.conn = w.conn.set(w.mark, m.Mask)
	case m.Conn:
		c.conn = w.conn.set(given, m.Mask)
	default:
		c.mark = w.mark.set(given, m.Mask)
	}
	c.remarked = w.remarked || v.base.reroutes && c.mark != w.mark
	return c.noting(v.rule(r, fmt.Sprintf("mark %#x, of the connection %#x", c.mark.Value, c.conn.Value))), true
}

// noTrack has no effect on a packet that tracking has seen.
func (v *visit) noTrack(r *rule, w *world) *world {
	if v.loop || v.base.position() > -200 && v.level != "netdev" {
		return w
	}
	c := w.with(w.sources)
	c.ct = ctUntracked
	return c.noting(v.rule(r, "untracked"))
}
