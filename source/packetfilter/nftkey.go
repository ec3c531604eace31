package packetfilter

import (
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// metaKeys are what nft knows of a packet beside its content.
var metaKeys = map[string]nftKey{
	"iifname":  {fields: fields(snapshot.FieldIn), values: nftInterface},
	"iif":      {fields: fields(snapshot.FieldIn), values: nftInterface},
	"oifname":  {fields: fields(snapshot.FieldOut), values: nftInterface},
	"oif":      {fields: fields(snapshot.FieldOut), values: nftInterface},
	"l4proto":  {fields: fields(snapshot.FieldProtocol), values: nftProtocol},
	"nfproto":  {fields: fields(snapshot.FieldFamily), values: textual(word(families))},
	"protocol": {fields: fields(snapshot.FieldFamily), values: textual(word(families))},
	"mark":     {fields: fields(snapshot.FieldMark), values: nftMark},
	"pkttype":  {fields: fields(snapshot.FieldPacketType), values: textual(word(packetTypes))},
}

// ctKeys are what nft knows of a packet's connection, with the direction in
// front where one is named.
var ctKeys = map[string]nftKey{
	"state":              {fields: fields(snapshot.FieldState), values: textual(word(same("new established related invalid untracked"))), bits: true},
	"status":             {fields: fields(snapshot.FieldStatus), values: textual(word(statuses)), bits: true},
	"direction":          {fields: fields(snapshot.FieldDirection), values: textual(word(directions))},
	"mark":               {fields: fields(snapshot.FieldConnMark), values: nftMark},
	"original ip daddr":  {fields: fields(snapshot.FieldOrigDest), values: nftAddress},
	"original ip6 daddr": {fields: fields(snapshot.FieldOrigDest), values: nftAddress},
	"original daddr":     {fields: fields(snapshot.FieldOrigDest), values: nftAddress},
	"original proto-dst": {fields: fields(snapshot.FieldOrigPort), values: nftPort},
}

// payloadKeys are what nft reads in a packet.
var payloadKeys = map[string]nftKey{
	"ip saddr":    {fields: fields(snapshot.FieldSource), values: nftAddress},
	"ip daddr":    {fields: fields(snapshot.FieldDestination), values: nftAddress},
	"ip6 saddr":   {fields: fields(snapshot.FieldSource), values: nftAddress},
	"ip6 daddr":   {fields: fields(snapshot.FieldDestination), values: nftAddress},
	"ip protocol": {fields: fields(snapshot.FieldProtocol), values: nftProtocol},
	"ip6 nexthdr": {fields: fields(snapshot.FieldProtocol), values: nftProtocol},
	"th sport":    {fields: fields(snapshot.FieldSourcePort), values: nftPort},
	"th dport":    {fields: fields(snapshot.FieldPort), values: nftPort},
	"tcp sport":   {fields: fields(snapshot.FieldSourcePort), values: nftPort},
	"tcp dport":   {fields: fields(snapshot.FieldPort), values: nftPort},
	"udp sport":   {fields: fields(snapshot.FieldSourcePort), values: nftPort},
	"udp dport":   {fields: fields(snapshot.FieldPort), values: nftPort},
	"sctp sport":  {fields: fields(snapshot.FieldSourcePort), values: nftPort},
	"sctp dport":  {fields: fields(snapshot.FieldPort), values: nftPort},
	"tcp flags":   {fields: fields(snapshot.FieldTCPFlags), values: textual(word(same(strings.Join(tcpFlags, " ")))), bits: true},
	"icmp type":   {fields: fields(snapshot.FieldICMPType), values: nftICMP(icmpTypes)},
	"icmpv6 type": {fields: fields(snapshot.FieldICMPType), values: nftICMP(icmp6Types)},
}

// setTypes are the types of the elements of named sets.
var setTypes = map[string]nftConverter{
	"ipv4_addr": nftAddress, "ipv6_addr": nftAddress, "inet_service": nftPort, "inet_proto": nftProtocol, "ifname": nftInterface,
	"iface_index": nftInterface, "mark": nftMark, "icmp_type": nftICMP(icmpTypes), "icmpv6_type": nftICMP(icmp6Types),
	"ct_state": ctKeys["state"].values, "ct_dir": ctKeys["direction"].values, "pkt_type": metaKeys["pkttype"].values,
	"fib_addrtype": textual(word(addressTypes)), "nf_proto": metaKeys["nfproto"].values, "ether_type": metaKeys["protocol"].values,
}

func fields(f ...snapshot.FilterField) []snapshot.FilterField { return f }

// payloadKey is a field of a packet, with the matches that it implies: a header
// of the network in a table of several, and the protocol whose header it is.
func payloadKey(family string, args object) (nftKey, bool) {
	header, _ := args["protocol"].(string)
	field, _ := args["field"].(string)
	k, ok := payloadKeys[header+" "+field]
	if !ok {
		return k, false
	}
	network := map[string]string{"ip": "ip", "ip6": "ip6", "icmp": "ip", "icmpv6": "ip6"}[header]
	if network != "" && network != family {
		k.implied = append(k.implied, matches(snapshot.FieldFamily, false, network))
	}
	if header != "ip" && header != "ip6" && header != "th" {
		k.implied = append(k.implied, matches(snapshot.FieldProtocol, false, header))
	}
	return k, true
}

// fibKey asks the routing table: for the type of an address, or whether a route
// leads back to the source.
func fibKey(args object) (nftKey, bool) {
	flags := texts(args["flags"])
	slices.Sort(flags)
	switch asked := strings.Join(flags, " "); args["result"] {
	case "type":
		k := nftKey{values: textual(word(addressTypes))}
		switch asked {
		case "saddr":
			k.fields = fields(snapshot.FieldSourceType)
		case "daddr":
			k.fields = fields(snapshot.FieldDestType)
		}
		return k, k.fields != nil
	case "oif", "oifname", "check":
		switch asked {
		case "iif saddr":
			return nftKey{fields: fields(snapshot.FieldReversePath), values: fixed("ok")}, true
		case "iif mark saddr":
			return nftKey{fields: fields(snapshot.FieldReversePath), values: fixed("ok mark")}, true
		}
	}
	return nftKey{}, false
}

func fixed(value string) nftConverter { return func(any) (string, bool) { return value, true } }

// pathValue is the value of a match on the way back.
func (k nftKey) pathValue() string {
	value, _ := k.values(nil)
	return value
}

// setValues converts the elements of a set of some type: a name, a list of
// names, or an expression whose type it is.
func setValues(family string, kind any) (nftConverter, bool) {
	switch kind := kind.(type) {
	case string:
		c, ok := setTypes[kind]
		return c, ok
	case []any:
		var all []nftConverter
		for _, part := range kind {
			name, _ := part.(string)
			c, ok := setTypes[name]
			if !ok {
				return nil, false
			}
			all = append(all, c)
		}
		return joined(all), len(all) > 1
	case object:
		k, ok := keyOf(family, kind["typeof"])
		return k.values, ok && (!k.bits || k.fields[0] == snapshot.FieldState) && k.fields[0] != snapshot.FieldReversePath
	}
	return nil, false
}

// textual converts values that are text.
func textual(convert converter) nftConverter {
	return func(v any) (string, bool) {
		text, ok := v.(string)
		if !ok {
			return "", false
		}
		return convert(text)
	}
}

// decimal writes a whole number.
func decimal(v any) (string, bool) {
	n, ok := bits32(v)
	return strconv.FormatUint(uint64(n), 10), ok
}

// pair are the ends of a {"range": [a, b]}.
func pair(v any) (from, to any, ok bool) {
	o, _ := v.(object)
	ends, _ := o["range"].([]any)
	if len(ends) != 2 {
		return nil, nil, false
	}
	return ends[0], ends[1], true
}

// numeric converts numbers up to a limit and their ranges.
func numeric(v any, limit uint64) (string, bool) {
	from, to, isRange := pair(v)
	if !isRange {
		from, to = v, v
	}
	a, ok1 := decimal(from)
	b, ok2 := decimal(to)
	if !ok1 || !ok2 {
		return "", false
	}
	return numberRange(a, b, limit)
}

func nftPort(v any) (string, bool) { return numeric(v, 65535) }

func nftProtocol(v any) (string, bool) {
	if text, ok := v.(string); ok {
		if name, ok := protocol(text); ok {
			return name, true
		}
		return text, text != "" && !strings.ContainsAny(text, "@*. ") // a name of /etc/protocols
	}
	n, ok := numeric(v, 255)
	if !ok || strings.Contains(n, "-") {
		return n, ok
	}
	return protocol(n)
}

func nftICMP(names map[string]string) nftConverter {
	return func(v any) (string, bool) {
		if text, ok := v.(string); ok {
			return word(names)(text)
		}
		return numeric(v, 255)
	}
}

func nftMark(v any) (string, bool) {
	n, ok := bits32(v)
	return writtenMark(n, 1<<32-1), ok
}

// nftInterface is a name, of which a "*" at the end stands for any rest.
func nftInterface(v any) (string, bool) {
	name, _ := v.(string)
	return name, name != "" && name[0] != '@' && !strings.ContainsAny(strings.TrimSuffix(name, "*"), "*\\ ")
}

func nftAddress(v any) (string, bool) {
	if from, to, ok := pair(v); ok {
		a, ok1 := from.(string)
		b, ok2 := to.(string)
		if !ok1 || !ok2 {
			return "", false
		}
		return addressRange(a + "-" + b)
	}
	if o, ok := v.(object); ok {
		prefix, _ := o["prefix"].(object)
		host, ok1 := prefix["addr"].(string)
		length, ok2 := decimal(prefix["len"])
		if !ok1 || !ok2 {
			return "", false
		}
		return address(host + "/" + length)
	}
	return textual(address)(v)
}
