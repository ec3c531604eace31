package packetfilter

import (
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// matches is the statement that a field has one of some values.
func matches(field snapshot.FilterField, not bool, values ...string) snapshot.FilterStatement {
	return snapshot.FilterStatement{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{field}, Not: not, Values: values}}
}

// A converter writes a value in the words of the model; false if it has none.
type converter func(string) (string, bool)

// each converts the parts of a list.
func each(convert converter) func(string) ([]string, bool) {
	return func(list string) ([]string, bool) {
		var out []string
		for part := range strings.SplitSeq(list, ",") {
			value, ok := convert(part)
			if !ok {
				return nil, false
			}
			out = append(out, value)
		}
		return out, true
	}
}

// address is an address or a prefix; a mask may be written out, if its bits
// are those of a prefix.
func address(text string) (string, bool) {
	host, length, isPrefix := strings.Cut(text, "/")
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Zone() != "" {
		return "", false
	}
	if !isPrefix {
		return addr.String(), true
	}
	size, err := strconv.Atoi(length)
	if err != nil {
		mask, err := netip.ParseAddr(length)
		if err != nil || mask.BitLen() != addr.BitLen() {
			return "", false
		}
		size = leadingOnes(mask.AsSlice())
	}
	prefix, err := addr.Prefix(size)
	switch {
	case err != nil || size < 0:
		return "", false
	case size == addr.BitLen():
		return addr.String(), true
	}
	return prefix.String(), true
}

// leadingOnes counts the bits of a mask; -1 if others follow them.
func leadingOnes(mask []byte) int {
	n := 0
	for i, b := range mask {
		ones := bits.LeadingZeros8(^b)
		n += ones
		if ones == 8 {
			continue
		}
		if b<<ones != 0 || slices.ContainsFunc(mask[i+1:], func(b byte) bool { return b != 0 }) {
			return -1
		}
		break
	}
	return n
}

// addressRange is "a-b" of two addresses in their order.
func addressRange(text string) (string, bool) {
	from, to, _ := strings.Cut(text, "-")
	a, err1 := netip.ParseAddr(from)
	b, err2 := netip.ParseAddr(to)
	if err1 != nil || err2 != nil || a.BitLen() != b.BitLen() || b.Less(a) || a.Zone() != "" || b.Zone() != "" {
		return "", false
	}
	if a == b {
		return a.String(), true
	}
	return a.String() + "-" + b.String(), true
}

// ports is one port, or "a:b" with either end open.
func ports(text string) (string, bool) {
	from, to, isRange := strings.Cut(text, ":")
	if !isRange {
		return number(text, 65535)
	}
	if from == "" {
		from = "0"
	}
	if to == "" {
		to = "65535"
	}
	return numberRange(from, to, 65535)
}

// number is a decimal number up to a limit.
func number(text string, limit uint64) (string, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return strconv.FormatUint(n, 10), err == nil && n <= limit
}

// numberRange is "a-b" of two numbers in their order.
func numberRange(from, to string, limit uint64) (string, bool) {
	a, err1 := strconv.ParseUint(from, 10, 32)
	b, err2 := strconv.ParseUint(to, 10, 32)
	if err1 != nil || err2 != nil || a > b || b > limit {
		return "", false
	}
	if a == b {
		return strconv.FormatUint(a, 10), true
	}
	return fmt.Sprintf("%d-%d", a, b), true
}

// protocols are the names that the tools write, and those of the model.
var protocols = map[string]string{
	"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "132": "sctp",
	"ipv6-icmp": "icmpv6", "icmp6": "icmpv6", "icmpv6": "icmpv6", "icmp": "icmp", "tcp": "tcp", "udp": "udp", "sctp": "sctp",
	"igmp": "2", "ipencap": "4", "ipip": "94", "dccp": "33", "ipv6": "41", "gre": "47", "esp": "50", "ipv6-esp": "50",
	"ah": "51", "ipv6-ah": "51", "ospf": "89", "ospfigp": "89", "pim": "103", "comp": "108", "ipcomp": "108", "vrrp": "112",
	"l2tp": "115", "ipv6-mh": "135", "mobility-header": "135", "mh": "135", "udplite": "136",
}

// protocol is a name of the model or a number.
func protocol(text string) (string, bool) {
	if name, ok := protocols[strings.ToLower(text)]; ok {
		return name, true
	}
	return number(text, 255)
}

