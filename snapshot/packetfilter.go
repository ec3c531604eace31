package snapshot

// PacketFilter is what the kernel's packet filters do in one network
// namespace: the rules of iptables, of either back end, and of nftables, in one
// form. It holds what was read of all of them: a table that could not be read
// makes the whole fact a gap, never a shorter list.
type PacketFilter struct {
	Tables []FilterTable `json:"tables,omitempty"`
}

// FilterTable is a table of iptables or nftables.
type FilterTable struct {
	// Tool is what its rules are written for, and whose words their texts are:
	// "iptables" (the nf_tables back end), "iptables-legacy" or "nft". Rules that
	// nft added to a table of iptables are in the words of nft.
	Tool string `json:"tool"`
	// Family is "ip", "ip6", "inet" (both), "bridge", "arp" or "netdev".
	Family string `json:"family"`
	Name   string `json:"name"`
	// Dormant: the table is there and not in force (nft flags dormant).
	Dormant bool          `json:"dormant,omitempty"`
	Chains  []FilterChain `json:"chains,omitempty"`
	Sets    []FilterSet   `json:"sets,omitempty"`
}

// FilterChain is a list of rules. One with a hook is visited by packets, the
// others by jumps.
type FilterChain struct {
	Name string `json:"name"`
	// Hook is where packets meet it: "prerouting", "input", "forward", "output",
	// "postrouting", or "ingress" and "egress" of Device; "" for none.
	Hook   string `json:"hook,omitempty"`
	Type   string `json:"type,omitempty"`   // "filter", "nat" or "route"
	Device string `json:"device,omitempty"` // several are separated by commas
	// Priority orders the chains of a hook, lowest first
	// (include/uapi/linux/netfilter_ipv4.h: raw -300, mangle -150, dstnat -100,
	// filter 0, security 50, srcnat 100).
	Priority int `json:"priority,omitempty"`
	// Policy is the verdict at the end of a chain with a hook: "accept" or "drop".
	Policy string       `json:"policy,omitempty"`
	Rules  []FilterRule `json:"rules,omitempty"`
}

// FilterRule is one rule: statements that are tried in their order until a
// match fails or a verdict ends the rule.
type FilterRule struct {
	// Text is the rule as its tool writes it, without counters.
	Text       string            `json:"text"`
	Statements []FilterStatement `json:"statements,omitempty"`
}

// FilterStatement is one part of a rule; exactly one of its fields is set, and
// those that belong to it.
type FilterStatement struct {
	Match *FilterMatch `json:"match,omitempty"`
	// Verdict is "accept", "drop", "reject", "return", "jump", "goto" or
	// "continue". Chain is where jump and goto lead.
	Verdict string `json:"verdict,omitempty"`
	Chain   string `json:"chain,omitempty"`
	// Lookup chooses a verdict by a key (nft vmap).
	Lookup *FilterLookup `json:"lookup,omitempty"`
	// NAT changes an address.
	NAT *FilterNAT `json:"nat,omitempty"`
	// Mark sets the packet's mark, or that of its connection.
	Mark *FilterMark `json:"mark,omitempty"`
	// NoTrack: the packet belongs to no connection (ct state untracked).
	NoTrack bool `json:"noTrack,omitempty"`
	// Opaque is a part that is not understood and may decide, in its tool's
	// words: a match that may hold or not, a verdict that may be any. A part that
	// never decides, such as a counter, a comment or a log, is no statement.
	Opaque string `json:"opaque,omitempty"`
	// OpaqueMatch: the opaque part is a match. It holds or not, and decides
	// nothing by itself.
	OpaqueMatch bool `json:"opaqueMatch,omitempty"`
}

// FilterMatch is a condition on a packet: a field has one of some values.
type FilterMatch struct {
	// Fields are what is compared; more than one for a key of several (nft
	// concatenation). See the constants.
	Fields []FilterField `json:"fields"`
	Not    bool          `json:"not,omitempty"`
	// Values are those that match. The parts of a value of several fields are
	// separated by " . ". "@NAME" stands for the elements of a set of the table.
	// In a set and a lookup, a last "*" stands for all that is not otherwise there.
	//
	// By field: an interface is a name, with "*" at the end for any rest; an
	// address is one, a prefix or a range "a-b"; a port or a number is one or a
	// range "a-b"; a mark is "value/mask" in hexadecimal; others are words.
	Values []string `json:"values"`
}

