package filter

import (
	"slices"
	"strconv"
	"strings"

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

func parseProtocol(s string) int {
	if n, ok := protocols[s]; ok {
		return int(n)
	}
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return int(n)
	}
	return -1
}
