package reach

import (
	"net/netip"
	"slices"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// space is a namespace.
type space struct {
	name    string
	gap     string // why nothing is known of it
	stack   snapshot.NetStack
	filter  *filter.Filter // nil: it was not read
	own     []netip.Addr
	owned   map[netip.Addr]bool
	links   map[string]int // places of interfaces by their names
	numbers map[int]int    // and by their numbers
	ports   map[neighbour][]portOf
	single  map[familyOf]netip.Addr
	sockets sockets
	routes  map[question]snapshot.NetRoute
}

func newSpace(name string, stack snapshot.NetStack) *space {
	s := &space{
		name: name, stack: stack, owned: map[netip.Addr]bool{}, links: map[string]int{}, numbers: map[int]int{},
		single: singles(stack.Interfaces), sockets: socketsOf(name, stack.Listeners), routes: map[question]snapshot.NetRoute{},
	}
	if rules, ok := stack.Filter.Peek(); ok {
		s.filter = filter.Compile(rules)
	}
	for at, i := range stack.Interfaces {
		if _, ok := s.links[i.Name]; !ok {
			s.links[i.Name] = at
		}
		if _, ok := s.numbers[i.Index]; !ok {
			s.numbers[i.Index] = at
		}
		for _, a := range i.Addresses {
			if p, err := netip.ParsePrefix(a); err == nil {
				s.own, s.owned[p.Addr()] = append(s.own, p.Addr()), true
			}
		}
	}
	return s
}

// changed is the namespace with other filters, sockets and settings.
func (s *space) changed(stack snapshot.NetStack) *space {
	out := *s
	out.stack, out.filter = stack, nil
	if !sameSockets(s.stack.Listeners, stack.Listeners) {
		out.sockets = socketsOf(s.name, stack.Listeners)
	}
	if rules, ok := stack.Filter.Peek(); ok && s.filter != nil {
		out.filter = s.filter.Changed(rules)
	} else if ok {
		out.filter = filter.Compile(rules)
	}
	return &out
}

// link is an interface by its name.
func (s *space) link(name string) (snapshot.NetInterface, bool) {
	if at, ok := s.links[name]; ok {
		return s.stack.Interfaces[at], true
	}
	return snapshot.NetInterface{}, false
}

// has says whether an address is one of the namespace: it answers for it.
func (s *space) has(a netip.Addr) bool { return s.owned[a] }

// program names a program that a packet meets at one of some interfaces ("" for
// the whole namespace).
func (s *space) program(where ...string) string {
	list, ok := s.stack.Programs.Peek()
	if !ok {
		return words(lang.Sprintf("which programs packets meet in %s", s.name), s.stack.Programs.Gap())
	}
	for _, p := range list {
		switch {
		case !slices.Contains(where, p.Interface):
		case p.Interface == "":
			return lang.Sprintf("a program may take it (%s)", p.Kind)
		default:
			return lang.Sprintf("a program at %s may take it (%s)", p.Interface, p.Kind)
		}
	}
	return ""
}

// bridgeFiltered says whether frames on a bridge meet the filters of IP.
func (s *space) bridgeFiltered(bridge string, ipv6 bool) bool {
	i, _ := s.link(bridge)
	if ipv6 {
		return i.CallIP6Tables || s.stack.Settings["net.bridge.bridge-nf-call-ip6tables"] == "1"
	}
	return i.CallIPTables || s.stack.Settings["net.bridge.bridge-nf-call-iptables"] == "1"
}

// localAddress is the only address of a family that an interface has, other
// than link-local ones.
func (s *space) localAddress(name string, ipv6 bool) netip.Addr {
	return s.single[familyOf{name, ipv6}]
}

// familyOf is the addresses of one family of an interface.
type familyOf struct {
	name string
	ipv6 bool
}

// singles finds the addresses that are the only one of their family and interface.
func singles(interfaces []snapshot.NetInterface) map[familyOf]netip.Addr {
	out := map[familyOf]netip.Addr{}
	for _, i := range interfaces {
		for _, a := range i.Addresses {
			p, err := netip.ParsePrefix(a)
			if err != nil || p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() {
				continue
			}
			at := familyOf{i.Name, p.Addr().Is6()}
			if _, several := out[at]; several {
				out[at] = netip.Addr{}
				continue
			}
			out[at] = p.Addr()
		}
	}
	return out
}