// FilterField names what a match compares.
type FilterField string

// The fields that are understood. Everything else is opaque.
const (
	FieldIn          FilterField = "iif"          // interface by which the packet came
	FieldOut         FilterField = "oif"          // interface by which it leaves
	FieldFamily      FilterField = "family"       // "ip" or "ip6", in a table of both
	FieldSource      FilterField = "saddr"        // source address
	FieldDestination FilterField = "daddr"        // destination address
	FieldProtocol    FilterField = "l4proto"      // "tcp", "udp", "icmp", "icmpv6", "sctp" or a number
	FieldSourcePort  FilterField = "sport"        // of tcp, udp or sctp
	FieldPort        FilterField = "dport"        // of tcp, udp or sctp
	FieldState       FilterField = "ct state"     // "new", "established", "related", "invalid", "untracked"; of iptables also "dnat", "snat": the address was translated
	FieldStatus      FilterField = "ct status"    // "dnat", "snat", "seen-reply", "assured", "confirmed", "expected"
	FieldDirection   FilterField = "ct direction" // "original" or "reply"
	FieldOrigDest    FilterField = "ct original daddr"
	FieldOrigPort    FilterField = "ct original dport"
	FieldSourceType  FilterField = "saddrtype" // "local", "unicast", "broadcast", "multicast", …
	FieldDestType    FilterField = "daddrtype"
	FieldMark        FilterField = "mark"
	FieldConnMark    FilterField = "ct mark"
	FieldTCPFlags    FilterField = "tcp flags" // "mask==value" in words: "fin,syn,rst,ack==syn", "fin,syn==none"
	FieldICMPType    FilterField = "icmp type"
	FieldExtension   FilterField = "exthdr"          // an extension header of IPv6 that the packet has: "rt", "frag", "hbh", "dst"
	FieldPacketType  FilterField = "pkttype"         // "host", "broadcast", "multicast", "other"
	FieldBridgePort  FilterField = "physdev in"      // bridge port by which it came
	FieldBridgeOut   FilterField = "physdev out"     // bridge port by which it leaves
	FieldBridged     FilterField = "physdev bridged" // "yes": it is bridged, not routed
	FieldReversePath FilterField = "rpfilter"        // "ok": a route leads back to the source by the interface it came by (iptables rpfilter, nft fib saddr . iif oif); "ok mark": looked up with the packet's mark
)

// FilterSet is a named set or map of a table.
type FilterSet struct {
	Name string `json:"name"`
	// Elements are values as in [FilterMatch]; with Verdicts, what each leads to.
	Elements []string        `json:"elements,omitempty"`
	Verdicts []FilterVerdict `json:"verdicts,omitempty"`
	// Opaque says why its content is not known: it changes as packets pass, or
	// was not read.
	Opaque string `json:"opaque,omitempty"`
}

// FilterVerdict is a verdict and the chain that jump and goto lead to.
type FilterVerdict struct {
	Verdict string `json:"verdict"`
	Chain   string `json:"chain,omitempty"`
}

// FilterLookup is a map from the values of fields to verdicts. Without a
// fitting element, the rule goes on.
type FilterLookup struct {
	Fields []FilterField `json:"fields"`
	// Map is the name of the table's map, or else the elements are here, each
	// with the verdict of the same place.
	Map      string          `json:"map,omitempty"`
	Elements []string        `json:"elements,omitempty"`
	Verdicts []FilterVerdict `json:"verdicts,omitempty"`
}

// FilterNAT changes where a packet goes to or comes from.
type FilterNAT struct {
	// Kind is "dnat", "snat", "masquerade" or "redirect".
	Kind string `json:"kind"`
	// Address and Port are the new ones; empty and 0 where they stay.
	Address string `json:"address,omitempty"`
	Port    int    `json:"port,omitempty"`
}

// FilterMark sets the bits of Mask to those of Value. With FromConn the packet
// gets the mark of its connection, with ToConn the connection gets that of the
// packet; with Conn alone the value is set to the connection's.
type FilterMark struct {
	Value    uint32 `json:"value"`
	Mask     uint32 `json:"mask"`
	Conn     bool   `json:"conn,omitempty"`
	FromConn bool   `json:"fromConn,omitempty"`
	ToConn   bool   `json:"toConn,omitempty"`
}
