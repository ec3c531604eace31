package packetfilter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// An nftConverter writes a value of JSON in the words of the model; false if
// it has none.
type nftConverter func(any) (string, bool)

// nftKey is what nft compares.
type nftKey struct {
	fields []snapshot.FilterField
	values nftConverter
	// implied are matches that nft makes without showing them: only a packet of
	// tcp has a port of tcp.
	implied statement
	// bits: a value is one of bits, several of which may be set.
	bits bool
}

// match reads {"op", "left", "right"}.
func (r *nftRule) match(args object) (statement, bool) {
	op, _ := args["op"].(string)
	if left, ok := args["left"].(object); ok && len(left) == 1 && left["&"] != nil {
		return r.masked(op, left["&"], args["right"])
	}
	k, ok := keyOf(r.table.Family, args["left"])
	if !ok {
		return nil, false
	}
	right := args["right"]
	switch {
	case k.bits:
		return bitMatch(k, op, right)
	case k.fields[0] == snapshot.FieldReversePath:
		found, ok := right.(bool)
		return append(k.implied, matches(k.fields[0], found == (op == "!="), k.pathValue())), ok && isEquality(op)
	case isEquality(op):
	case isPort(k.fields[0]) && len(k.fields) == 1:
		bound, ok := right.(float64)
		var value string
		if ok {
			value, ok = halfRange(op, int(bound))
		}
		return append(k.implied, matches(k.fields[0], false, value)), ok
	default:
		return nil, false
	}
	values, ok := k.list(right)
	m := &snapshot.FilterMatch{Fields: k.fields, Not: op == "!=", Values: values}
	return append(k.implied, snapshot.FilterStatement{Match: m}), ok
}

func isEquality(op string) bool { return op == "==" || op == "!=" || op == "in" || op == "" }

// halfRange is what "<" and the like mean for ports.
func halfRange(op string, n int) (string, bool) {
	from, to := 0, 65535
	switch op {
	case "<":
		to = n - 1
	case "<=":
		to = n
	case ">":
		from = n + 1
	case ">=":
		from = n
	default:
		return "", false
	}
	if from < 0 || to < 0 {
		return "", false
	}
	return numberRange(strconv.Itoa(from), strconv.Itoa(to), 65535)
}

// list reads one value, a set, or the name of one.
func (k nftKey) list(right any) ([]string, bool) {
	if name, ok := right.(string); ok && strings.HasPrefix(name, "@") {
		return []string{name}, true
	}
	if o, ok := right.(object); ok && o["set"] != nil {
		list, ok := o["set"].([]any)
		if !ok {
			return nil, false
		}
		out, ok := elements(k.values, list)
		return out, ok && len(out) > 0
	}
	value, ok := k.values(right)
	return []string{value}, ok
}

// bitMatch is a match on the bits of a connection's state or status, or on the
// flags of tcp. "in" and a list is any of them, "!" none of them, "==" exactly.
func bitMatch(k nftKey, op string, right any) (statement, bool) {
	field := k.fields[0]
	words, isWords := bitWords(k.values, right)
	if field == snapshot.FieldTCPFlags {
		if !isWords || len(words) == 0 {
			return nil, false
		}
		mask, set, not := words, []string(nil), op == "in"
		switch op {
		case "in", "!":
		case "==", "!=":
			mask, set, not = tcpFlags, words, op == "!="
		default:
			return nil, false
		}
		match, ok := flagsMatch(not, mask, set)
		return append(k.implied, match), ok
	}
	exact := op == "==" || op == "!="
	if exact && field == snapshot.FieldState { // only one bit is ever set
		if list, ok := k.list(right); ok {
			return statement{matches(field, op == "!=", list...)}, !strings.HasPrefix(list[0], "@")
		}
	}
	if exact || !isWords || op != "in" && op != "!" || len(words) == 0 {
		return nil, false
	}
	return statement{matches(field, op == "!", words...)}, true
}

