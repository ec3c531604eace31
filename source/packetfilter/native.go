package packetfilter

import (
	"golang.org/x/sys/unix"
)

// iptablesExpressions are the parts of rules that iptables-nft writes, and
// reads as they are. Of others, some versions print a rule that says less.
var iptablesExpressions = names("match target counter immediate cmp bitwise payload meta log limit")

// metaOfIPTables are the keys of "meta" in its rules.
var metaOfIPTables = map[uint32]bool{
	unix.NFT_META_PROTOCOL: true, unix.NFT_META_MARK: true, unix.NFT_META_IIFNAME: true, unix.NFT_META_OIFNAME: true,
	unix.NFT_META_NFPROTO: true, unix.NFT_META_L4PROTO: true, unix.NFT_META_PKTTYPE: true,
}

// payloadAt is a place in a packet: a header and an offset.
type payloadAt struct{ base, offset uint32 }

// payloadOfIPTables are the places that its rules look at: of ip, flags of
// fragments, protocol and addresses; of ip6, protocol and addresses; ports, the
// type of icmp and the flags of tcp.
var payloadOfIPTables = map[payloadAt]bool{
	{1, 6}: true, {1, 9}: true, {1, 12}: true, {1, 16}: true, {1, 8}: true, {1, 24}: true,
	{2, 0}: true, {2, 2}: true, {2, 13}: true,
}

// writtenByIPTables says whether a rule, by its expressions, is one that
// iptables-nft shows whole: it looks at no place twice and compares for
// equality only.
func writtenByIPTables(expressions []byte) bool {
	ok, seen := true, map[payloadAt]bool{}
	whole := eachAttribute(expressions, func(_ uint16, element []byte) {
		e, whole := attributesOf(element)
		data, whole2 := attributesOf(e[unix.NFTA_EXPR_DATA])
		name := e.text(unix.NFTA_EXPR_NAME)
		ok = ok && whole && whole2 && iptablesExpressions[name]
		switch name {
		case "meta":
			ok = ok && metaOfIPTables[data.number(unix.NFTA_META_KEY)] && data[unix.NFTA_META_SREG] == nil
		case "cmp":
			ok = ok && data.number(unix.NFTA_CMP_OP) <= unix.NFT_CMP_NEQ
		case "payload":
			at := payloadAt{data.number(unix.NFTA_PAYLOAD_BASE), data.number(unix.NFTA_PAYLOAD_OFFSET)}
			ok = ok && payloadOfIPTables[at] && !seen[at] && data[unix.NFTA_PAYLOAD_SREG] == nil
			seen[at] = true
		}
	})
	return ok && whole
}
