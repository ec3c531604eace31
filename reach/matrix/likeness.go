package matrix

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"seawall/snapshot"
)

// embedded is the address of Docker's DNS server in each container's namespace:
// its port is another in each.
const embedded = "127.0.0.11"

// likeness is a text that is the same for namespaces of containers that differ
// in nothing but their addresses and the sockets in them; "" for one that is like
// no other.
func (w *world) likeness(namespace uint64) string {
	space := w.snap.NetSpace(namespace)
	if space == nil {
		return ""
	}
	stack, ok := space.Stack.Peek()
	if !ok {
		return ""
	}
	own := snapshot.NetStack{Settings: stack.Settings, Programs: stack.Programs}
	var tied []string // addresses
	for _, i := range stack.Interfaces {
		like, addresses, ok := w.interfaceLikeness(i)
		if !ok {
			return ""
		}
		tied = append(tied, addresses...)
		own.Interfaces = append(own.Interfaces, like)
	}
	own.Programs = snapshot.Map(stack.Programs, func(p []snapshot.NetProgram) []snapshot.NetProgram { return p })
	filter := snapshot.Map(stack.Filter, withoutDNS)
	own.Filter = filter
	// The origins of facts name the process: they are no part of it.
	text, err := json.Marshal([]any{own.Interfaces, own.Settings, valueOf(own.Programs), valueOf(own.Filter)})
	if err != nil || slices.ContainsFunc(tied, func(a string) bool { return strings.Contains(string(text), a) }) {
		return ""
	}
	return string(text)
}

// valueOf is what a fact says, or why it says nothing.
func valueOf[T any](f snapshot.Fact[T]) any {
	if v, ok := f.Peek(); ok {
		return v
	}
	return f.Gap()
}

// interfaceLikeness is an interface without what makes it another than that of a
// like namespace, and the addresses that it has. One with several addresses of a
// family is like no other.
func (w *world) interfaceLikeness(i snapshot.NetInterface) (like snapshot.NetInterface, addresses []string, ok bool) {
	like = i
	like.Index, like.Peer, like.Addresses = 0, 0, nil
	if other := w.stacks[i.PeerNamespace]; i.Kind == "veth" {
		for _, end := range other.Interfaces {
			if end.Index == i.Peer {
				like.Master, like.Isolated = end.Master, end.Isolated
			}
		}
	}
	families := map[bool]int{}
	for _, a := range i.Addresses {
		p, err := netip.ParsePrefix(a)
		switch {
		case err != nil:
			return like, nil, false
		case i.Loopback:
			like.Addresses = append(like.Addresses, a)
		case p.Addr().IsLinkLocalUnicast():
		default:
			families[p.Addr().Is6()]++
			like.Addresses = append(like.Addresses, p.Masked().String())
			addresses = append(addresses, p.Addr().String())
		}
	}
	return like, addresses, families[false] < 2 && families[true] < 2
}

// withoutDNS leaves out the rules that are for the embedded DNS server only.
func withoutDNS(f snapshot.PacketFilter) snapshot.PacketFilter {
	out := snapshot.PacketFilter{Tables: slices.Clone(f.Tables)}
	for i := range out.Tables {
		t := &out.Tables[i]
		t.Chains = slices.Clone(t.Chains)
		for j := range t.Chains {
			t.Chains[j].Rules = slices.DeleteFunc(slices.Clone(t.Chains[j].Rules), forDNS)
		}
	}
	return out
}

// forDNS says whether a rule matches packets to or from the DNS server only.
func forDNS(r snapshot.FilterRule) bool {
	for _, s := range r.Statements {
		m := s.Match
		switch {
		case m == nil:
			return false
		case m.Not || len(m.Fields) != 1 || m.Fields[0] != snapshot.FieldSource && m.Fields[0] != snapshot.FieldDestination:
			continue
		}
		if len(m.Values) == 1 && strings.TrimSuffix(m.Values[0], "/32") == embedded {
			return true
		}
	}
	return false
}

// literals are the addresses that rules of a namespace speak of, and that tell
// receivers apart.
type literals []netip.Prefix

// literalsOf finds them. One that cannot be read as a prefix makes all addresses
// unlike: ok is false.
func literalsOf(stack snapshot.NetStack) (out literals, ok bool) {
	filter, _ := stack.Filter.Peek()
	seen := map[string]bool{}
	ok = true
	add := func(t *snapshot.FilterTable, fields []snapshot.FilterField, values []string) {
		if !speaksOfReceivers(t, fields) {
			return
		}
		for _, value := range values {
			for part := range strings.SplitSeq(value, " . ") {
				if seen[part] || !strings.ContainsAny(part, ".:") {
					continue
				}
				seen[part] = true
				prefixes, isAddress := prefixesOf(part)
				out, ok = append(out, prefixes...), ok && isAddress
			}
		}
	}
	for i := range filter.Tables {
		t := &filter.Tables[i]
		for _, set := range t.Sets {
			add(t, []snapshot.FilterField{snapshot.FieldDestination}, set.Elements)
		}
		for _, c := range t.Chains {
			for _, r := range c.Rules {
				for _, s := range r.Statements {
					if s.Match != nil {
						add(t, s.Match.Fields, s.Match.Values)
					}
					if s.Lookup != nil {
						add(t, s.Lookup.Fields, s.Lookup.Elements)
					}
				}
			}
		}
	}
	return out, ok
}

// speaksOfReceivers says whether a key may hold the address that a connection is
// opened to: as the source of replies too, but where they do not come. The table
// nat of iptables is asked about the first packet of a connection only.
func speaksOfReceivers(t *snapshot.FilterTable, fields []snapshot.FilterField) bool {
	first := t.Name == "nat" && t.Tool != "nft"
	return slices.ContainsFunc(fields, func(f snapshot.FilterField) bool {
		return f == snapshot.FieldDestination || f == snapshot.FieldOrigDest || f == snapshot.FieldSource && !first
	})
}

// signature is a text that is the same for addresses that no rule tells apart.
func (l literals) signature(a netip.Addr) string {
	out := make([]byte, 0, 16)
	for i, p := range l {
		if p.Contains(a) {
			out = append(out, itoa(i)...)
			out = append(out, ' ')
		}
	}
	return string(out)
}
