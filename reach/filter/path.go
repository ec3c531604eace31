package filter

import (
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"seawall/lang"
)

// walk is the evaluation of one query.
type walk struct {
	filter   *Filter
	router   Router
	q        Query
	family   int    // 4 or 6
	level    string // "ip" or "ip6"
	protocol int    // -1: not known
	budget   int    // how much work may still be done
	finals   []final
	doubted  map[Verdict][]*world // who may end so
}

// maxWork is how many conditions a query may meet before it is given up; a rule
// that matches counts as many.
const (
	maxWork   = 10_000_000
	ruleWorth = 16
)

// Path follows a connection from where it comes to its receiver, here or
// beyond an interface, and the reply back. Each sender is, with each port to
// send from, in one of the results; those that are not of the destination's
// family are left out.
//
// A receiver beyond an interface has a namespace and filters of its own, and
// needs a way back: ask there, too. That a bridge sends no frame out by the port
// it came by, unless that is a hairpin port, is not looked at.
func (f *Filter) Path(q Query, r Router) []Result {
	k := &walk{filter: f, router: r, q: q, family: 4, level: "ip", protocol: parseProtocol(strings.ToLower(q.Protocol)), budget: maxWork, doubted: map[Verdict][]*world{}}
	k.q.Destination = q.Destination.Unmap()
	if k.q.Destination.Is6() {
		k.family, k.level = 6, "ip6"
	}
	w := &world{state: state{in: q.In, dst: k.asked(), mark: q.Mark, conn: NoMark}, ports: anyPort}
	all := k.senders()
	w.sources = all.ranges
	if len(w.sources) == 0 || !q.Destination.IsValid() {
		return nil
	}
	if q.Bridge != nil && q.In != "" {
		w.inBridge, w.inPort = true, portName(q.Bridge.Port)
	}
	var there []*world
	switch {
	case q.In == "":
		there = k.fromHere([]*world{w})
	case q.Bridge != nil && q.Bridge.Bridged:
		there = k.overBridge(w)
	default:
		there = k.routed(k.inbound([]*world{w}, false))
	}
	k.reply(there)
	return results(k.finals, all)
}

// senders are those of the destination's family.
func (k *walk) senders() whole {
	if k.q.Sources == nil {
		return whole{}
	}
	out := whole{ranges: k.q.Sources.Ranges(), set: k.q.Sources}
	other := func(r netipx.IPRange) bool { return r.From().Is6() != (k.family == 6) }
	if slices.ContainsFunc(out.ranges, other) {
		out.ranges, out.set = slices.DeleteFunc(out.ranges, other), nil
	}
	return out
}

func (k *walk) asked() netip.AddrPort { return netip.AddrPortFrom(k.q.Destination, k.q.Port) }

func portName(port string) string {
	if port == "" {
		return unknownPort
	}
	return port
}

// seenPort is the port of a bridge as the filters of IP see it.
func (k *walk) seenPort(is bool, port string) string {
	if !is || !k.q.BridgeFiltered {
		return ""
	}
	return port
}

func (k *walk) end(w *world, verdict Verdict, by Step, why string) {
	if w.doubts != nil && verdict != Open && len(k.doubted[verdict]) < maxWorlds {
		// One other end is enough to make a doubt.
		rest := w.sources
		for _, d := range k.doubted[verdict] {
			if w.ports.within(d.ports) {
				_, rest = rest.cut(d.sources)
			}
		}
		if len(rest) == 0 {
			return
		}
		w = w.with(rest)
		k.doubted[verdict] = append(k.doubted[verdict], w)
	}
	k.finals = append(k.finals, final{w, verdict, by, why})
}

func (k *walk) merge(ws []*world) []*world {
	kept, lost := merge(ws)
	for _, w := range lost {
		k.end(w, Unknown, w.doubts.step, lang.T("there are too many ways that it may go"))
	}
	return kept
}

// pass leads packets through a hook of IP.
func (k *walk) pass(hook string, ws []*world, reply bool) []*world {
	return (&visit{walk: k, level: k.level, hook: hook, reply: reply}).pass(ws)
}

// loop leads packets that were sent here to here, from lo on.
func (k *walk) loop(ws []*world, reply bool) []*world {
	back := each(ws, func(c *world) { c.in, c.out = "lo", "" })
	for _, hook := range []string{"prerouting", "input"} {
		back = (&visit{walk: k, level: k.level, hook: hook, reply: reply, loop: true}).pass(back)
	}
	return back
}

// bridge leads frames through hooks of the bridges that they meet, others past.
func (k *walk) bridge(ws []*world, reply bool, meets func(*world) bool, hooks ...string) []*world {
	var frames, out []*world
	for _, w := range ws {
		if meets(w) {
			frames = append(frames, w)
		} else {
			out = append(out, w)
		}
	}
	for _, hook := range hooks {
		frames = (&visit{walk: k, level: "bridge", hook: hook, reply: reply}).pass(frames)
	}
	return append(out, frames...)
}

// devices leads packets past the hooks of devices: of the port of a bridge, and
// of the interface.
func (k *walk) devices(hook string, ws []*world, reply bool, ports ...bool) []*world {
	for _, port := range ports {
		ws = (&visit{walk: k, level: "netdev", hook: hook, reply: reply, port: port}).pass(ws)
	}
	return ws
}

