package reach_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go4.org/netipx"

	"seawall/reach"
	"seawall/snapshot"
)

// stack is a namespace that was read: interfaces, rules of the filter table of
// iptables, and what listens on TCP.
func stack(number uint64, interfaces []snapshot.NetInterface, listeners ...string) snapshot.NetStack {
	s := snapshot.NetStack{
		Namespace:  number,
		Interfaces: append([]snapshot.NetInterface{{Name: "lo", Index: 1, Loopback: true, Up: true, Addresses: []string{"127.0.0.1/8", "::1/128"}}}, interfaces...),
		Settings:   map[string]string{"net.bridge.bridge-nf-call-iptables": "1"},
		Programs:   snapshot.See([]snapshot.NetProgram(nil), snapshot.Origin{}),
		Filter:     snapshot.See(snapshot.PacketFilter{}, snapshot.Origin{}),
	}
	var list []snapshot.NetListener
	for _, l := range listeners {
		list = append(list, snapshot.NetListener{Protocol: "tcp", Address: l})
	}
	s.Listeners = snapshot.See(list, snapshot.Origin{})
	return s
}

func veth(index int, name, master string, peer int, in uint64, addresses ...string) snapshot.NetInterface {
	return snapshot.NetInterface{Name: name, Index: index, Kind: "veth", Up: true, Master: master, Peer: peer, PeerNamespace: in, Addresses: addresses}
}

func bridge(index int, name, address string) snapshot.NetInterface {
	return snapshot.NetInterface{Name: name, Index: index, Kind: "bridge", Up: true, Addresses: []string{address}}
}

// small is a host with two bridges: web and db on docker0, app on br0, and mac on
// a macvlan of eth0.
type small map[string]snapshot.NetStack

func newSmall() small {
	return small{
		"host": stack(1, []snapshot.NetInterface{
			{Name: "eth0", Index: 2, Up: true, Addresses: []string{"192.0.2.10/24"}},
			bridge(3, "docker0", "172.17.0.1/16"),
			bridge(4, "br0", "172.18.0.1/16"),
			veth(11, "vethweb", "docker0", 2, 11), veth(12, "vethdb", "docker0", 2, 12), veth(13, "vethapp", "br0", 2, 13),
		}, "127.0.0.1:2375", "0.0.0.0:2376", "172.17.0.1:2377", "[::]:2378"),
		"web": stack(11, []snapshot.NetInterface{veth(2, "eth0", "", 11, 1, "172.17.0.2/16")}, "0.0.0.0:80"),
		"db":  stack(12, []snapshot.NetInterface{veth(2, "eth0", "", 12, 1, "172.17.0.3/16")}, "0.0.0.0:5432"),
		"app": stack(13, []snapshot.NetInterface{veth(2, "eth0", "", 13, 1, "172.18.0.2/16")}, "[::]:8000"),
		"mac": stack(14, []snapshot.NetInterface{{Name: "eth0", Index: 2, Kind: "macvlan", Mode: "bridge", Up: true, Peer: 2, PeerNamespace: 1, Addresses: []string{"192.0.2.129/24"}}}),
	}
}

var gateways = map[string]string{"host": "192.0.2.1", "web": "172.17.0.1", "db": "172.17.0.1", "app": "172.18.0.1", "mac": "192.0.2.1"}

// change replaces a namespace.
func (l small) change(name string, how func(*snapshot.NetStack)) {
	s := l[name]
	s.Interfaces = slices.Clone(s.Interfaces)
	how(&s)
	l[name] = s
}

// rules sets the filter table of iptables. Each rule is "CHAIN FIELD VALUE …
// VERDICT"; "!CHAIN" sets its policy to drop.
func (l small) rules(name string, rules ...string) {
	l.tables(name, table("filter", rules...))
}

func (l small) tables(name string, tables ...snapshot.FilterTable) {
	l.change(name, func(s *snapshot.NetStack) {
		s.Filter = snapshot.See(snapshot.PacketFilter{Tables: tables}, snapshot.Origin{})
	})
}

