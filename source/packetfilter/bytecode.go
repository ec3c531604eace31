package packetfilter

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/source/netlink"
)

// This file reads rules of nf_tables as the kernel keeps them, for those of which that
// is easy: as the objects that nft -j makes of them. To have nft list thousands of
// rules takes seconds, of which the kernel's part is a fraction.

// A program is a rule that is being read: what its registers hold, and the statements
// so far.
type program struct {
	family string
	regs   map[uint32]load
	out    []any
	// network and transport are the protocols that the rule has just asked for: nft
	// does not show that where the next part looks into their headers.
	network, transport implied
}

// load is what a register holds.
type load struct {
	left  object
	value func([]byte) (any, bool)
	mask  []byte // of bits; nil: all
	bits  bool   // a comparison is of bits
}

// implied is a protocol, and the place of the statement that asks for it; that is no
// more to be left out once another statement has come.
type implied struct {
	name string
	at   int
}

// statements are those of a rule, as nft -j shows them; false if some expression of it is
// not among those that are read here.
func statements(family string, expressions []byte) ([]any, bool) {
	p := &program{family: family, regs: map[uint32]load{}, network: implied{at: -1}, transport: implied{at: -1}}
	ok := true
	err := netlink.Attributes(expressions, 0, func(_ uint16, element []byte) error {
		e, err1 := attributesOf(element)
		data, err2 := attributesOf(e.get(unix.NFTA_EXPR_DATA))
		ok = ok && err1 == nil && err2 == nil && p.expression(e.text(unix.NFTA_EXPR_NAME), data)
		return nil
	})
	return p.out, ok && err == nil
}

func (p *program) expression(name string, data attributes) bool {
	switch name {
	case "meta":
		return data.get(unix.NFTA_META_SREG) == nil && p.meta(data.number(unix.NFTA_META_KEY), data.number(unix.NFTA_META_DREG))
	case "payload":
		return data.get(unix.NFTA_PAYLOAD_SREG) == nil && p.payload(data)
	case "ct":
		known := data.number(unix.NFTA_CT_KEY) == unix.NFT_CT_STATE && data.get(unix.NFTA_CT_SREG) == nil && data.get(unix.NFTA_CT_DIRECTION) == nil
		p.regs[data.number(unix.NFTA_CT_DREG)] = load{left: object{"ct": object{"key": "state"}}, value: stateWords, bits: true}
		return known
	case "bitwise":
		return p.bitwise(data)
	case "cmp":
		return p.compare(data)
	case "counter":
		p.out = append(p.out, object{"counter": object{"packets": 0.0, "bytes": 0.0}})
		return true
	case "immediate":
		return p.verdict(data)
	case "masq":
		p.out = append(p.out, object{"masquerade": nil})
		return len(data) == 0
	}
	return false
}

// metaLoads are what the kernel knows of a packet beside its content.
var metaLoads = map[uint32]load{
	unix.NFT_META_IIFNAME: {left: object{"meta": object{"key": "iifname"}}, value: interfaceName},
	unix.NFT_META_OIFNAME: {left: object{"meta": object{"key": "oifname"}}, value: interfaceName},
	unix.NFT_META_NFPROTO: {left: object{"meta": object{"key": "nfproto"}}, value: oneOf(map[byte]string{unix.NFPROTO_IPV4: "ipv4", unix.NFPROTO_IPV6: "ipv6"})},
	unix.NFT_META_L4PROTO: {left: object{"meta": object{"key": "l4proto"}}, value: oneOf(transports)},
}

// meta notes one of them.
func (p *program) meta(key, reg uint32) bool {
	l, known := metaLoads[key]
	p.regs[reg] = l
	return known
}

// transports are protocols by number, by the names that /etc/protocols and nft itself
// give them in all versions.
var transports = map[byte]string{unix.IPPROTO_ICMP: "icmp", unix.IPPROTO_TCP: "tcp", unix.IPPROTO_UDP: "udp", unix.IPPROTO_ICMPV6: "ipv6-icmp", unix.IPPROTO_SCTP: "sctp"}

// headers are those in which parts are read, by the protocol that leads to them.
var (
	networkHeaders   = map[string]string{"ipv4": "ip", "ipv6": "ip6"}
	transportHeaders = map[string]string{"tcp": "tcp", "udp": "udp", "sctp": "sctp"}
)

