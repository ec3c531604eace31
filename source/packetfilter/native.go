package packetfilter

import (
	"golang.org/x/sys/unix"

	"seawall/source/netlink"
)

// iptablesExpressions are the parts of rules that iptables-nft writes, and
// reads as they are. Of others, some versions print a rule that says less.
var iptablesExpressions = names("match target counter immediate cmp bitwise payload meta log limit")

// metaOfIPTables are the keys of "meta" in its rules.
var metaOfIPTables = map[uint32]bool{
	unix.NFT_META_PROTOCOL: true, unix.NFT_META_MARK: true, unix.NFT_META_IIFNAME: true, unix.NFT_META_OIFNAME: true,
	unix.NFT_META_NFPROTO: true, unix.NFT_META_L4PROTO: true, unix.NFT_META_PKTTYPE: true,
}

// payloadAt is a place in a packet: a header, an offset and, where it is not an
// address or the protocol of ip, a length.
type payloadAt struct{ base, offset, length uint32 }

// protocolOfIP is where ip has what "meta" gives for any family, fragments where
// it says that a packet is one.
var (
	protocolOfIP = payloadAt{1, 9, 0}
	fragments    = payloadAt{1, 6, 2}
)

// The ports, which may be compared at once.
var (
	sourcePort = payloadAt{2, 0, 2}
	port       = payloadAt{2, 2, 2}
	bothPorts  = payloadAt{2, 0, 4}
)

// payloadOfIPTables are the places that its rules look at: of ip, flags of
// fragments, protocol and addresses; of ip6, addresses; ports; and the flags of
// tcp.
var payloadOfIPTables = map[payloadAt]bool{
	fragments: true, protocolOfIP: true, {1, 12, 0}: true, {1, 16, 0}: true, {1, 8, 0}: true, {1, 24, 0}: true,
	sourcePort: true, port: true, {2, 13, 1}: true,
}

// writtenByIPTables says whether a rule, by its expressions, is one that
// iptables-nft shows whole: it looks at nothing twice and compares for equality
// only.
func writtenByIPTables(expressions []byte) bool {
	ok, seen := true, map[any]bool{}
	once := func(what any, known bool) {
		ok = ok && known && !seen[what]
		seen[what] = true
	}
	err := netlink.Attributes(expressions, 0, func(_ uint16, element []byte) error {
		e, err1 := attributesOf(element)
		data, err2 := attributesOf(e.get(unix.NFTA_EXPR_DATA))
		name := e.text(unix.NFTA_EXPR_NAME)
		ok = ok && err1 == nil && err2 == nil && iptablesExpressions[name]
		switch name {
		case "meta":
			key := data.number(unix.NFTA_META_KEY)
			once(key, metaOfIPTables[key] && data.get(unix.NFTA_META_SREG) == nil)
		case "cmp":
			ok = ok && data.number(unix.NFTA_CMP_OP) <= unix.NFT_CMP_NEQ
		case "payload":
			at := payloadAt{data.number(unix.NFTA_PAYLOAD_BASE), data.number(unix.NFTA_PAYLOAD_OFFSET), 0}
			if at.base > 1 || at.offset == fragments.offset {
				at.length = data.number(unix.NFTA_PAYLOAD_LEN)
			}
			if at == bothPorts {
				once(sourcePort, true)
				at = port
			}
			once(at, payloadOfIPTables[at] && data.get(unix.NFTA_PAYLOAD_SREG) == nil)
			if at == protocolOfIP {
				once(uint32(unix.NFT_META_L4PROTO), true)
			}
		}
		return nil
	})
	return ok && err == nil
}
