package filter

import (
	"slices"
	"strings"

	"go4.org/netipx"

	"seawall/snapshot"
)

// match is a condition: one of the keys fits, or none if negated.
type match struct {
	fields []snapshot.FilterField
	not    bool
	keys   [][]value // one value for each field
	// family is 4 or 6 where all addresses are of one; 0 for both or none.
	family int
}

// newMatch reads the values of a condition, sets resolved.
func newMatch(t *table, fields []snapshot.FilterField, not bool, texts []string) *match {
	m := &match{fields: fields, not: not}
	if len(fields) == 0 {
		m.fields, m.keys = []snapshot.FilterField{""}, [][]value{{{opaque: true}}}
		return m
	}
	for _, text := range texts {
		name, isSet := strings.CutPrefix(text, "@")
		if !isSet {
			m.keys = append(m.keys, parseKey(fields, text))
			continue
		}
		set, ok := t.sets[name]
		if !ok || set.Opaque != "" {
			m.keys = append(m.keys, parseKey(fields, ""))
			continue
		}
		for _, element := range set.Elements {
			m.keys = append(m.keys, parseKey(fields, element))
		}
	}
	if len(fields) == 1 {
		m.join()
	}
	return m
}

// join makes one value of all addresses, and of all ports.
func (m *match) join() {
	var ranges []netipx.IPRange
	var all ports
	var rest [][]value
	var families [2]bool
	for _, key := range m.keys {
		switch v := key[0]; {
		case v.addrs != nil:
			families[b2i(v.addrs[0].From().Is6())] = true
			ranges = append(ranges, v.addrs...)
		case v.ports != nil:
			all = append(all, v.ports...)
		default:
			rest = append(rest, key)
		}
	}
	if len(rest) == 0 && families[0] != families[1] {
		m.family = 4 + 2*b2i(families[1])
	}
	if len(ranges) > 0 {
		rest = append(rest, []value{{addrs: union(ranges)}})
	}
	if len(all) > 0 {
		rest = append(rest, []value{{ports: all.union(nil)}})
	}
	m.keys = rest
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parseKey reads one value for each field. What does not fit may be anything.
func parseKey(fields []snapshot.FilterField, text string) []value {
	parts := []string{text}
	if len(fields) > 1 {
		parts = strings.Split(text, " . ")
	}
	key := make([]value, len(fields))
	for i, f := range fields {
		switch {
		case text == "*":
			key[i].any = true
		case len(parts) != len(fields) || text == "":
			key[i].opaque = true
		default:
			key[i] = parseValue(f, parts[i])
		}
	}
	return key
}

// match divides the senders of a world: for some the condition holds, for some
// it may, for some it does not.
func (v *visit) match(m *match, w *world) (holds, may, fails addrs) {
	switch v.applies(m, w) {
	case no:
		return nil, nil, w.sources
	case maybe:
		return nil, w.sources, nil
	}
	rest := w.sources // no key fits so far
	for _, key := range m.keys {
		if val := &key[0]; len(key) == 1 && val.addrs != nil && m.fields[0] == v.senders() && !w.carried {
			holds, rest = rest.cut(val.addrs) // all of its addresses are one value
			continue
		}
		fit, scope := yes, rest
		for i, f := range m.fields {
			fit = min(fit, v.test(f, &key[i], w, &scope))
			if fit == no || len(scope) == 0 {
				break
			}
		}
		if len(scope) == 0 {
			continue
		}
		switch fit {
		case yes:
			holds = union(holds, scope)
			_, rest = rest.cut(scope)
		case maybe:
			may = union(may, scope)
		}
		if len(rest) == 0 {
			break
		}
	}
	if len(may) > 0 {
		_, may = may.cut(holds)
		_, rest = rest.cut(may)
	}
	if m.not {
		return rest, may, holds
	}
	return holds, may, rest
}

// senders is the field that holds the address of the senders.
func (v *visit) senders() snapshot.FilterField {
	if v.reply {
		return snapshot.FieldDestination
	}
	return snapshot.FieldSource
}

// senderPort is the field that holds the port of the senders.
func (v *visit) senderPort() snapshot.FilterField {
	if v.reply {
		return snapshot.FieldPort
	}
	return snapshot.FieldSourcePort
}

// ports are the sets of ports that a condition tells apart.
func (m *match) ports(f snapshot.FilterField) []ports {
	i := slices.Index(m.fields, f)
	if i < 0 {
		return nil
	}
	var out []ports
	for _, key := range m.keys {
		if key[i].ports != nil {
			out = append(out, key[i].ports)
		}
	}
	return out
}

// applies: a packet without the field matches neither a condition nor its
// opposite.
func (v *visit) applies(m *match, w *world) tri {
	if m.family != 0 && m.family != v.walk.family {
		return no
	}
	out := yes
	for _, f := range m.fields {
		switch f {
		case snapshot.FieldSourcePort, snapshot.FieldPort:
			out = min(out, v.walk.isProtocol(6, 17, 132, 136, 33))
		case snapshot.FieldTCPFlags:
			out = min(out, v.walk.isProtocol(6))
		case snapshot.FieldICMPType:
			out = min(out, v.walk.isProtocol(1, 58))
		case snapshot.FieldStatus, snapshot.FieldDirection, snapshot.FieldOrigDest, snapshot.FieldOrigPort, snapshot.FieldConnMark:
			switch v.tracking(w) {
			case ctNone, ctUntracked:
				return no
			case ctUnknown:
				out = min(out, maybe)
			}
		}
	}
	return out
}
