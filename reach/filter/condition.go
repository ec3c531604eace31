package filter

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// test compares one field. Where the field is the sender's, scope is reduced to
// the senders that fit.
func (v *visit) test(f snapshot.FilterField, val *value, w *world, scope *addrs) tri {
	switch {
	case val.opaque:
		return maybe
	case val.any && f != snapshot.FieldBridgePort && f != snapshot.FieldBridgeOut:
		return yes
	}
	switch f {
	case snapshot.FieldIn:
		return val.isName(v.in(w))
	case snapshot.FieldOut:
		return val.isName(v.out(w))
	case snapshot.FieldBridgePort:
		return val.isPort(v.walk.seenPort(w.inBridge, w.inPort))
	case snapshot.FieldBridgeOut:
		return val.isPort(v.walk.seenPort(w.bridged, w.outPort))
	case snapshot.FieldBridged:
		return sure(w.bridged && v.walk.q.BridgeFiltered)
	case snapshot.FieldFamily:
		return sure((val.text == "ip6") == (v.walk.family == 6))
	case snapshot.FieldSource:
		return v.testAddr(val, w, v.reply, scope)
	case snapshot.FieldDestination:
		return v.testAddr(val, w, !v.reply, scope)
	case snapshot.FieldOrigDest:
		return sure(val.addrs.contains(v.walk.q.Destination))
	case snapshot.FieldOrigPort:
		return sure(val.ports.contains(v.walk.q.Port))
	case snapshot.FieldProtocol:
		if v.walk.protocol < 0 {
			return maybe
		}
		return sure(val.number == uint32(v.walk.protocol))
	case snapshot.FieldSourcePort, snapshot.FieldPort:
		if f != v.senderPort() {
			return sure(val.ports.contains(w.dst.Port()))
		}
		return val.isIn(w)
	case snapshot.FieldMark:
		return val.isMark(w.mark)
	case snapshot.FieldConnMark:
		return val.isMark(w.conn)
	case snapshot.FieldSourceType:
		return v.testType(val, w, v.reply)
	case snapshot.FieldDestType:
		return v.testType(val, w, !v.reply)
	case snapshot.FieldState:
		return v.testState(val, w)
	case snapshot.FieldStatus:
		return v.testStatus(val, w)
	case snapshot.FieldDirection:
		return sure((val.text == "reply") == v.reply)
	case snapshot.FieldTCPFlags:
		// Of a sender, only those that open a connection are known: Linux takes a
		// SYN with others set as well.
		flags := Mark{Value: tcpFlags["syn"], Known: tcpFlags["fin"] | tcpFlags["syn"] | tcpFlags["rst"] | tcpFlags["ack"]}
		if v.reply {
			flags.Value |= tcpFlags["ack"]
		}
		return val.isMark(flags)
	case snapshot.FieldPacketType:
		if v.loop || w.bridged || v.hook == "output" || v.hook == "postrouting" {
			return maybe
		}
		return sure(val.text == "host" || val.text == "unicast")
	case snapshot.FieldReversePath:
		return v.reversePath(val, w)
	case snapshot.FieldExtension:
		return no
	}
	return maybe
}

func (val *value) isName(name string) tri {
	switch {
	case name == unknownPort:
		return maybe
	case val.prefix:
		return sure(strings.HasPrefix(name, val.text))
	}
	return sure(name == val.text)
}

// isPort is isName for ports of bridges, which a packet may not have.
func (val *value) isPort(name string) tri {
	if name == "" || val.any && name != unknownPort {
		return sure(name != "")
	}
	return val.isName(name)
}

// isIn compares the port of the senders, which translation may have changed.
func (val *value) isIn(w *world) tri {
	in, out := w.ports.meets(val.ports)
	switch {
	case !out && !w.carried || anyPort.within(val.ports):
		return yes
	case !in && !w.carried:
		return no
	}
	return maybe
}

func (val *value) isMark(m Mark) tri {
	switch {
	case (m.Value^val.bits)&val.mask&m.Known != 0 || val.bits&^val.mask != 0:
		return no
	case val.mask&^m.Known != 0:
		return maybe
	}
	return yes
}

// testAddr compares the end that is one address, or that of the senders.
func (v *visit) testAddr(val *value, w *world, one bool, scope *addrs) tri {
	switch {
	case one:
		return sure(val.addrs.contains(w.dst.Addr()))
	case !w.carried:
		*scope, _ = scope.cut(val.addrs)
		return yes
	case !w.src.IsValid():
		return maybe
	}
	return sure(val.addrs.contains(w.src))
}

func (v *visit) testType(val *value, w *world, one bool) tri {
	ip := w.dst.Addr()
	if !one {
		ip = w.sources[0].From()
		if w.carried {
			ip = w.src
		}
	}
	if !ip.IsValid() {
		return maybe
	}
	word := v.walk.router.Type(ip)
	if word == "" {
		return maybe
	}
	return sure(word == val.text)
}

func (v *visit) testState(val *value, w *world) tri {
	ct := v.tracking(w)
	if ct == ctUnknown {
		return maybe
	}
	tracked := ct == ctNew || ct == ctEstablished
	switch val.text {
	case "new":
		return sure(ct == ctNew)
	case "established":
		return sure(ct == ctEstablished)
	case "invalid":
		return sure(ct == ctNone)
	case "untracked":
		return sure(ct == ctUntracked)
	case "dnat":
		return sure(tracked && w.dnat)
	case "snat":
		if !tracked {
			return no
		}
		return v.translated(w)
	}
	return no // related: to no other connection
}

func (v *visit) testStatus(val *value, w *world) tri {
	switch val.text {
	case "dnat":
		return sure(w.dnat)
	case "snat":
		return v.translated(w)
	case "seen-reply":
		return sure(v.reply)
	case "confirmed":
		return sure(v.reply || v.loop)
	case "assured":
		if v.reply {
			return maybe
		}
	}
	return no
}

// translated: the kernel says so only where the address has changed.
func (v *visit) translated(w *world) tri {
	switch {
	case !w.snat:
		return no
	case !w.src.IsValid() || w.sources.contains(w.src):
		return maybe
	}
	return yes
}

// reversePath asks whether packets to the source leave by the interface that
// this one came by.
func (v *visit) reversePath(val *value, w *world) tri {
	q := Question{Source: w.dst.Addr(), Destination: w.sources[0].From(), Mark: NoMark}
	if v.reply {
		q.Source, q.Destination = q.Destination, q.Source
	}
	if val.text == "ok mark" {
		q.Mark = w.mark
	}
	switch a := v.walk.router.Route(q); a.Kind {
	case Refused:
		return no
	case Forward:
		return sure(a.Out == w.in)
	}
	return maybe
}

func (k *walk) isProtocol(numbers ...int) tri {
	if k.protocol < 0 {
		return maybe
	}
	return sure(slices.Contains(numbers, k.protocol))
}
