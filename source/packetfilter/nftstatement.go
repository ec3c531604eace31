package packetfilter

import (
	"seawall/snapshot"
)

// natStatement reads the new address and port. Ranges, prefixes and maps, from
// which the kernel chooses, are not understood.
func natStatement(kind string, args object) (statement, bool) {
	nat := &snapshot.FilterNAT{Kind: kind}
	for name, arg := range args {
		switch name {
		case "addr":
			text, ok := arg.(string)
			if !ok {
				return nil, false
			}
			if nat.Address, ok = address(text); !ok {
				return nil, false
			}
		case "port":
			if kind == "masquerade" { // any port of the source
				continue
			}
			port, ok := bits32(arg)
			if !ok || port == 0 || port > 65535 {
				return nil, false
			}
			nat.Port = int(port)
		case "family", "flags":
		default:
			return nil, false
		}
	}
	out := statement{{NAT: nat}}
	switch family := args["family"]; family {
	case nil:
	case "ip", "ip6":
		out = append(statement{matches(snapshot.FieldFamily, false, families[family.(string)])}, out...)
	default:
		return nil, false
	}
	return out, kind == "masquerade" || kind == "redirect" || nat.Address != "" || nat.Port != 0
}

// harmless are the parts of a packet and its connection whose change no rule
// asks for.
var harmless = names("priority nftrace dscp ecn event label maxseg")

// mangle sets a mark.
func mangle(args object) (statement, bool) {
	key, _ := args["key"].(object)
	for kind, arg := range key {
		inner, _ := arg.(object)
		name, _ := inner["key"].(string)
		if field, ok := inner["field"].(string); ok {
			name = field
		}
		switch {
		case kind == "tcp option" && inner["name"] == "maxseg", harmless[name] && kind != "tcp option":
			return nil, true
		case (kind == "meta" || kind == "ct") && name == "mark":
			m, ok := markChange(kind == "ct", args["value"])
			return statement{{Mark: &m}}, ok
		}
	}
	return nil, false
}

// markChange is what a value does to the mark of a packet or, with conn, of its
// connection.
func markChange(conn bool, value any) (snapshot.FilterMark, bool) {
	all := uint32(1<<32 - 1)
	if n, ok := bits32(value); ok {
		return snapshot.FilterMark{Value: n, Mask: all, Conn: conn}, true
	}
	if from, ok := markSource(value); ok && (from == "ct") != conn {
		return snapshot.FilterMark{Mask: all, FromConn: !conn, ToConn: conn}, true
	}
	// (mark & keep) | bits, or ^ bits
	m := snapshot.FilterMark{Conn: conn}
	for range 2 {
		o, _ := value.(object)
		for op, arg := range o {
			operands, _ := arg.([]any)
			if len(o) != 1 || len(operands) != 2 {
				return m, false
			}
			n, ok := bits32(operands[1])
			switch {
			case !ok:
				return m, false
			case op == "&":
				m.Mask |= ^n
			case m.Mask != 0: // only "&" may come first
				return m, false
			case op == "|":
				m.Value, m.Mask = n, n
			case op == "^":
				m.Value = n
			default:
				return m, false
			}
			value = operands[0]
		}
		if from, ok := markSource(value); ok {
			return m, (from == "ct") == conn && m.Value&^m.Mask == 0
		}
	}
	return m, false
}

// markSource is "meta" or "ct" for a value that is their mark.
func markSource(value any) (string, bool) {
	o, _ := value.(object)
	for kind, arg := range o {
		inner, _ := arg.(object)
		return kind, len(o) == 1 && len(inner) == 1 && inner["key"] == "mark" && (kind == "meta" || kind == "ct")
	}
	return "", false
}