// inbound leads packets from outside to the routing decision.
func (k *walk) inbound(ws []*world, reply bool) []*world {
	ws = k.devices("ingress", ws, reply, true, false)
	ws = k.bridge(ws, reply, func(w *world) bool { return w.inBridge }, "prerouting", "input")
	return k.pass("prerouting", ws, reply)
}

// outbound leads packets from the routing decision to the outside.
func (k *walk) outbound(ws []*world, reply bool) []*world {
	ws = k.pass("postrouting", ws, reply)
	ws = k.bridge(ws, reply, func(w *world) bool { return w.outBridge }, "output", "postrouting")
	return k.devices("egress", ws, reply, false, true)
}

// each changes copies of worlds.
func each(ws []*world, change func(*world)) []*world {
	out := make([]*world, len(ws))
	for i, w := range ws {
		out[i] = w.with(w.sources)
		change(out[i])
	}
	return out
}

func byLocal(ws []*world) (local, away []*world) {
	for _, w := range ws {
		if w.local {
			local = append(local, w)
		} else {
			away = append(away, w)
		}
	}
	return local, away
}

// ask asks the router for packets from in, and gives those that have a route,
// with it.
func (k *walk) ask(ws []*world, here, reply bool) []*world {
	var out []*world
	for _, w := range ws {
		question := Question{In: w.in, Destination: w.dst.Addr(), Mark: w.mark, Source: w.sources[0].From()}
		if w.carried && w.src.IsValid() {
			question.Source = w.src
		}
		if here {
			question.In = ""
		}
		if reply {
			question.Source, question.Destination = question.Destination, question.Source
		}
		a := k.router.Route(question)
		step := Step{Reply: reply, Kind: "route", Effect: a.String()}
		switch {
		case w.carried && !w.src.IsValid():
			k.end(w, Unknown, step, lang.T("the address that it was translated to is not known"))
		case a.Kind == Refused && reply:
			k.end(w.noting(step), Blocked, step, lang.T("no way back"))
		case a.Kind == Refused:
			k.end(w.noting(step), Blocked, step, a.Why)
		case a.Kind == Local || a.Kind == Forward && a.Out != "":
			c := w.noting(step)
			c.routed = w.way()
			c.local, c.out, c.via = a.Kind == Local, a.Out, a.Via
			c.outBridge, c.outPort = false, ""
			if c.local {
				c.out, c.via = "", netip.Addr{}
			} else if a.Bridge {
				c.outBridge, c.outPort = true, portName(a.Port)
			}
			out = append(out, c)
		default:
			k.end(w, Unknown, step, a.Why)
		}
	}
	return out
}

// routed leads a request from the routing decision on.
func (k *walk) routed(ws []*world) []*world {
	local, away := byLocal(k.ask(ws, false, false))
	local = k.pass("input", local, false)
	away = k.outbound(k.pass("forward", away, false), false)
	return append(local, away...)
}

// sent leads packets that are sent here through the hooks of output. After what
// changes their way there the router is asked again.
func (k *walk) sent(ws []*world, reply bool) (local, away []*world) {
	ws = k.ask(ws, true, reply)
	ws = each(ws, func(c *world) {
		if c.local {
			c.out = "lo"
		}
	})
	var again, out []*world
	for _, w := range k.pass("output", ws, reply) {
		if w.remarked || w.routed != w.way() {
			again = append(again, w)
		} else {
			out = append(out, w)
		}
	}
	again = k.ask(again, true, reply)
	again = each(again, func(c *world) {
		c.remarked = false
		if c.local {
			c.out = "lo"
		}
	})
	local, away = byLocal(append(out, again...))
	local = k.pass("postrouting", local, reply)
	return local, k.outbound(away, reply)
}

// fromHere leads a request of this host.
func (k *walk) fromHere(ws []*world) []*world {
	local, away := k.sent(ws, false)
	return append(k.loop(local, false), away...)
}

// overBridge leads a request from port to port of a bridge. One whose
// destination is changed on the way is routed.
func (k *walk) overBridge(w *world) []*world {
	c := w.with(w.sources)
	c.bridged, c.out, c.outBridge, c.outPort = true, c.in, true, portName(k.q.Bridge.Out)
	ws, changed := k.frames([]*world{c}, false)
	changed = each(changed, func(c *world) { c.bridged = false })
	changed = k.bridge(changed, false, func(*world) bool { return true }, "input")
	return append(ws, k.routed(changed)...)
}

// frames leads frames over a bridge; changed are those that are to be routed.
func (k *walk) frames(ws []*world, reply bool) (through, changed []*world) {
	all := func(*world) bool { return true }
	ws = k.devices("ingress", ws, reply, true)
	ws = k.bridge(ws, reply, all, "prerouting")
	if k.q.BridgeFiltered {
		var same []*world
		for _, w := range k.pass("prerouting", ws, reply) {
			if !reply && w.dst.Addr() != k.q.Destination {
				changed = append(changed, w)
			} else {
				same = append(same, w)
			}
		}
		ws = same
	}
	ws = k.bridge(ws, reply, all, "forward")
	if k.q.BridgeFiltered {
		ws = k.pass("forward", ws, reply)
	}
	ws = k.bridge(ws, reply, all, "postrouting")
	if k.q.BridgeFiltered {
		ws = k.pass("postrouting", ws, reply)
	}
	return k.devices("egress", ws, reply, true), changed
}