func table(name string, rules ...string) snapshot.FilterTable {
	t := snapshot.FilterTable{Tool: "iptables", Family: "ip", Name: name}
	kind, hooks, priority := "filter", []string{"INPUT", "FORWARD", "OUTPUT"}, 0
	if name == "nat" {
		kind, hooks = "nat", []string{"PREROUTING", "OUTPUT", "POSTROUTING"}
	}
	for _, hook := range hooks {
		switch {
		case hook == "POSTROUTING":
			priority = 100
		case kind == "nat":
			priority = -100
		}
		c := snapshot.FilterChain{Name: hook, Hook: strings.ToLower(hook), Type: kind, Priority: priority, Policy: "accept"}
		for _, text := range rules {
			words := strings.Fields(text)
			if words[0] == "!"+hook {
				c.Policy = "drop"
			}
			if words[0] == hook {
				c.Rules = append(c.Rules, rule(text, words[1:]))
			}
		}
		t.Chains = append(t.Chains, c)
	}
	return t
}

func rule(text string, words []string) snapshot.FilterRule {
	r := snapshot.FilterRule{Text: text}
	for len(words) > 1 {
		switch words[0] {
		case "dnat":
			to := netip.MustParseAddrPort(words[1])
			r.Statements = append(r.Statements, snapshot.FilterStatement{NAT: &snapshot.FilterNAT{Kind: "dnat", Address: to.Addr().String(), Port: int(to.Port())}})
		case "nat":
			r.Statements = append(r.Statements, snapshot.FilterStatement{NAT: &snapshot.FilterNAT{Kind: words[1]}})
		case "opaque":
			r.Statements = append(r.Statements, snapshot.FilterStatement{Opaque: words[1], OpaqueMatch: true})
		default:
			r.Statements = append(r.Statements, snapshot.FilterStatement{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FilterField(words[0])}, Values: []string{words[1]}}})
		}
		words = words[2:]
	}
	if len(words) == 1 {
		r.Statements = append(r.Statements, snapshot.FilterStatement{Verdict: words[0]})
	}
	return r
}

// kernel answers as the kernel of a namespace: its own addresses, its links, and
// a gateway.
func (l small) kernel(name string, q snapshot.NetRoute) snapshot.NetRoute {
	destination := netip.MustParseAddr(q.Destination)
	if l[name].Settings["silent"] != "" {
		q.Kind, q.Error = "unknown", "EPERM"
		return q
	}
	if l[name].Settings["silent for types"] != "" && q.In == "" && q.Source == "" {
		q.Kind, q.Error = "unknown", "EPERM"
		return q
	}
	if l[name].Settings["sourceless"] != "" {
		q.Kind, q.Out = "unicast", "eth0"
		return q
	}
	best := netip.Prefix{}
	for _, i := range l[name].Interfaces {
		for _, a := range i.Addresses {
			p := netip.MustParsePrefix(a)
			switch {
			case i.Loopback && q.In != "" && p.Contains(destination):
				q.Kind, q.Error = "refused", "EINVAL"
				return q
			case p.Addr() == destination:
				q.Kind, q.Out, q.Prefer = "local", "lo", q.Destination
				return q
			case destination.Is4() && destination == netipx.PrefixLastIP(p):
				q.Kind, q.Out, q.Prefer = "broadcast", i.Name, p.Addr().String()
				return q
			case p.Contains(destination) && (!best.IsValid() || p.Bits() > best.Bits()):
				best = p
				q.Kind, q.Out, q.Prefer = "unicast", i.Name, p.Addr().String()
			}
		}
	}
	via := gateways[name]
	if other := l[name].Settings["gateway"]; other != "" {
		via = other
	}
	if l[name].Settings["no gateway"] == "" && !best.IsValid() && via != "" && destination.Is4() {
		to := l.kernel(name, snapshot.NetRoute{Destination: via})
		q.Kind, q.Out, q.Prefer, q.Via = to.Kind, to.Out, to.Prefer, via
	} else if !best.IsValid() {
		q.Kind, q.Error = "refused", "ENETUNREACH"
	}
	return q
}

