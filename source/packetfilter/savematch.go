package packetfilter

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// portOptions are those of the matches of protocols with ports.
var portOptions = map[string]matchOption{
	"--sport": {field: snapshot.FieldSourcePort, values: one(ports)}, "--source-port": {field: snapshot.FieldSourcePort, values: one(ports)},
	"--dport": {field: snapshot.FieldPort, values: one(ports)}, "--destination-port": {field: snapshot.FieldPort, values: one(ports)},
}

// matchOptions are the options of the matches that are understood
// (iptables-extensions(8)). A match with any other is opaque.
var matchOptions = map[string]map[string]matchOption{
	"udp":  portOptions,
	"sctp": portOptions,
	"multiport": {
		"--sports": {field: snapshot.FieldSourcePort, values: each(ports)}, "--source-ports": {field: snapshot.FieldSourcePort, values: each(ports)},
		"--dports": {field: snapshot.FieldPort, values: each(ports)}, "--destination-ports": {field: snapshot.FieldPort, values: each(ports)},
	},
	"state": {"--state": {field: snapshot.FieldState, values: each(word(states))}},
	"addrtype": {
		"--src-type": {field: snapshot.FieldSourceType, values: each(word(addressTypes))},
		"--dst-type": {field: snapshot.FieldDestType, values: each(word(addressTypes))},
	},
	"iprange": {
		"--src-range": {field: snapshot.FieldSource, values: one(addressRange)},
		"--dst-range": {field: snapshot.FieldDestination, values: one(addressRange)},
	},
	"mark":     {"--mark": {field: snapshot.FieldMark, values: one(mark)}},
	"connmark": {"--mark": {field: snapshot.FieldConnMark, values: one(mark)}},
	"physdev": {
		"--physdev-in":         {field: snapshot.FieldBridgePort, values: one(savedInterface)},
		"--physdev-out":        {field: snapshot.FieldBridgeOut, values: one(savedInterface)},
		"--physdev-is-bridged": {field: snapshot.FieldBridged, none: []string{"yes"}},
	},
	"pkttype": {"--pkt-type": {field: snapshot.FieldPacketType, values: one(word(packetTypes))}},
}

var conntrackOptions = map[string]matchOption{
	"--ctstate":       {field: snapshot.FieldState, values: each(word(states))},
	"--ctstatus":      {field: snapshot.FieldStatus, values: each(savedStatus)},
	"--ctdir":         {field: snapshot.FieldDirection, values: one(word(directions))},
	"--ctorigdst":     {field: snapshot.FieldOrigDest, values: one(address)},
	"--ctorigdstport": {field: snapshot.FieldOrigPort, values: one(ports)},
}

// specials are matches of which more has to be said than their options.
var specials = map[string]func(*savedRule, []savedWord) (statement, bool){
	"tcp":       tcpMatch,
	"conntrack": conntrackMatch,
	"rpfilter":  rpfilterMatch,
	"icmp":      icmpMatch("--icmp-type", icmpTypes),
	"icmp6":     icmpMatch("--icmpv6-type", icmp6Types),
	"icmpv6":    icmpMatch("--icmpv6-type", icmp6Types),
}

// savedStatus is a status of a connection as iptables writes it.
func savedStatus(text string) (string, bool) {
	return word(statuses)(strings.ReplaceAll(text, "_", "-"))
}

// conntrackMatch: a packet of no connection is invalid or untracked, and its
// state decides alone (net/netfilter/xt_conntrack.c). Together with other
// conditions, such a state is no conjunction.
func conntrackMatch(r *savedRule, words []savedWord) (statement, bool) {
	out, ok := r.options(conntrackOptions, words)
	if !ok || len(out) < 2 {
		return out, ok
	}
	for _, s := range out {
		if s.Match.Fields[0] != snapshot.FieldState {
			continue
		}
		for _, none := range []string{"invalid", "untracked"} {
			if slices.Contains(s.Match.Values, none) != s.Match.Not {
				return nil, false
			}
		}
	}
	return out, true
}

// tcpMatch knows flags, beside ports.
func tcpMatch(r *savedRule, words []savedWord) (statement, bool) {
	var flags statement
	var rest []savedWord
	for i := 0; i < len(words); i++ {
		not := i > 0 && isOption(words[i-1], "!")
		mask, set, size := "FIN,SYN,RST,ACK", "SYN", 1
		switch {
		case isOption(words[i], "--syn"):
		case isOption(words[i], "--tcp-flags") && i+2 < len(words):
			mask, set, size = words[i+1].text, words[i+2].text, 3
		default:
			rest = append(rest, words[i])
			continue
		}
		match, ok := savedFlags(not, mask, set)
		if !ok {
			return nil, false
		}
		if not {
			rest = rest[:len(rest)-1]
		}
		flags = append(flags, match)
		i += size - 1
	}
	if len(rest) == 0 {
		return flags, true
	}
	out, ok := r.options(portOptions, rest)
	return append(out, flags...), ok
}

// savedFlags is a match on flags.
func savedFlags(not bool, mask, set string) (snapshot.FilterStatement, bool) {
	m, ok1 := flagList(mask)
	s, ok2 := flagList(set)
	match, ok := flagsMatch(not, m, s)
	return match, ok && ok1 && ok2
}

func flagList(text string) ([]string, bool) {
	switch text {
	case "ALL":
		return tcpFlags[:6], true
	case "NONE":
		return nil, true
	}
	return each(word(same("fin syn rst psh ack urg")))(text)
}

// rpfilterMatch: the options that relax the check are not understood.
func rpfilterMatch(_ *savedRule, words []savedWord) (statement, bool) {
	not, value := false, "ok"
	for _, w := range words {
		switch {
		case isOption(w, "--invert"):
			not = true
		case isOption(w, "--validmark"):
			value = "ok mark"
		default:
			return nil, false
		}
	}
	return statement{matches(snapshot.FieldReversePath, not, value)}, true
}

// icmpMatch: a type, of which the code is opaque, or any.
func icmpMatch(option string, names map[string]string) func(*savedRule, []savedWord) (statement, bool) {
	return func(_ *savedRule, words []savedWord) (statement, bool) {
		if len(words) == 2 && isOption(words[0], option) && words[1].text == "any" {
			return nil, true
		}
		not := len(words) > 0 && isOption(words[0], "!")
		if not {
			words = words[1:]
		}
		if len(words) != 2 || !isOption(words[0], option) {
			return nil, false
		}
		text, code, hasCode := strings.Cut(words[1].text, "/")
		value, ok := names[text]
		if !ok {
			value, ok = number(text, 255)
		}
		if !ok || hasCode && not {
			return nil, false
		}
		out := statement{matches(snapshot.FieldICMPType, not, value)}
		if hasCode {
			out = append(out, snapshot.FilterStatement{Opaque: "icmp code " + code, OpaqueMatch: true})
		}
		return out, true
	}
}
