package matrix

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// others are the ports that nobody listens on, of each host and of the containers
// of each network of a bridge.
func (w *world) others() []Target {
	port := w.unused()
	var out []Target
	for _, namespace := range w.hosts {
		t := Target{Kind: OtherHost, Name: lang.Sprintf("any other port of %s", w.names[namespace]), Protocol: "tcp", Port: port, space: w.names[namespace], receiver: w.names[namespace]}
		t.Addresses = w.addresses(t.space, snapshot.NetListener{Protocol: "tcp", Address: netip.AddrPortFrom(netip.IPv6Unspecified(), port).String()})
		_, t.Addresses = split(t.Addresses)
		out = append(out, t)
	}
	for i := range w.snap.Engines {
		e := &w.snap.Engines[i]
		networks, _ := e.Networks.Peek()
		for _, n := range networks {
			if bridge, _ := n.Bridge.Peek(); bridge != "" && e.Local {
				if t, ok := w.otherContainer(e, n, port); ok {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// otherContainer is any container of a network: its first stands for all.
func (w *world) otherContainer(e *snapshot.Engine, n snapshot.Network, port uint16) (Target, bool) {
	t := Target{Kind: OtherContainer, Name: lang.Sprintf("any other port on the network %s", n.Name), Engine: e.Name, Network: n.Name, Protocol: "tcp", Port: port}
	for _, c := range w.containers {
		endpoints, _ := c.c.Networks.Peek()
		at := slices.IndexFunc(endpoints, func(p snapshot.Endpoint) bool { return p.Network == n.Name })
		if c.Engine != e.Name || at < 0 {
			continue
		}
		t.Members = append(t.Members, c.Member)
		if len(t.Addresses) > 0 {
			continue
		}
		t.Addresses = addressesAt(endpoints[at])
		t.receiver = w.names[c.namespace]
	}
	return t, len(t.Addresses) > 0
}

// unused is a port that nobody listens on, publishes or has a rule for.
func (w *world) unused() uint16 {
	used := map[uint16]bool{}
	var ranges [][2]uint64
	for _, n := range w.snap.Net {
		stack, _ := n.Stack.Peek()
		listeners, _ := stack.Listeners.Peek()
		for _, l := range listeners {
			if a, err := netip.ParseAddrPort(l.Address); err == nil {
				used[a.Port()] = true
			}
		}
		ranges = append(ranges, portsOfRules(stack)...)
	}
	for port := uint16(6); ; port++ { // 6 and what follows are assigned to nobody, or to nothing in use (IANA)
		inRule := slices.ContainsFunc(ranges, func(r [2]uint64) bool { return r[0] <= uint64(port) && uint64(port) <= r[1] && r[1]-r[0] < 60000 })
		if !used[port] && !inRule || port > 60000 {
			return port
		}
	}
}

// portsOfRules are the ranges of ports that rules speak of.
func portsOfRules(stack snapshot.NetStack) [][2]uint64 {
	filter, _ := stack.Filter.Peek()
	var out [][2]uint64
	for _, t := range filter.Tables {
		for _, c := range t.Chains {
			for _, r := range c.Rules {
				for _, s := range r.Statements {
					if s.Match == nil || !slices.Contains(s.Match.Fields, snapshot.FieldPort) {
						continue
					}
					for _, v := range s.Match.Values {
						from, to, isRange := strings.Cut(v, "-")
						if !isRange {
							to = from
						}
						first, err1 := strconv.ParseUint(from, 10, 16)
						last, err2 := strconv.ParseUint(to, 10, 16)
						if err1 == nil && err2 == nil {
							out = append(out, [2]uint64{first, last})
						}
					}
				}
			}
		}
	}
	return out
}
