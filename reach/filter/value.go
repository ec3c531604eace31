package filter

import (
	"slices"
	"strconv"
	"strings"

	"go4.org/netipx"

	"seawall/snapshot"
)

// tri is the answer of a condition.
type tri int8

const (
	no tri = iota
	maybe
	yes
)

func sure(b bool) tri {
	if b {
		return yes
	}
	return no
}

// value is one that a field is compared with, or several addresses.
type value struct {
	opaque bool // not understood: may match
	any    bool
	addrs  addrs
	ports  ports
	number uint32 // of a protocol
	text   string
	prefix bool // of names: any rest may follow text
	bits   uint32
	mask   uint32
}

// kinds of fields, by how their values are read.
var (
	nameFields = []snapshot.FilterField{snapshot.FieldIn, snapshot.FieldOut, snapshot.FieldBridgePort, snapshot.FieldBridgeOut}
	addrFields = []snapshot.FilterField{snapshot.FieldSource, snapshot.FieldDestination, snapshot.FieldOrigDest}
	portFields = []snapshot.FilterField{snapshot.FieldSourcePort, snapshot.FieldPort, snapshot.FieldOrigPort}
	markFields = []snapshot.FilterField{snapshot.FieldMark, snapshot.FieldConnMark}
)

// words are the values of the other fields. A field that is missing here is
// not understood.
var words = map[snapshot.FilterField][]string{
	snapshot.FieldFamily:      {"ip", "ip6"},
	snapshot.FieldState:       {"new", "established", "related", "invalid", "untracked", "dnat", "snat"},
	snapshot.FieldStatus:      {"dnat", "snat", "seen-reply", "assured", "confirmed", "expected"},
	snapshot.FieldDirection:   {"original", "reply"},
	snapshot.FieldSourceType:  {"local", "unicast", "broadcast", "multicast", "anycast", "unspec", "blackhole", "unreachable", "prohibit", "nat", "throw", "xresolve"},
	snapshot.FieldDestType:    {"local", "unicast", "broadcast", "multicast", "anycast", "unspec", "blackhole", "unreachable", "prohibit", "nat", "throw", "xresolve"},
	snapshot.FieldPacketType:  {"host", "unicast", "broadcast", "multicast", "other", "otherhost"},
	snapshot.FieldBridged:     {"yes"},
	snapshot.FieldExtension:   {"rt", "frag", "hbh", "dst"},
	snapshot.FieldReversePath: {"ok", "ok mark"},
}

var protocols = map[string]uint32{
	"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "dccp": 33, "gre": 47, "esp": 50, "ah": 51,
	"icmpv6": 58, "ipv6-icmp": 58, "sctp": 132, "udplite": 136,
}