func (l small) world() reach.World {
	w := reach.World{}
	for _, name := range []string{"host", "web", "db", "app", "mac"} {
		s := reach.Space{Name: name, Stack: snapshot.See(l[name], snapshot.Origin{})}
		if l[name].Namespace == 0 {
			s.Stack = snapshot.Lost[snapshot.NetStack](snapshot.Gap{Detail: "permission denied"}, snapshot.Origin{})
		}
		if name == "host" {
			w.Host = s
		} else {
			w.Containers = append(w.Containers, s)
		}
	}
	return w
}

// asked is a world whose kernels were asked for some connections.
func (l small) asked(t *testing.T, connections ...reach.Connection) *reach.Net {
	t.Helper()
	n := reach.New(l.world())
	for range 20 {
		questions := n.Questions(connections)
		if len(questions) == 0 {
			return n
		}
		for name, s := range l {
			var answers []snapshot.NetRoute
			for _, q := range questions[s.Namespace] {
				answers = append(answers, l.kernel(name, q))
			}
			n.Learn(s.Namespace, answers)
		}
	}
	t.Fatal("the questions do not end")
	return nil
}

// sender is one by its name, "lan" and "internet" among them.
func sender(t *testing.T, n *reach.Net, name string) reach.From {
	t.Helper()
	sample := map[string]string{"lan": "192.0.2.1", "internet": "203.0.113.5", "lan6": "2001:db8::1"}[name]
	for _, f := range n.Senders() {
		if sample == "" && f.Name == name && f.In == "" || f.Sample.IsValid() && f.Sample.String() == sample {
			return f
		}
	}
	return reach.From{Name: name}
}

// said is an answer in a line.
func said(a reach.Answer) string {
	var hops []string
	for _, h := range a.Hops {
		hops = append(hops, h.Space)
	}
	return fmt.Sprintf("%s at %s: %s", a.Verdict, strings.Join(hops, ">"), strings.TrimSpace(a.By.String()+" "+a.Why))
}