// fieldAt is where a part of a protocol's header begins.
type fieldAt struct {
	protocol string
	base     uint32
	offset   uint32
}

var fieldLoads = func() map[fieldAt]load {
	out := map[fieldAt]load{}
	add := func(at fieldAt, field string, value func([]byte) (any, bool)) {
		out[at] = load{left: object{"payload": object{"protocol": at.protocol, "field": field}}, value: value}
	}
	const network, transport = unix.NFT_PAYLOAD_NETWORK_HEADER, unix.NFT_PAYLOAD_TRANSPORT_HEADER
	add(fieldAt{"ip", network, 12}, "saddr", addressOf(4))
	add(fieldAt{"ip", network, 16}, "daddr", addressOf(4))
	add(fieldAt{"ip6", network, 8}, "saddr", addressOf(16))
	add(fieldAt{"ip6", network, 24}, "daddr", addressOf(16))
	for protocol := range transportHeaders {
		add(fieldAt{protocol, transport, 0}, "sport", port16)
		add(fieldAt{protocol, transport, 2}, "dport", port16)
	}
	return out
}()

// payload notes a part of a header. Where the rule has just asked for the protocol, its
// statement is left out.
func (p *program) payload(data attributes) bool {
	at := fieldAt{base: data.number(unix.NFTA_PAYLOAD_BASE), offset: data.number(unix.NFTA_PAYLOAD_OFFSET)}
	switch at.base {
	case unix.NFT_PAYLOAD_NETWORK_HEADER:
		if at.protocol = p.over(&p.network, networkHeaders); at.protocol == "" && (p.family == "ip" || p.family == "ip6") {
			at.protocol = p.family
		}
	case unix.NFT_PAYLOAD_TRANSPORT_HEADER:
		at.protocol = p.over(&p.transport, transportHeaders)
	}
	l, known := fieldLoads[at]
	p.regs[data.number(unix.NFTA_PAYLOAD_DREG)] = l
	return known
}

// over is the header whose protocol the rule asked for in its last statement, which is
// taken away, or before for another part of the same header; "" for none.
func (p *program) over(i *implied, headers map[string]string) string {
	header := headers[i.name]
	if header != "" && i.at >= 0 {
		if i.at != len(p.out)-1 {
			return ""
		}
		p.out = p.out[:i.at]
		i.at = -1
	}
	return header
}

// addressOf converts an address of a size, or the first bytes of one.
func addressOf(size int) func([]byte) (any, bool) {
	return func(value []byte) (any, bool) {
		if len(value) == 0 || len(value) > size {
			return nil, false
		}
		var whole [16]byte
		copy(whole[:], value)
		addr, ok := netip.AddrFromSlice(whole[:size])
		if len(value) < size {
			return prefixOf(addr, 8*len(value)), ok
		}
		return addr.String(), ok
	}
}

func prefixOf(addr netip.Addr, length int) object {
	return object{"prefix": object{"addr": addr.String(), "len": float64(length)}}
}

// bitwise notes a mask: of an address one whose bits are those of a prefix, of a state
// some of its bits.
func (p *program) bitwise(data attributes) bool {
	from, to := data.number(unix.NFTA_BITWISE_SREG), data.number(unix.NFTA_BITWISE_DREG)
	mask, xor := valueOf(data.get(unix.NFTA_BITWISE_MASK)), valueOf(data.get(unix.NFTA_BITWISE_XOR))
	l, known := p.regs[from]
	if !known || mask == nil || len(mask) != len(xor) || slices.ContainsFunc(xor, func(b byte) bool { return b != 0 }) || l.mask != nil {
		return false
	}
	if !l.bits {
		ones := leadingOnes(mask)
		value := l.value
		if ones <= 0 || l.left["payload"] == nil {
			return false
		}
		l.value = func(v []byte) (any, bool) {
			text, _ := value(v)
			addr, err := netip.ParseAddr(textOf(text))
			return prefixOf(addr, ones), err == nil && len(v) == len(mask)
		}
	}
	l.mask = mask
	p.regs[to] = l
	return true
}

func textOf(v any) string {
	text, _ := v.(string)
	return text
}

