package packetfilter

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// words is a rule as nft lists it, written from its JSON (libnftables-json(5)); false
// if there is a part for which nft must be asked. All versions of nft write what is
// written here alike.
func words(family string, o *nftObject) (string, bool) {
	var out []string
	for _, e := range o.Expr {
		s, _ := e.(object)
		if len(s) != 1 {
			return "", false
		}
		for kind, arg := range s {
			text, ok := statementWords(family, kind, arg)
			if !ok {
				return "", false
			}
			out = append(out, text)
		}
	}
	if o.Comment != "" {
		out = append(out, `comment "`+o.Comment+`"`)
	}
	return strings.Join(out, " "), true
}

func statementWords(family, kind string, arg any) (string, bool) {
	args, _ := arg.(object)
	switch kind {
	case "match":
		return matchWords(args)
	case "vmap":
		key, _, ok := keyWords(args["key"])
		name, isName := args["data"].(string)
		return key + " vmap " + name, ok && isName
	case "counter":
		return kind, args["packets"] != nil
	case "log":
		prefix, ok := args["prefix"].(string)
		return `log prefix "` + prefix + `"`, ok && len(args) == 1
	case "dnat", "snat":
		return natWords(kind, args)
	case "reject":
		return rejectWords(family, args)
	case "jump", "goto":
		chain, ok := args["target"].(string)
		return kind + " " + chain, ok
	case "accept", "drop", "return", "continue", "masquerade", "notrack":
		return kind, arg == nil
	}
	return "", false
}

// A valueWords writes one value as nft lists it.
type valueWords func(any) (string, bool)

// matchWords writes {"op", "left", "right"}.
func matchWords(args object) (string, bool) {
	key, value, ok := keyWords(args["left"])
	if !ok {
		return "", false
	}
	op, _ := args["op"].(string)
	switch op {
	case "==", "in":
		op = ""
	case "!=", "<", ">", "<=", ">=":
		op += " "
	default:
		return "", false
	}
	right, ok := rightWords(value, args["right"], args["op"] == "in")
	return key + " " + op + right, ok
}

// rightWords writes a value, the name of a set, the elements of one, or several bits.
func rightWords(value valueWords, v any, bits bool) (string, bool) {
	switch list := v.(type) {
	case string:
		if strings.HasPrefix(list, "@") {
			return list, true
		}
	case []any:
		text, ok := listWords(value, list, ",")
		return text, ok && bits
	case object:
		if set, is := list["set"].([]any); is {
			text, ok := listWords(value, set, ", ")
			return "{ " + text + " }", ok
		}
	}
	return value(v)
}

func listWords(value valueWords, list []any, between string) (string, bool) {
	out := make([]string, len(list))
	for i, e := range list {
		text, ok := value(e)
		if !ok {
			return "", false
		}
		out[i] = text
	}
	return strings.Join(out, between), len(out) > 0
}

// metaWords are the fields of "meta" that nft lists in the same way in all versions.
var metaWords = map[string]struct {
	name  string
	value valueWords
}{
	"iif": {"iif", quotedWords}, "oif": {"oif", quotedWords}, "iifname": {"iifname", quotedWords}, "oifname": {"oifname", quotedWords},
	"l4proto": {"meta l4proto", plainWords}, "nfproto": {"meta nfproto", plainWords}, "pkttype": {"meta pkttype", plainWords},
	"mark": {"meta mark", markWords},
}

// payloadWords are those of a packet's headers.
var payloadWords = map[string]valueWords{
	"ip saddr": addressWords, "ip daddr": addressWords, "ip6 saddr": addressWords, "ip6 daddr": addressWords,
	"tcp sport": numberWords, "tcp dport": numberWords, "udp sport": numberWords, "udp dport": numberWords, "th sport": numberWords, "th dport": numberWords,
	"ip protocol": plainWords, "ip6 nexthdr": plainWords, "icmp type": plainWords, "icmpv6 type": plainWords,
}

// ctWords are those of a connection.
var ctWords = map[string]valueWords{"state": plainWords, "status": plainWords, "direction": plainWords, "mark": markWords}