func TestConnect(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(small)
		from   string
		to     string
		want   []string
	}{
		{"the host to its loopback", nil, "host", "127.0.0.1:2375", []string{"open at host"}},
		{"a container to the host's loopback: its own", nil, "web", "127.0.0.1:2375", []string{"blocked at web: nobody listens on 127.0.0.1:2375 in web"}},
		{"LAN to loopback", nil, "lan", "127.0.0.1:2375", []string{"blocked at host: refused"}},
		{"LAN to any", nil, "lan", "192.0.2.10:2376", []string{"open at host: 0.0.0.0:2376 listens"}},
		{"LAN to IPv6 any", nil, "lan", "192.0.2.10:2378", []string{"open at host: [::]:2378 listens"}},
		{"LAN to docker0's address", nil, "lan", "172.17.0.1:2377", []string{"open at host"}},
		{"LAN where nobody listens", nil, "lan", "192.0.2.10:2377", []string{"blocked at host: nobody listens on 192.0.2.10:2377"}},
		{"internet to any", nil, "internet", "192.0.2.10:2376", []string{"open at host"}},
		{"a container to its gateway", nil, "web", "172.17.0.1:2376", []string{"open at web>host"}},
		{"a container to another address of the host", nil, "app", "172.17.0.1:2377", []string{"open at app>host"}},
		{"the host to a container", nil, "host", "172.17.0.2:80", []string{"open at host>web"}},
		{"LAN to a container", nil, "lan", "172.17.0.2:80", []string{"open at host>web"}},
		{"over a bridge", nil, "web", "172.17.0.3:5432", []string{"open at web>host>db"}},
		{"over two bridges", nil, "web", "172.18.0.2:8000", []string{"open at web>host>app: [::]:8000"}},
		{"to itself", nil, "web", "172.17.0.2:80", []string{"open at web"}},
		{"to nobody on the bridge", nil, "web", "172.17.0.9:80", []string{"unknown at web>host: nothing that was read has 172.17.0.9 on docker0"}},
		{"out of the host", nil, "web", "203.0.113.5:80", []string{"unknown at web>host: it leaves what was read, by eth0"}},
		{"LAN to its own link", func(l small) { l.rules("host", "!FORWARD") }, "lan", "192.0.2.129:80", []string{"unknown at host: it is beyond eth0"}},
		{"LAN by the host's gateway", nil, "lan", "198.51.100.1:80", []string{"unknown at host: it is beyond eth0"}},
		{"LAN to crafted loopback", func(l small) {
			l.tables("host", table("nat", "PREROUTING daddr 127.0.0.1 dnat 172.17.0.2:80"))
		}, "lan", "127.0.0.1:8081", []string{"open at host>web"}},
		{"a DNAT to another port of the bridge", func(l small) {
			l.tables("host", table("nat", "PREROUTING l4proto tcp dport 8080 dnat 172.17.0.3:5432"))
		}, "web", "192.0.2.10:8080", []string{"open at web>host>db"}},
		{"a broadcast", nil, "lan", "172.17.255.255:80", []string{"unknown at host: it is sent to several (broadcast)"}},
		{"a kernel that does not answer", func(l small) { setting(l, "host", "silent") }, "lan", "192.0.2.10:2376", []string{"unknown at host: EPERM"}},
		{"a kernel that does not answer the sender", func(l small) { setting(l, "web", "silent") }, "web", "192.0.2.10:2376", []string{"unknown at : EPERM"}},
		{
			"by another host on the bridge", func(l small) { l["web"].Settings["gateway"] = "172.17.0.3" },
			"web", "192.0.2.10:2376", []string{"unknown at web>host: it goes by 172.17.0.3, another host on docker0"},
		},
		{
			"one source port", func(l small) { l.rules("host", "INPUT l4proto tcp sport 1000 accept", "!INPUT") },
			"web", "172.17.0.1:2376", []string{"open at web>host: ip filter INPUT"},
		},
		{
			"source ports of two namespaces", func(l small) {
				l.rules("host", "INPUT l4proto tcp sport 1000 accept", "!INPUT")
				l.rules("web", "OUTPUT l4proto tcp sport 1001 accept", "!OUTPUT")
			}, "web", "172.17.0.1:2376", []string{"unknown at web>host: several namespaces let some source ports through"},
		},
		{
			"masquerade to one of two addresses", func(l small) {
				l.tables("host", table("nat", "POSTROUTING nat masquerade"))
				l.change("host", func(s *snapshot.NetStack) {
					s.Interfaces[3].Addresses = append(s.Interfaces[3].Addresses, "172.18.0.5/16")
				})
			}, "web", "172.18.0.2:8000", []string{"unknown at web>host: the address that the source is translated to is not known"},
		},
		{"a VPN", func(l small) {
			l.change("host", func(s *snapshot.NetStack) {
				s.Interfaces = append(s.Interfaces, snapshot.NetInterface{Name: "wg0", Kind: "wireguard", Up: true, Addresses: []string{"198.51.100.1/24"}})
			})
		}, "web", "198.51.100.7:80", []string{"unknown at web>host: it leaves what was read, by wg0"}},
		{"LAN by a bridge", func(l small) {
			l.change("host", func(s *snapshot.NetStack) {
				s.Interfaces[1].Addresses, s.Interfaces[1].Master = nil, "lan0"
				s.Interfaces = append(s.Interfaces, bridge(9, "lan0", "192.0.2.10/24"))
			})
		}, "lan", "192.0.2.10:2376", []string{"open at host"}},
		{"LAN over IPv6", func(l small) {
			l.change("host", func(s *snapshot.NetStack) { s.Interfaces[1].Addresses = []string{"2001:db8::10/64", "fe80::1/64"} })
		}, "lan6", "[2001:db8::10]:2378", []string{"open at host: [::]:2378 listens"}},
		{
			"DNAT of local addresses", func(l small) {
				l.tables("host", table("nat", "PREROUTING daddrtype local l4proto tcp dport 8080 dnat 172.17.0.2:80"), table("filter", "FORWARD daddrtype local drop", "FORWARD saddrtype broadcast drop"))
			}, "internet", "192.0.2.10:8080", []string{"open at host>web"},
		},
		{
			"a type that the kernel does not tell", func(l small) {
				l.rules("host", "INPUT saddrtype local drop")
				setting(l, "host", "silent for types")
			}, "lan", "192.0.2.10:2376", []string{"unknown at host: ip filter INPUT"},
		},
		{
			"a sender without a source address", func(l small) { setting(l, "web", "sourceless") },
			"web", "192.0.2.10:2376", []string{"unknown at : the kernel does not tell which source address"},
		},
		{
			"a link without a bridge", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(20, "p2p", "", 3, 13, "10.9.0.1/30"))
				})
				l.change("app", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(3, "eth1", "", 20, 1, "10.9.0.2/30"))
				})
			}, "host", "10.9.0.2:8000", []string{"open at host>app"},
		},
		{
			"nobody on a link without a bridge", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(20, "p2p", "", 3, 13, "10.9.0.1/29"))
				})
				l.change("app", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(3, "eth1", "", 20, 1, "10.9.0.2/29"))
				})
			}, "host", "10.9.0.3:8000", []string{"unknown at host>app: nothing that was read has 10.9.0.3 at eth1"},
		},
		{
			"replies by the gateway", func(l small) {
				l.change("web", func(s *snapshot.NetStack) { s.Interfaces[1].Addresses = []string{"172.17.0.6/16"} })
				l.change("db", func(s *snapshot.NetStack) { s.Interfaces[1].Addresses = []string{"172.17.0.3/30"} })
			}, "web", "172.17.0.3:5432", []string{"unknown at web>host>db: replies go to 172.17.0.1, and not to where it came from"},
		},
		{
			"a DNAT to a server among the senders", func(l small) {
				l.tables("host", table("nat", "PREROUTING l4proto tcp dport 8080 dnat 192.0.2.50:80"))
				l.change("host", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(20, "p2p", "", 3, 13, "192.0.2.49/30"))
				})
				l.change("app", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(3, "eth1", "", 20, 1, "192.0.2.50/30"))
				})
			}, "lan", "192.0.2.10:8080", []string{"unknown at host>app: replies leave app by eth0, and not by eth1"},
		},
		{"a macvlan", nil, "mac", "192.0.2.10:2376", []string{"unknown at mac: it leaves by the macvlan eth0"}},
		{
			"a DNAT of LAN to a container", func(l small) {
				l.tables("host", table("nat", "PREROUTING l4proto tcp dport 8080 dnat 172.17.0.2:80"))
			}, "lan", "192.0.2.10:8080", []string{"open at host>web"},
		},
		{
			"a DNAT of another bridge", func(l small) {
				l.tables("host", table("nat", "PREROUTING l4proto tcp dport 8080 dnat 172.17.0.2:80"))
			}, "app", "192.0.2.10:8080", []string{"open at app>host>web"},
		},
		{
			"a DNAT back to the same port", func(l small) {
				l.tables("host", table("nat", "PREROUTING l4proto tcp dport 8080 dnat 172.17.0.2:80", "POSTROUTING saddr 172.17.0.0/16 nat masquerade"))
			}, "web", "192.0.2.10:8080", []string{"unknown at web>host: it goes back by vethweb"},
		},
		{
			"masquerade: the receiver sees the host", func(l small) {
				l.tables("host", table("nat", "POSTROUTING nat masquerade"))
				l.rules("app", "INPUT saddr 172.17.0.0/16 drop")
			}, "web", "172.18.0.2:8000", []string{"open at web>host>app"},
		},
		{
			"INPUT drops a bridge", func(l small) { l.rules("host", "INPUT iif docker0 drop") },
			"web", "172.17.0.1:2376", []string{"blocked at web>host: ip filter INPUT"},
		},
		{
			"INPUT lets one address in", func(l small) { l.rules("host", "INPUT saddr 192.0.2.7 accept", "!INPUT") },
			"lan", "192.0.2.10:2376", []string{"open at host", "blocked at host: ip filter INPUT policy"},
		},
		{
			"FORWARD drops between ports", func(l small) { l.rules("host", "FORWARD iif docker0 oif docker0 drop") },
			"web", "172.17.0.3:5432", []string{"blocked at web>host: ip filter FORWARD"},
		},
		{
			"bridges that do not filter", func(l small) {
				l.rules("host", "FORWARD iif docker0 oif docker0 drop")
				l.change("host", func(s *snapshot.NetStack) { s.Settings = nil })
			}, "web", "172.17.0.3:5432", []string{"open at web>host>db"},
		},
		{
			"the receiver's own rules", func(l small) { l.rules("db", "!INPUT") },
			"web", "172.17.0.3:5432", []string{"blocked at web>host>db: ip filter INPUT policy"},
		},
		{
			"the sender's own rules", func(l small) { l.rules("web", "!OUTPUT") },
			"web", "172.17.0.3:5432", []string{"blocked at web: ip filter OUTPUT policy"},
		},
		{
			"a rule in doubt", func(l small) { l.rules("host", "INPUT opaque recent drop") },
			"web", "172.17.0.1:2376", []string{"unknown at web>host: ip filter INPUT"},
		},
		{
			"isolated ports", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					for i := range s.Interfaces {
						s.Interfaces[i].Isolated = s.Interfaces[i].Master == "docker0"
					}
				})
			}, "web", "172.17.0.3:5432", []string{"blocked at web>host: vethweb and vethdb are isolated"},
		},
		{
			"VLANs", func(l small) {
				l.change("host", func(s *snapshot.NetStack) { s.Interfaces[2].VLANFiltering = true })
			}, "web", "172.17.0.3:5432", []string{"unknown at web>host: docker0 keeps VLANs apart"},
		},
		{
			"a bond", func(l small) {
				l.change("host", func(s *snapshot.NetStack) { s.Interfaces[2].Kind = "bond" })
			}, "web", "172.17.0.1:2376", []string{"unknown at web>host: vethweb belongs to docker0"},
		},
		{
			"a program at the interface", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Programs = snapshot.See([]snapshot.NetProgram{{Interface: "eth0", Kind: "xdp"}}, snapshot.Origin{})
				})
			}, "lan", "192.0.2.10:2376", []string{"unknown at host: a program at eth0 may take it (xdp)"},
		},
		{
			"a program at another interface", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Programs = snapshot.See([]snapshot.NetProgram{{Interface: "eth0", Kind: "xdp"}}, snapshot.Origin{})
				})
			}, "web", "172.17.0.1:2376", []string{"open at web>host"},
		},
		{
			"a program that chooses sockets", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Programs = snapshot.See([]snapshot.NetProgram{{Kind: "sk_lookup"}}, snapshot.Origin{})
				})
			}, "lan", "192.0.2.10:1", []string{"unknown at host: a program may take it (sk_lookup)"},
		},
		{
			"a program where it leaves", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Programs = snapshot.See([]snapshot.NetProgram{{Interface: "vethdb", Kind: "tc"}}, snapshot.Origin{})
				})
			}, "host", "172.17.0.3:5432", []string{"unknown at host: a program at vethdb"},
		},
		{
			"programs not read", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Programs = snapshot.Lost[[]snapshot.NetProgram](snapshot.Gap{Detail: "EPERM"}, snapshot.Origin{})
				})
			}, "lan", "192.0.2.10:2376", []string{"unknown at host: which programs packets meet in host could not be read: EPERM"},
		},
		{
			"filters not read", func(l small) {
				l.change("db", func(s *snapshot.NetStack) {
					s.Filter = snapshot.Lost[snapshot.PacketFilter](snapshot.Gap{Detail: "no nft"}, snapshot.Origin{})
				})
			}, "web", "172.17.0.3:5432", []string{"unknown at web>host>db: the packet filters of db could not be read: no nft"},
		},
		{
			"listeners not read", func(l small) {
				l.change("host", func(s *snapshot.NetStack) { s.Listeners = snapshot.Fact[[]snapshot.NetListener]{} })
			}, "lan", "192.0.2.10:2376", []string{"unknown at host: what listens in host could not be read"},
		},
		{"a sender not read", func(l small) { l["web"] = snapshot.NetStack{} }, "web", "172.17.0.1:2376", []string{"unknown at : the network of web could not be read: permission denied"}},
		{"no such sender", nil, "nobody", "172.17.0.1:2376", []string{"unknown at : there is no network namespace of nobody"}},
		{"a receiver not read", func(l small) { l["db"] = snapshot.NetStack{} }, "web", "172.17.0.3:5432", []string{"unknown at web>host: nothing that was read has 172.17.0.3"}},
		{
			"two with one address", func(l small) {
				l.change("db", func(s *snapshot.NetStack) { s.Interfaces[1].Addresses = []string{"172.17.0.2/16"} })
			}, "host", "172.17.0.2:80", []string{"unknown at host: several ports of docker0"},
		},
		{
			"a socket of one device", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Listeners = snapshot.See([]snapshot.NetListener{{Protocol: "tcp", Address: "0.0.0.0:2376", Device: "docker0"}}, snapshot.Origin{})
				})
			}, "lan", "192.0.2.10:2376", []string{"blocked at host: nobody listens"},
		},
		{
			"a socket for IPv6 only", func(l small) {
				l.change("host", func(s *snapshot.NetStack) {
					s.Listeners = snapshot.See([]snapshot.NetListener{{Protocol: "tcp", Address: "[::]:2376", V6Only: true}}, snapshot.Origin{})
				})
			}, "lan", "192.0.2.10:2376", []string{"blocked at host: nobody listens"},
		},
		{"the receiver has no way back", func(l small) { gatewayless(l, "web") }, "lan", "172.17.0.2:80", []string{"blocked at host>web: no way back"}},
		{"the sender has no way", func(l small) { gatewayless(l, "web") }, "web", "192.0.2.10:2376", []string{"blocked at : refused"}},
		{
			"replies by another interface", func(l small) {
				l.change("web", func(s *snapshot.NetStack) {
					s.Interfaces = append(s.Interfaces, veth(3, "eth1", "", 99, 99, "172.18.0.77/16"))
				})
			}, "app", "172.17.0.2:80", []string{"unknown at app>host>web: replies leave web by eth1, and not by eth0"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newSmall()
			if test.change != nil {
				test.change(l)
			}
			n := reach.New(l.world())
			c := reach.Connection{From: sender(t, n, test.from), To: reach.To{Protocol: "tcp", Address: netip.MustParseAddrPort(test.to)}}
			n = l.asked(t, c)
			var got []string
			answers := n.Connect(c.From, c.To)
			for _, a := range answers {
				got = append(got, said(a))
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %q", got)
			}
			for i, want := range test.want {
				head, why, _ := strings.Cut(want, ": ")
				if rest, ok := strings.CutPrefix(got[i], head+":"); !ok || !strings.Contains(rest, why) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

// gatewayless takes the default route of a container.
func gatewayless(l small, name string) { setting(l, name, "no gateway") }

// setting tells the kernel of a namespace what to do; see [small.kernel].
func setting(l small, name, what string) { l[name].Settings[what] = "1" }

// TestNotAsked: without the kernels' answers nothing is said, and each question
// is asked once.
func TestNotAsked(t *testing.T) {
	l := newSmall()
	n := reach.New(l.world())
	c := reach.Connection{From: reach.From{Name: "web"}, To: reach.To{Protocol: "tcp", Address: netip.MustParseAddrPort("172.17.0.1:2376")}}
	if got := said(n.Connect(c.From, c.To)[0]); got != "unknown at : the route to 172.17.0.1 was not asked" {
		t.Errorf("got %q", got)
	}
	want := map[uint64][]snapshot.NetRoute{11: {{Destination: "172.17.0.1"}}}
	if diff := cmp.Diff(want, n.Questions([]reach.Connection{c, c})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAddresses: a socket on all addresses is reached by each of its family.
func TestAddresses(t *testing.T) {
	l := newSmall()
	l.change("web", func(s *snapshot.NetStack) {
		s.Interfaces[1].Addresses = append(s.Interfaces[1].Addresses, "2001:db8::2/64", "fe80::2/64")
	})
	n := reach.New(l.world())
	for _, test := range []struct {
		listener snapshot.NetListener
		want     string
	}{
		{snapshot.NetListener{Address: "127.0.0.1:80"}, "[127.0.0.1:80]"},
		{snapshot.NetListener{Address: "0.0.0.0:80"}, "[127.0.0.1:80 172.17.0.2:80]"},
		{snapshot.NetListener{Address: "[::]:80"}, "[127.0.0.1:80 [::1]:80 172.17.0.2:80 [2001:db8::2]:80]"},
		{snapshot.NetListener{Address: "[::]:80", V6Only: true}, "[[::1]:80 [2001:db8::2]:80]"},
		{snapshot.NetListener{Address: "?"}, "[]"},
	} {
		if got := fmt.Sprint(n.Addresses("web", test.listener)); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.listener, got, test.want)
		}
	}
}

// TestHops: an answer names the interfaces on the way.
func TestHops(t *testing.T) {
	l := newSmall()
	c := reach.Connection{From: reach.From{Name: "web"}, To: reach.To{Protocol: "tcp", Address: netip.MustParseAddrPort("172.17.0.3:5432")}}
	answers := l.asked(t, c).Connect(c.From, c.To)
	for i := range answers[0].Hops {
		answers[0].Hops[i].Trail = nil
	}
	want := []reach.Hop{
		{Space: "web", Out: "eth0", To: c.To.Address},
		{Space: "host", In: "docker0", Port: "vethweb", Bridged: true, Out: "docker0", To: c.To.Address},
		{Space: "db", In: "eth0", To: c.To.Address},
	}
	if diff := cmp.Diff(want, answers[0].Hops, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUnasked: what cannot be followed is not known.
func TestUnasked(t *testing.T) {
	l := newSmall()
	api := netip.MustParseAddrPort("192.0.2.10:2376")
	for _, test := range []struct {
		c    reach.Connection
		want string
	}{
		{reach.Connection{From: reach.From{Name: "host", In: "eth9"}, To: reach.To{Protocol: "tcp", Address: api}}, "unknown at : there is no interface eth9"},
		{reach.Connection{From: reach.From{Name: "host"}, To: reach.To{Protocol: "sctp", Address: api}}, "unknown at host: who takes sctp is not known"},
		{reach.Connection{From: reach.From{Name: "host"}, To: reach.To{Protocol: "udp", Address: api}}, "blocked at host: nobody listens on 192.0.2.10:2376 in host"},
	} {
		if got := said(l.asked(t, test.c).Connect(test.c.From, test.c.To)[0]); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestSenders: each namespace once, and what lies outside.
func TestSenders(t *testing.T) {
	l := newSmall()
	w := l.world()
	w.Containers = append(w.Containers, reach.Space{Name: "hostnet", Stack: w.Host.Stack})
	var got []string
	for _, f := range reach.New(w).Senders() {
		s := f.Name
		if f.In != "" {
			s = f.In + " " + f.Sample.String()
		}
		got = append(got, s)
	}
	if diff := cmp.Diff([]string{"host", "app", "db", "mac", "web", "eth0 192.0.2.1", "eth0 203.0.113.5"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