// compare makes a statement of a comparison with one value, for equality.
func (p *program) compare(data attributes) bool {
	l, known := p.regs[data.number(unix.NFTA_CMP_SREG)]
	value, op := valueOf(data.get(unix.NFTA_CMP_DATA)), data.number(unix.NFTA_CMP_OP)
	if !known || l.value == nil || value == nil || op > unix.NFT_CMP_NEQ {
		return false
	}
	words := [2]string{"==", "!="}
	if l.bits { // any of the bits: what is left of the mask is not 0
		if l.mask == nil || op != unix.NFT_CMP_NEQ || slices.ContainsFunc(value, func(b byte) bool { return b != 0 }) {
			return false
		}
		words, value = [2]string{"", "in"}, l.mask
	}
	right, ok := l.value(value)
	p.out = append(p.out, object{"match": object{"op": words[op], "left": l.left, "right": right}})
	p.imply(l.left, right, op == unix.NFT_CMP_EQ)
	return ok
}

// imply notes that a rule goes on for one protocol only.
func (p *program) imply(left object, right any, equal bool) {
	meta, _ := left["meta"].(object)
	if !equal {
		return
	}
	switch meta["key"] {
	case "nfproto":
		p.network = implied{textOf(right), len(p.out) - 1}
	case "l4proto":
		p.transport = implied{textOf(right), len(p.out) - 1}
	}
}

// verdicts of nf_tables, by code (include/uapi/linux/netfilter/nf_tables.h).
var verdictCodes = map[int32]string{0: "drop", 1: "accept", -1: "continue", -3: "jump", -4: "goto", -5: "return"}

func (p *program) verdict(data attributes) bool {
	inner, err := attributesOf(data.get(unix.NFTA_IMMEDIATE_DATA))
	verdict, err2 := attributesOf(inner.get(unix.NFTA_DATA_VERDICT))
	if err != nil || err2 != nil || verdict.get(unix.NFTA_VERDICT_CODE) == nil || data.number(unix.NFTA_IMMEDIATE_DREG) != 0 {
		return false
	}
	name, known := verdictCodes[int32(verdict.number(unix.NFTA_VERDICT_CODE))]
	var arg any
	if name == "jump" || name == "goto" {
		arg = object{"target": verdict.text(unix.NFTA_VERDICT_CHAIN)}
	}
	p.out = append(p.out, object{name: arg})
	return known
}

// valueOf is the content of a nested value; nil if there is none.
func valueOf(data []byte) []byte {
	inner, err := attributesOf(data)
	if err != nil {
		return nil
	}
	return inner.get(unix.NFTA_DATA_VALUE)
}

// interfaceName is a name; one that is shorter than the kernel's 16 bytes and does not
// end with 0 stands for all that begin so.
func interfaceName(value []byte) (any, bool) {
	name, _, whole := bytes.Cut(value, []byte{0})
	text := string(name)
	if !whole {
		text += "*"
	}
	return text, len(name) > 0 && len(value) <= unix.IFNAMSIZ && !strings.ContainsAny(string(name), "*\\\" \n")
}

func oneOf(names map[byte]string) func([]byte) (any, bool) {
	return func(value []byte) (any, bool) {
		if len(value) != 1 {
			return nil, false
		}
		name, known := names[value[0]]
		return name, known
	}
}

func port16(value []byte) (any, bool) {
	if len(value) != 2 {
		return nil, false
	}
	return float64(binary.BigEndian.Uint16(value)), true
}

// stateBits are the bits of a connection's state, in nft's order.
var stateBits = []struct {
	bit  uint32
	name string
}{{1, "invalid"}, {2, "established"}, {4, "related"}, {8, "new"}, {64, "untracked"}}

// stateWords are the words of a mask, in the order of the machine's bytes.
func stateWords(mask []byte) (any, bool) {
	if len(mask) != 4 {
		return nil, false
	}
	bits := binary.NativeEndian.Uint32(mask)
	var out []any
	for _, s := range stateBits {
		if bits&s.bit != 0 {
			out = append(out, s.name)
			bits &^= s.bit
		}
	}
	if len(out) == 1 {
		return out[0], bits == 0
	}
	return out, bits == 0 && len(out) > 0
}