// keyWords writes what is compared, and says how its values are written.
func keyWords(v any) (string, valueWords, bool) {
	o, _ := v.(object)
	if len(o) != 1 {
		return "", nil, false
	}
	for kind, arg := range o {
		if kind == "concat" {
			return concatWords(arg)
		}
		args, _ := arg.(object)
		key, _ := args["key"].(string)
		switch kind {
		case "meta":
			k, ok := metaWords[key]
			return k.name, k.value, ok && len(args) == 1
		case "ct":
			value, ok := ctWords[key]
			return "ct " + key, value, ok && len(args) == 1
		case "payload":
			name := fmt.Sprint(args["protocol"], " ", args["field"])
			value, ok := payloadWords[name]
			return name, value, ok
		case "fib":
			flags := texts(args["flags"])
			return "fib " + strings.Join(flags, " . ") + " type", plainWords, args["result"] == "type" && len(flags) > 0
		}
	}
	return "", nil, false
}

// concatWords are several keys at once. Their values are lists of as many.
func concatWords(v any) (string, valueWords, bool) {
	parts, _ := v.([]any)
	var names []string
	var values []valueWords
	for _, p := range parts {
		name, value, ok := keyWords(p)
		if !ok {
			return "", nil, false
		}
		names, values = append(names, name), append(values, value)
	}
	value := func(v any) (string, bool) {
		o, _ := v.(object)
		list, _ := o["concat"].([]any)
		if len(list) != len(values) {
			return "", false
		}
		out := make([]string, len(list))
		for i, e := range list {
			var ok bool
			if out[i], ok = values[i](e); !ok {
				return "", false
			}
		}
		return strings.Join(out, " . "), true
	}
	return strings.Join(names, " . "), value, len(parts) > 1
}

// plainWords are those that nft lists as JSON has them.
func plainWords(v any) (string, bool) {
	text, ok := v.(string)
	return text, ok && text != ""
}

func quotedWords(v any) (string, bool) {
	text, ok := v.(string)
	return `"` + text + `"`, ok
}

func numberWords(v any) (string, bool) { return rangeWords(decimal, v) }

func markWords(v any) (string, bool) {
	return rangeWords(func(v any) (string, bool) {
		n, ok := bits32(v)
		return fmt.Sprintf("0x%08x", n), ok
	}, v)
}

// addressWords writes an address, a prefix or a range.
func addressWords(v any) (string, bool) {
	if o, ok := v.(object); ok && o["prefix"] != nil {
		prefix, _ := o["prefix"].(object)
		length, ok := decimal(prefix["len"])
		return fmt.Sprint(prefix["addr"], "/", length), ok
	}
	return rangeWords(plainWords, v)
}

// rangeWords writes a value or {"range": [from, to]}.
func rangeWords(value valueWords, v any) (string, bool) {
	from, to, isRange := pair(v)
	if !isRange {
		return value(v)
	}
	a, ok1 := value(from)
	b, ok2 := value(to)
	return a + "-" + b, ok1 && ok2
}

// natWords writes a new address, port or both.
func natWords(kind string, args object) (string, bool) {
	out := kind
	for name := range args {
		if name != "family" && name != "addr" && name != "port" {
			return "", false
		}
	}
	if family, ok := args["family"].(string); ok {
		out += " " + family
	}
	text, _ := args["addr"].(string)
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return "", false
	}
	if args["port"] == nil {
		return out + " to " + text, true
	}
	port, ok := bits32(args["port"])
	if addr.Is6() {
		text = "[" + text + "]"
	}
	return out + " to " + text + ":" + strconv.FormatUint(uint64(port), 10), ok
}

// rejectWords writes how a packet is refused, which tables of other families than inet
// list by the family's own rules.
func rejectWords(family string, args object) (string, bool) {
	kind, _ := args["type"].(string)
	switch {
	case family != "inet":
	case kind == "tcp reset" && len(args) == 1:
		return "reject with tcp reset", true
	case args["expr"] == "port-unreachable" && kind == "icmpx":
		return "reject", true
	case strings.HasPrefix(kind, "icmp"):
		code, ok := args["expr"].(string)
		return "reject with " + kind + " " + code, ok
	}
	return "", false
}
