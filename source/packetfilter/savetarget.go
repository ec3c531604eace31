package packetfilter

import (
	"fmt"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// target takes up what follows -j or -g at i, which is all that is left.
func (r *savedRule) target(words []savedWord, i int) ([]snapshot.FilterStatement, error) {
	if i+1 >= len(words) || !isName(words[i+1].text) {
		return whole(words), nil
	}
	name, options := words[i+1].text, words[i+2:]
	isGoto := isOption(words[i], "-g", "--goto")
	if _, isChain := r.chains[name]; isChain || isGoto {
		if !isChain {
			return nil, lang.RecordErrorf("%w: %.40q, to which a rule goes", errChain, name)
		}
		if len(options) > 0 {
			return whole(words), nil
		}
		s := snapshot.FilterStatement{Verdict: "jump", Chain: name}
		if isGoto {
			s.Verdict = "goto"
		}
		return append(r.out, s), nil
	}
	known, isKnown := targets[name]
	switch {
	case isKnown:
		if statements, ok := known(options); ok {
			return append(r.out, statements...), nil
		}
	case neverDecides[name]:
		return r.out, nil
	case len(options) == 0 && !undecided[name]:
		return nil, lang.RecordErrorf("%w: %.40q, to which a rule jumps", errChain, name)
	}
	return append(r.out, snapshot.FilterStatement{Opaque: written(words[i:])}), nil
}

// verdict is a target that ends a rule, whatever its options.
func verdict(name string) func([]savedWord) (statement, bool) {
	return func([]savedWord) (statement, bool) { return statement{{Verdict: name}}, true }
}

// targets are those that the model has words for.
var targets = map[string]func(options []savedWord) (statement, bool){
	"ACCEPT":   verdict("accept"),
	"DROP":     verdict("drop"),
	"REJECT":   verdict("reject"),
	"RETURN":   verdict("return"),
	"DNAT":     natTarget("dnat", "--to-destination"),
	"SNAT":     natTarget("snat", "--to-source"),
	"REDIRECT": natTarget("redirect", "--to-ports"),
	"MASQUERADE": func([]savedWord) (statement, bool) {
		return statement{{NAT: &snapshot.FilterNAT{Kind: "masquerade"}}}, true
	},
	"MARK":     markTarget(false),
	"CONNMARK": markTarget(true),
	"NOTRACK":  func(o []savedWord) (statement, bool) { return statement{{NoTrack: true}}, len(o) == 0 },
	"CT":       ctTarget,
}

// neverDecides are targets after which the next rule follows, and which change
// nothing that rules ask for.
var neverDecides = names("LOG NFLOG ULOG AUDIT TRACE TCPMSS TCPOPTSTRIP TOS DSCP ECN CLASSIFY CHECKSUM " +
	"CONNSECMARK SECMARK IDLETIMER LED RATEEST SET TEE ACCOUNT LOGMARK")

// undecided are the other targets of iptables and its add-ons that may stand
// without options, as a chain does.
var undecided = names("QUEUE NFQUEUE TPROXY SYNPROXY NETMAP DNPT SNPT CLUSTERIP HMARK TTL HL TARPIT DELUDE CHAOS ECHO SYSRQ DNETMAP IPMARK DHCPMAC PROTO")

// natTarget reads the new address and port. Ranges, from which the kernel
// chooses, are not understood.
func natTarget(kind, option string) func([]savedWord) (statement, bool) {
	return func(words []savedWord) (statement, bool) {
		nat := &snapshot.FilterNAT{Kind: kind}
		seen := false
		for len(words) > 0 {
			switch {
			case isOption(words[0], "--random", "--random-fully", "--persistent"):
				words = words[1:]
			case isOption(words[0], option) && len(words) > 1 && !seen:
				seen = true
				var ok bool
				if nat.Address, nat.Port, ok = destination(words[1].text, kind == "redirect"); !ok {
					return nil, false
				}
				words = words[2:]
			default:
				return nil, false
			}
		}
		return statement{{NAT: nat}}, seen || kind == "redirect"
	}
}

// destination is "address", "address:port", "[address]:port" or ":port"; with
// onlyPort, "port".
func destination(text string, onlyPort bool) (addr string, port int, ok bool) {
	host, service := text, ""
	switch at := strings.LastIndexByte(text, ':'); {
	case onlyPort:
		host, service = "", text
	case strings.HasPrefix(text, "["):
		host, service, ok = strings.Cut(text[1:], "]")
		if !ok || service != "" && service[0] != ':' {
			return "", 0, false
		}
		service = strings.TrimPrefix(service, ":")
	case at >= 0 && strings.Count(text, ":") == 1:
		host, service = text[:at], text[at+1:]
	}
	if host != "" {
		if addr, ok = address(host); !ok || strings.Contains(addr, "/") {
			return "", 0, false
		}
	}
	if service != "" {
		written, ok := number(service, 65535)
		if !ok || written == "0" {
			return "", 0, false
		}
		_, _ = fmt.Sscan(written, &port)
	}
	return addr, port, host != "" || service != ""
}

// markTarget reads MARK or, with conn, CONNMARK.
func markTarget(conn bool) func([]savedWord) (statement, bool) {
	return func(words []savedWord) (statement, bool) {
		if len(words) == 2 && !words[0].quoted {
			value, mask, ok := markOf(words[1].text)
			m, known := setMark(words[0].text, value, mask)
			m.Conn = conn
			return statement{{Mark: &m}}, ok && known
		}
		if !conn || len(words) == 0 {
			return nil, false
		}
		m := snapshot.FilterMark{FromConn: isOption(words[0], "--restore-mark"), ToConn: isOption(words[0], "--save-mark")}
		mask, ok := commonMask(words[1:])
		m.Mask = mask
		return statement{{Mark: &m}}, ok && m.FromConn != m.ToConn
	}
}

// setMark is what an option of MARK does to the bits of a mark; false if it
// turns some over.
func setMark(option string, value, mask uint32) (snapshot.FilterMark, bool) {
	switch option {
	case "--set-xmark":
	case "--set-mark":
		mask |= value
	case "--or-mark":
		mask = value
	case "--and-mark":
		value, mask = 0, ^value
	default:
		return snapshot.FilterMark{}, false
	}
	return snapshot.FilterMark{Value: value, Mask: mask}, value&^mask == 0
}

// commonMask is the mask of saving or restoring a mark; false if it is not the
// same for both marks.
func commonMask(words []savedWord) (uint32, bool) {
	masks := map[string]uint32{"--nfmask": 1<<32 - 1, "--ctmask": 1<<32 - 1}
	for ; len(words) >= 2; words = words[2:] {
		value, _, ok := markOf(words[1].text)
		if !ok {
			return 0, false
		}
		switch option := words[0].text; option {
		case "--mask":
			masks["--nfmask"], masks["--ctmask"] = value, value
		case "--nfmask", "--ctmask":
			masks[option] = value
		default:
			return 0, false
		}
	}
	return masks["--nfmask"], len(words) == 0 && masks["--nfmask"] == masks["--ctmask"]
}

// ctTarget: without tracking, or with a helper, which decides nothing.
func ctTarget(words []savedWord) (statement, bool) {
	switch {
	case len(words) == 1 && isOption(words[0], "--notrack"):
		return statement{{NoTrack: true}}, true
	case len(words) == 2 && slices.Contains([]string{"--helper", "--timeout", "--ctevents", "--expevents"}, words[0].text):
		return nil, true
	}
	return nil, false
}