// bitWords are the words of a value, a list or {"|": [a, b]}; 0 is none.
func bitWords(values nftConverter, v any) ([]string, bool) {
	list := []any{v}
	switch v := v.(type) {
	case []any:
		list = v
	case object:
		list, _ = v["|"].([]any)
		if len(v) != 1 || list == nil {
			return nil, false
		}
	case float64:
		return nil, v == 0
	}
	var out []string
	for _, e := range list {
		if _, nested := e.(object); nested {
			more, ok := bitWords(values, e)
			if !ok {
				return nil, false
			}
			out = append(out, more...)
			continue
		}
		word, ok := values(e)
		if !ok {
			return nil, false
		}
		out = append(out, word)
	}
	return out, true
}

// masked is a match on some bits: of marks and flags, and one bit of others.
func (r *nftRule) masked(op string, left, right any) (statement, bool) {
	operands, _ := left.([]any)
	if len(operands) != 2 || op != "==" && op != "!=" {
		return nil, false
	}
	k, ok := keyOf(r.table.Family, operands[0])
	if !ok || len(k.fields) != 1 {
		return nil, false
	}
	field, not := k.fields[0], op == "!="
	switch field {
	case snapshot.FieldMark, snapshot.FieldConnMark:
		mask, ok1 := bits32(operands[1])
		value, ok2 := bits32(right)
		return statement{matches(field, not, writtenMark(value, mask))}, ok1 && ok2
	case snapshot.FieldTCPFlags:
		mask, ok1 := bitWords(k.values, operands[1])
		set, ok2 := bitWords(k.values, right)
		match, ok := flagsMatch(not, mask, set)
		return append(k.implied, match), ok && ok1 && ok2
	case snapshot.FieldState, snapshot.FieldStatus:
		mask, ok := bitWords(k.values, operands[1])
		if !ok || len(mask) != 1 {
			return nil, false
		}
		set, ok := bitWords(k.values, right)
		switch {
		case ok && len(set) == 0:
			not = !not
		case !ok || !slices.Equal(mask, set):
			return nil, false
		}
		return statement{matches(field, not, mask...)}, true
	}
	return nil, false
}

func bits32(v any) (uint32, bool) {
	f, ok := v.(float64)
	return uint32(f), ok && f >= 0 && f < 1<<32 && f == float64(uint32(f))
}

// keyOf reads what is compared; false if the model has no words for it.
func keyOf(family string, v any) (nftKey, bool) {
	o, _ := v.(object)
	if len(o) != 1 {
		return nftKey{}, false
	}
	for kind, arg := range o {
		if kind == "concat" {
			return concatenation(family, arg)
		}
		args, _ := arg.(object)
		switch kind {
		case "meta":
			key, _ := args["key"].(string)
			k, ok := metaKeys[key]
			return k, ok
		case "ct":
			k, ok := ctKeys[strings.TrimSpace(fmt.Sprint(orEmpty(args["dir"]), " ", orEmpty(args["key"])))]
			return k, ok
		case "fib":
			return fibKey(args)
		case "payload":
			return payloadKey(family, args)
		}
	}
	return nftKey{}, false
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// concatenation is a key of several fields.
func concatenation(family string, v any) (nftKey, bool) {
	parts, _ := v.([]any)
	var out nftKey
	var converters []nftConverter
	for _, p := range parts {
		k, ok := keyOf(family, p)
		if !ok || k.bits && k.fields[0] != snapshot.FieldState || len(k.fields) != 1 || k.fields[0] == snapshot.FieldReversePath {
			return nftKey{}, false
		}
		out.fields = append(out.fields, k.fields[0])
		out.implied = append(out.implied, k.implied...)
		converters = append(converters, k.values)
	}
	out.values = joined(converters)
	return out, len(parts) > 1
}

// joined converts the parts of a concatenation.
func joined(converters []nftConverter) nftConverter {
	return func(v any) (string, bool) {
		o, _ := v.(object)
		list, _ := o["concat"].([]any)
		if len(list) != len(converters) {
			return "", false
		}
		var out []string
		for i, e := range list {
			value, ok := converters[i](e)
			if !ok {
				return "", false
			}
			out = append(out, value)
		}
		return strings.Join(out, " . "), true
	}
}
