package reach

import (
	"net/netip"

	"seawall/lang"
	"seawall/snapshot"
)

// otherEnd is the other end of a veth; nil where its namespace was not read.
func (n *Net) otherEnd(i snapshot.NetInterface) (*space, snapshot.NetInterface) {
	s := n.spaces[i.PeerNamespace]
	if i.Kind != "veth" || s == nil {
		return nil, snapshot.NetInterface{}
	}
	at, ok := s.numbers[i.Peer]
	if !ok {
		return nil, snapshot.NetInterface{}
	}
	return s, s.stack.Interfaces[at]
}

// next is where a frame for a neighbour comes to.
type next struct {
	port  snapshot.NetInterface // of the bridge that it leaves by, if it is one
	space *space                // nil: not known, and why
	at    snapshot.NetInterface
	why   string
}

// beyond finds the neighbour of a namespace that has an address on a link.
func (n *Net) beyond(s *space, out string, neighbour netip.Addr) next {
	i, ok := s.link(out)
	switch {
	case !ok:
		return next{why: lang.Sprintf("there is no interface %s", out)}
	case i.Kind == "macvlan" || i.Kind == "ipvlan":
		return next{why: lang.Sprintf("it leaves by the %s %s, past all rules of the host", i.Kind, out)}
	case i.Kind == "bridge":
		return n.overBridge(s, i, neighbour)
	}
	if other, at := n.otherEnd(i); other != nil {
		return next{space: other, at: at}
	}
	return next{why: lang.Sprintf("it leaves what was read, by %s", out)}
}

func (n *Net) overBridge(s *space, bridge snapshot.NetInterface, a netip.Addr) next {
	found := s.ports[neighbour{bridge.Name, a}]
	switch {
	case bridge.VLANFiltering:
		return next{why: lang.Sprintf("%s keeps VLANs apart, which are not known", bridge.Name)}
	case len(found) == 1:
		other := n.spaces[found[0].namespace]
		return next{port: s.stack.Interfaces[found[0].port], space: other, at: other.stack.Interfaces[found[0].peer]}
	case len(found) > 1:
		return next{why: lang.Sprintf("several ports of %s lead to %s", bridge.Name, a)}
	}
	return next{why: lang.Sprintf("nothing that was read has %s on %s", a, bridge.Name)}
}

// neighbour is an address on a bridge.
type neighbour struct {
	bridge string
	a      netip.Addr
}

// portOf is a port of a bridge by its place among the interfaces, and its other
// end by the place in its own namespace.
type portOf struct {
	port      int
	namespace uint64
	peer      int
}

// findPorts finds the ports of the bridges of a namespace by who is behind them.
func (n *Net) findPorts(s *space) {
	s.ports = map[neighbour][]portOf{}
	for at, port := range s.stack.Interfaces {
		other, end := n.otherEnd(port)
		if other == nil || port.Master == "" {
			continue
		}
		for a := range other.owned {
			key := neighbour{port.Master, a}
			s.ports[key] = append(s.ports[key], portOf{at, port.PeerNamespace, other.numbers[end.Index]})
		}
	}
}
