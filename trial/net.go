package trial

import (
	"net/netip"
	"slices"
	"sync"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

// hostNamespace is the number of the host's network namespace, which is the
// engine's, too.
const hostNamespace = 4026531840

// hostNet is the host's network as it is without an engine: eth0 with an address
// of each family, and what listens there.
func hostNet() snapshot.NetSpace {
	at := func(path string) snapshot.Origin { return snapshot.At(path, "/proc/1/ns/net") }
	return snapshot.NetSpace{Namespace: hostNamespace, Host: true, Stack: snapshot.See(snapshot.NetStack{
		Namespace: hostNamespace,
		Interfaces: []snapshot.NetInterface{
			{Name: "lo", Index: 1, Loopback: true, Up: true, Addresses: []string{"127.0.0.1/8", "::1/128"}},
			{Name: "eth0", Index: 2, Up: true, Addresses: []string{"192.0.2.10/24", "2001:db8::10/64"}},
		},
		Settings: map[string]string{
			"net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1", "net.ipv4.conf.all.route_localnet": "0",
			"net.bridge.bridge-nf-call-iptables": "1", "net.bridge.bridge-nf-call-ip6tables": "1",
		},
		Listeners: snapshot.See([]snapshot.NetListener{{Protocol: "tcp", Address: "0.0.0.0:22", Inode: 5000}, {Protocol: "tcp", Address: "[::]:22", Inode: 5001}}, at("sockets")),
		Programs:  snapshot.See([]snapshot.NetProgram(nil), at("programs")),
		Filter:    snapshot.See(snapshot.PacketFilter{}, at("packet filters")),
	}, at("network"))}
}

// wired is the network of the baseline, which most examples have.
var wired struct {
	sync.Once
	stack snapshot.Fact[snapshot.NetStack]
}

func wiredBaseline(s *snapshot.Snapshot) snapshot.Fact[snapshot.NetStack] {
	wired.Do(func() {
		if Wire(s, "") == nil {
			wired.stack = s.Net[0].Stack
		}
	})
	return wired.stack
}

// needsWires says whether an example's network is another than the baseline's.
func needsWires(s *snapshot.Snapshot, commands string) bool {
	if len(s.Engines) == 0 {
		return false
	}
	listeners, _ := s.Engines[0].Listeners.Peek()
	containers, _ := s.Engines[0].Containers.Peek()
	return commands != "" || slices.ContainsFunc(listeners, func(l snapshot.Listener) bool { return l.Network == "tcp" }) ||
		slices.ContainsFunc(containers, func(c snapshot.Container) bool { return c.Running() })
}

// Wire makes of the host's network what the first engine of a snapshot makes of
// it: the bridges of its networks, the sockets of its API, the packet filters as
// an engine 28.5 writes them, and those that commands of iptables and ip6tables
// add, one a line. Then the kernel answers what is asked about routes. A network
// that is a gap stays one.
func Wire(s *snapshot.Snapshot, commands string) error {
	if len(s.Net) == 0 || len(s.Engines) == 0 {
		return nil
	}
	stack, ok := s.Net[0].Stack.Peek()
	if !ok {
		return nil
	}
	e := &s.Engines[0]
	stack.Interfaces = withBridges(stack.Interfaces, e)
	stack.Listeners = snapshot.Map(stack.Listeners, func(list []snapshot.NetListener) []snapshot.NetListener {
		return withServices(withAPI(list, e), &s.Host)
	})
	filters := hostFilters(e)
	if err := filters.run(commands); err != nil {
		return err
	}
	tables, err := filters.tables()
	if err != nil {
		return err
	}
	stack.Filter = snapshot.Map(stack.Filter, func(snapshot.PacketFilter) snapshot.PacketFilter { return snapshot.PacketFilter{Tables: tables} })
	stack.Routes = nil
	s.Net[0].Stack = snapshot.See(stack, s.Net[0].Stack.Origin())
	answerAll(s)
	return nil
}

// answerAll asks the host's kernel what rules and attack paths want to know, and adds
// the answers.
func answerAll(s *snapshot.Snapshot) {
	stack, _ := s.Net[0].Stack.Peek()
	plan := matrix.NewPlan(s, matrix.ForPaths)
	for questions := plan.Questions(); len(questions[stack.Namespace]) > 0; questions = plan.Questions() {
		var answers []snapshot.NetRoute
		for _, q := range questions[stack.Namespace] {
			answers = append(answers, answer(&stack, q))
		}
		plan.Learn(stack.Namespace, answers)
		stack.Routes = append(stack.Routes, answers...)
	}
	s.Net[0].Stack = snapshot.See(stack, s.Net[0].Stack.Origin())
}

// bridges are the bridge networks of an engine, each bridge once.
func bridges(e *snapshot.Engine) []snapshot.Network {
	var out []snapshot.Network
	seen := map[string]bool{}
	networks, _ := e.Networks.Peek()
	for _, n := range networks {
		if name, _ := n.Bridge.Peek(); name != "" && !seen[name] && len(n.Subnets) > 0 {
			seen[name] = true
			out = append(out, n)
		}
	}
	return out
}

// withBridges adds the bridges that are not there yet. The first address of a
// subnet is the bridge's.
func withBridges(list []snapshot.NetInterface, e *snapshot.Engine) []snapshot.NetInterface {
	out := slices.Clone(list)
	for _, n := range bridges(e) {
		name, _ := n.Bridge.Peek()
		i := snapshot.NetInterface{Name: name, Index: len(out) + 1, Kind: "bridge", Up: true}
		for _, subnet := range n.Subnets {
			if p, err := netip.ParsePrefix(subnet); err == nil {
				i.Addresses = append(i.Addresses, netip.PrefixFrom(p.Addr().Next(), p.Bits()).String())
			}
		}
		if !slices.ContainsFunc(out, func(have snapshot.NetInterface) bool { return have.Name == name }) {
			out = append(out, i)
		}
	}
	return out
}

// withAPI adds the TCP sockets of the engine's API.
func withAPI(list []snapshot.NetListener, e *snapshot.Engine) []snapshot.NetListener {
	out := slices.Clone(list)
	listeners, _ := e.Listeners.Peek()
	for i, l := range listeners {
		if l.Network == "tcp" {
			out = append(out, snapshot.NetListener{Protocol: "tcp", Address: l.Address, Inode: uint64(6000 + i)})
		}
	}
	return out
}

// withServices adds the sockets of the host's services that are not there yet.
func withServices(list []snapshot.NetListener, h *snapshot.Host) []snapshot.NetListener {
	out := slices.Clone(list)
	services, _ := h.Services.Peek()
	for i, s := range services {
		if !slices.ContainsFunc(out, func(l snapshot.NetListener) bool { return l.Protocol == "tcp" && l.Address == s.Address }) {
			out = append(out, snapshot.NetListener{Protocol: "tcp", Address: s.Address, Inode: uint64(7000 + i)})
		}
	}
	return out
}