// hasPorts says whether the model has words for a protocol's ports.
func hasPorts(protocol string) bool {
	return slices.Contains([]string{"tcp", "udp", "sctp"}, protocol)
}

// mark is "value/mask" in hexadecimal.
func mark(text string) (string, bool) {
	value, mask, ok := markOf(text)
	return writtenMark(value, mask), ok
}

func writtenMark(value, mask uint32) string { return fmt.Sprintf("0x%x/0x%x", value, mask) }

// markOf reads a value, with a mask or for all bits.
func markOf(text string) (value, mask uint32, ok bool) {
	first, second, masked := strings.Cut(text, "/")
	v, err := strconv.ParseUint(first, 0, 32)
	if err != nil || !masked {
		return uint32(v), 1<<32 - 1, err == nil
	}
	m, err := strconv.ParseUint(second, 0, 32)
	return uint32(v), uint32(m), err == nil
}

// word makes a converter of a list of words, each with the model's.
func word(words map[string]string) converter {
	return func(text string) (string, bool) {
		out, ok := words[strings.ToLower(text)]
		return out, ok
	}
}

// same are words that the model has as they are.
func same(list string) map[string]string {
	out := map[string]string{}
	for w := range strings.FieldsSeq(list) {
		out[w] = w
	}
	return out
}

// names is a set of words.
func names(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}

// Words of the two tools. A connection whose address was translated has the
// state "dnat" or "snat" in iptables.
var (
	states       = same("new established related invalid untracked dnat snat")
	statuses     = same("expected seen-reply assured confirmed dnat snat")
	directions   = same("original reply")
	addressTypes = same("unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat xresolve")
	packetTypes  = map[string]string{"unicast": "host", "host": "host", "broadcast": "broadcast", "multicast": "multicast", "other": "other", "otherhost": "other"}
	families     = map[string]string{"ipv4": "ip", "ip": "ip", "ipv6": "ip6", "ip6": "ip6"}
)

// extensions are the headers of IPv6 of [snapshot.FieldExtension]. Of what is
// in them nothing is understood.
var extensions = names("rt frag hbh dst")

// tcpFlags in the order in which they are written.
var tcpFlags = []string{"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"}

// flagsMatch is a match on flags of tcp: of a mask, exactly some are set.
func flagsMatch(not bool, mask, set []string) (snapshot.FilterStatement, bool) {
	for _, f := range set {
		if !slices.Contains(mask, f) {
			return snapshot.FilterStatement{}, false
		}
	}
	written := writtenFlags(set)
	switch {
	case written == "" && len(mask) == 1: // one that is not unset is set
		not, written = !not, mask[0]
	case written == "":
		written = "none"
	}
	return matches(snapshot.FieldTCPFlags, not, writtenFlags(mask)+"=="+written), len(mask) > 0
}

func writtenFlags(flags []string) string {
	var out []string
	for _, f := range tcpFlags {
		if slices.Contains(flags, f) {
			out = append(out, f)
		}
	}
	return strings.Join(out, ",")
}

// icmpTypes and icmp6Types are the names of nft (src/proto.c, icmp_type_tbl and
// icmp6_type_tbl).
var (
	icmpTypes = map[string]string{
		"echo-reply": "0", "destination-unreachable": "3", "source-quench": "4", "redirect": "5", "echo-request": "8",
		"router-advertisement": "9", "router-solicitation": "10", "time-exceeded": "11", "parameter-problem": "12",
		"timestamp-request": "13", "timestamp-reply": "14", "info-request": "15", "info-reply": "16",
		"address-mask-request": "17", "address-mask-reply": "18",
	}
	icmp6Types = map[string]string{
		"destination-unreachable": "1", "packet-too-big": "2", "time-exceeded": "3", "parameter-problem": "4",
		"echo-request": "128", "echo-reply": "129", "mld-listener-query": "130", "mld-listener-report": "131",
		"mld-listener-done": "132", "mld-listener-reduction": "132", "nd-router-solicit": "133", "nd-router-advert": "134",
		"nd-neighbor-solicit": "135", "nd-neighbor-advert": "136", "nd-redirect": "137", "router-renumbering": "138",
		"ind-neighbor-solicit": "141", "ind-neighbor-advert": "142", "mld2-listener-report": "143",
	}
)