var tcpFlags = map[string]uint32{"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "ece": 64, "cwr": 128}

func parseValue(f snapshot.FilterField, s string) value {
	if s == "*" {
		return value{any: true}
	}
	switch {
	case slices.Contains(nameFields, f):
		name, prefix := strings.CutSuffix(s, "*")
		return value{text: name, prefix: prefix}
	case slices.Contains(addrFields, f):
		if r, ok := parseAddrs(s); ok {
			return value{addrs: addrs{r}}
		}
	case f == snapshot.FieldProtocol:
		if n := parseProtocol(s); n >= 0 {
			return value{number: uint32(n)}
		}
	case slices.Contains(portFields, f):
		lo, hi, ranged := strings.Cut(s, "-")
		if !ranged {
			hi = lo
		}
		from, err1 := strconv.ParseUint(lo, 10, 16)
		to, err2 := strconv.ParseUint(hi, 10, 16)
		if err1 == nil && err2 == nil && from <= to {
			return value{ports: ports{{uint16(from), uint16(to)}}}
		}
	case slices.Contains(markFields, f):
		bits, mask, masked := strings.Cut(s, "/")
		if !masked {
			mask = "0xffffffff"
		}
		b, err1 := strconv.ParseUint(bits, 0, 32)
		m, err2 := strconv.ParseUint(mask, 0, 32)
		if err1 == nil && err2 == nil {
			return value{bits: uint32(b), mask: uint32(m)}
		}
	case f == snapshot.FieldTCPFlags:
		if mask, bits, ok := strings.Cut(s, "=="); ok {
			m, ok1 := parseFlags(mask)
			b, ok2 := parseFlags(bits)
			return value{bits: b, mask: m, opaque: !ok1 || !ok2}
		}
	case slices.Contains(words[f], s):
		return value{text: s}
	}
	return value{opaque: true}
}

func parseFlags(s string) (bits uint32, ok bool) {
	if s == "" || s == "none" {
		return 0, true
	}
	for _, w := range strings.Split(s, ",") {
		if tcpFlags[w] == 0 {
			return 0, false
		}
		bits |= tcpFlags[w]
	}
	return bits, true
}

// match is a condition: one of the keys fits, or none if negated.
type match struct {
	fields []snapshot.FilterField
	not    bool
	keys   [][]value // one value for each field
	// family is 4 or 6 where all addresses are of one; 0 for both or none.
	family int
}

// newMatch reads the values of a condition, sets resolved.
func newMatch(t *table, fields []snapshot.FilterField, not bool, texts []string) *match {
	m := &match{fields: fields, not: not}
	if len(fields) == 0 {
		m.fields, m.keys = []snapshot.FilterField{""}, [][]value{{{opaque: true}}}
		return m
	}
	for _, text := range texts {
		name, isSet := strings.CutPrefix(text, "@")
		if !isSet {
			m.keys = append(m.keys, parseKey(fields, text))
			continue
		}
		set, ok := t.sets[name]
		if !ok || set.Opaque != "" {
			m.keys = append(m.keys, parseKey(fields, ""))
			continue
		}
		for _, element := range set.Elements {
			m.keys = append(m.keys, parseKey(fields, element))
		}
	}
	if len(fields) == 1 {
		m.join()
	}
	return m
}

// join makes one value of all addresses, and of all ports.
func (m *match) join() {
	var ranges []netipx.IPRange
	var all ports
	var rest [][]value
	var families [2]bool
	for _, key := range m.keys {
		switch v := key[0]; {
		case v.addrs != nil:
			families[b2i(v.addrs[0].From().Is6())] = true
			ranges = append(ranges, v.addrs...)
		case v.ports != nil:
			all = append(all, v.ports...)
		default:
			rest = append(rest, key)
		}
	}
	if len(rest) == 0 && families[0] != families[1] {
		m.family = 4 + 2*b2i(families[1])
	}
	if len(ranges) > 0 {
		rest = append(rest, []value{{addrs: union(ranges)}})
	}
	if len(all) > 0 {
		rest = append(rest, []value{{ports: all.union(nil)}})
	}
	m.keys = rest
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parseKey reads one value for each field. What does not fit may be anything.
func parseKey(fields []snapshot.FilterField, text string) []value {
	parts := []string{text}
	if len(fields) > 1 {
		parts = strings.Split(text, " . ")
	}
	key := make([]value, len(fields))
	for i, f := range fields {
		switch {
		case text == "*":
			key[i].any = true
		case len(parts) != len(fields) || text == "":
			key[i].opaque = true
		default:
			key[i] = parseValue(f, parts[i])
		}
	}
	return key
}

// match divides the senders of a world: for some the condition holds, for some
// it may, for some it does not.
func (v *visit) match(m *match, w *world) (holds, may, fails addrs) {
	switch v.applies(m, w) {
	case no:
		return nil, nil, w.sources
	case maybe:
		return nil, w.sources, nil
	}
	rest := w.sources // no key fits so far
	for _, key := range m.keys {
		if val := &key[0]; len(key) == 1 && val.addrs != nil && m.fields[0] == v.senders() && !w.carried {
			holds, rest = rest.cut(val.addrs) // all of its addresses are one value
			continue
		}
		fit, scope := yes, rest
		for i, f := range m.fields {
			fit = min(fit, v.test(f, &key[i], w, &scope))
			if fit == no || len(scope) == 0 {
				break
			}
		}
		if len(scope) == 0 {
			continue
		}
		switch fit {
		case yes:
			holds = union(holds, scope)
			_, rest = rest.cut(scope)
		case maybe:
			may = union(may, scope)
		}
		if len(rest) == 0 {
			break
		}
	}
	if len(may) > 0 {
		_, may = may.cut(holds)
		_, rest = rest.cut(may)
	}
	if m.not {
		return rest, may, holds
	}
	return holds, may, rest
}

// senders is the field that holds the address of the senders.
func (v *visit) senders() snapshot.FilterField {
	if v.reply {
		return snapshot.FieldDestination
	}
	return snapshot.FieldSource
}

// senderPort is the field that holds the port of the senders.
func (v *visit) senderPort() snapshot.FilterField {
	if v.reply {
		return snapshot.FieldPort
	}
	return snapshot.FieldSourcePort
}

// ports are the sets of ports that a condition tells apart.
func (m *match) ports(f snapshot.FilterField) []ports {
	i := slices.Index(m.fields, f)
	if i < 0 {
		return nil
	}
	var out []ports
	for _, key := range m.keys {
		if key[i].ports != nil {
			out = append(out, key[i].ports)
		}
	}
	return out
}

// applies: a packet without the field matches neither a condition nor its
// opposite.
func (v *visit) applies(m *match, w *world) tri {
	if m.family != 0 && m.family != v.walk.family {
		return no
	}
	out := yes
	for _, f := range m.fields {
		switch f {
		case snapshot.FieldSourcePort, snapshot.FieldPort:
			out = min(out, v.walk.isProtocol(6, 17, 132, 136, 33))
		case snapshot.FieldTCPFlags:
			out = min(out, v.walk.isProtocol(6))
		case snapshot.FieldICMPType:
			out = min(out, v.walk.isProtocol(1, 58))
		case snapshot.FieldStatus, snapshot.FieldDirection, snapshot.FieldOrigDest, snapshot.FieldOrigPort, snapshot.FieldConnMark:
			switch v.tracking(w) {
			case ctNone, ctUntracked:
				return no
			case ctUnknown:
				out = min(out, maybe)
			}
		}
	}
	return out
}

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

func parseProtocol(s string) int {
	if n, ok := protocols[s]; ok {
		return int(n)
	}
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return int(n)
	}
	return -1
}

func (k *walk) isProtocol(numbers ...int) tri {
	if k.protocol < 0 {
		return maybe
	}
	return sure(slices.Contains(numbers, k.protocol))
}
