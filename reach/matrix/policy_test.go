package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

// natOf is the table nat of what iptables-save prints.
func natOf(save string) string {
	nat, _, _ := strings.Cut(save, "COMMIT\n")
	return nat + "COMMIT\n"
}

// ufw stops all but a port for one address. Docker's chains are behind it.
var ufw = natOf(docker) + strings.NewReplacer(
	":INPUT ACCEPT [0:0]", ":INPUT DROP [0:0]\n:ufw-before-input - [0:0]\n:ufw-user-input - [0:0]",
	"-A FORWARD -j DOCKER-USER", `-A INPUT -j ufw-before-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-user-input -s 192.0.2.1/32 -p tcp -m tcp --dport 2375 -j ACCEPT
-A FORWARD -j DOCKER-USER`,
	"-A DOCKER-USER -j RETURN", "-A DOCKER-USER -s 198.51.100.7/32 -j DROP\n-A DOCKER-USER -j RETURN",
).Replace(strings.TrimPrefix(docker, natOf(docker)))

// firewalld is its table, as far as names go.
var firewalld = snapshot.FilterTable{
	Tool: "nft", Family: "inet", Name: "firewalld",
	Chains: []snapshot.FilterChain{{
		Name: "filter_INPUT", Hook: "input", Type: "filter", Priority: 10, Policy: "accept",
		Rules: []snapshot.FilterRule{
			{Text: `iifname "lo" accept`, Statements: []snapshot.FilterStatement{{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldIn}, Values: []string{"lo"}}}, {Verdict: "accept"}}},
			{Text: `ct state established,related accept`, Statements: []snapshot.FilterStatement{{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldState}, Values: []string{"established", "related"}}}, {Verdict: "accept"}}},
			{Text: "reject with icmpx admin-prohibited", Statements: []snapshot.FilterStatement{{Verdict: "reject"}}},
		},
	}},
}

const (
	lan      = "192.0.2.0/24, 2001:db8::/64 at eth0"
	internet = "internet at eth0"
	everyone = lan + " and " + internet
)

// TestPolicies: what is said of a topic.
func TestPolicies(t *testing.T) {
	for _, c := range []struct {
		name, ip, ip6 string
		change        func(*model)
		topic         matrix.Topic
		want          []string // judgement and words
	}{
		{name: "policies that accept", ip: docker, ip6: open, topic: matrix.Defaults, want: []string{
			"let in: Over IPv4, connections from " + everyone + " to any other port of this host are let in: the policy ACCEPT of INPUT (iptables).",
			"let in: Over IPv6, connections from " + everyone + " to any other port of this host are let in: the policy ACCEPT of INPUT (ip6tables).",
		}},
		{name: "no rules", topic: matrix.Defaults, want: []string{
			"let in: Over IPv4, connections from " + everyone + " to any other port of this host are let in: no rule is there for them.",
			"let in: Over IPv6, connections from " + everyone + " to any other port of this host are let in: no rule is there for them.",
		}},
		{name: "a rule for the link", ip: strings.Replace(open, ":INPUT ACCEPT [0:0]", ":INPUT DROP [0:0]", 1) + "", topic: matrix.Defaults,
			change: func(m *model) {
				f, _ := m.stack[hostSpace].Filter.Peek()
				m.stack[hostSpace].Filter = see(m.insert(f, strings.Fields("iptables -I INPUT -s 192.0.2.0/24 -j ACCEPT")))
			},
			want: []string{
				"let in: Over IPv4, connections from " + lan + " to any other port of this host are let in: the rule \"-A INPUT -s 192.0.2.0/24 -j ACCEPT\" of INPUT (iptables).",
				"stopped: Over IPv4, connections from " + internet + " to any other port of this host are stopped: the policy DROP of INPUT (iptables).",
				"let in: Over IPv6, connections from " + everyone + " to any other port of this host are let in: no rule is there for them.",
			}},
		{name: "a rule for a part of the link", ip: open, topic: matrix.Defaults,
			change: func(m *model) {
				f, _ := m.stack[hostSpace].Filter.Peek()
				m.stack[hostSpace].Filter = see(m.insert(f, strings.Fields("iptables -I INPUT -s 192.0.2.128/25 -j REJECT")))
			},
			want: []string{
				"stopped: Over IPv4, connections from a part of " + lan + " to any other port of this host are stopped: the rule \"-A INPUT -s 192.0.2.128/25 -j REJECT\" of INPUT (iptables).",
				"let in: Over IPv4, connections from a part of " + lan + " and " + internet + " to any other port of this host are let in: the policy ACCEPT of INPUT (iptables).",
				"let in: Over IPv6, connections from " + everyone + " to any other port of this host are let in: no rule is there for them.",
			}},
		{name: "a rule that is not understood", ip: strings.Replace(open, "COMMIT", "-A INPUT -m recent --update --seconds 60 --name x -j DROP\nCOMMIT", 1), topic: matrix.Defaults, want: []string{
			"unknown: Over IPv4, connections from " + everyone + " to any other port of this host may get in or not: the rule \"-A INPUT -m recent --update --seconds 60 --name x -j DROP\" of INPUT (iptables).",
			"let in: Over IPv6, connections from " + everyone + " to any other port of this host are let in: no rule is there for them.",
		}},
		{name: "filters that could not be read", topic: matrix.Defaults,
			change: func(m *model) {
				m.stack[hostSpace].Filter = snapshot.Lost[snapshot.PacketFilter](snapshot.Gap{Detail: "permission denied", Remedy: "run as root"}, snapshot.Origin{})
			},
			want: []string{"unknown: What the firewall of this host lets in is not known: its packet filters could not be read: permission denied (run as root)."}},
		{name: "ufw", ip: ufw, topic: matrix.APIs, want: []string{
			"let in: The API at tcp://0.0.0.0:2375 is open to " + lan + " (the rule \"-A ufw-user-input -s 192.0.2.1/32 -p tcp -m tcp --dport 2375 -j ACCEPT\" of ufw-user-input (iptables)), and closed to " + internet + "; web and app, app2.",
			"let in: The API at tcp://[::]:2376 is open to " + everyone + " (no rule is there for them), and closed to web and app, app2.",
		}},
		{name: "API that nobody reaches", ip: strings.Replace(docker, ":INPUT ACCEPT", ":INPUT DROP", 1), ip6: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", topic: matrix.APIs, want: []string{
			"stopped: The API at tcp://0.0.0.0:2375 is closed to all but the host itself.", "stopped: The API at tcp://[::]:2376 is closed to all but the host itself.",
		}},
		{name: "a container on a macvlan", ip: strings.Replace(docker, ":INPUT ACCEPT", ":INPUT DROP", 1), ip6: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", topic: matrix.APIs, change: withMacvlan, want: []string{
			"unknown: The API at tcp://0.0.0.0:2375 is not known to be closed; of mac it is not known (it leaves by the macvlan eth0, past all rules of the host).",
			"unknown: The API at tcp://[::]:2376 is not known to be closed; of mac it is not known (it leaves by the macvlan eth0, past all rules of the host).",
		}},
		{name: "families alike", ip: docker, ip6: open, topic: matrix.Families, want: []string{"same: This host lets in the same over IPv4 and IPv6."}},
		{name: "families that differ", ip: strings.Replace(open, ":INPUT ACCEPT", ":INPUT DROP", 1), topic: matrix.Families, want: []string{
			"different: Over IPv6, any other port of this host is let in from " + everyone + ", over IPv4 it is stopped: the policy DROP of INPUT (iptables).",
			"different: Over IPv6, tcp://[::]:2376 is let in from " + everyone + ", over IPv4 it is stopped: the policy DROP of INPUT (iptables).",
			"different: Over IPv6, web 8080->80/tcp is let in from " + everyone + ", over IPv4 it is stopped: the policy DROP of INPUT (iptables).",
		}},
		{name: "families, the other way round", ip6: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", topic: matrix.Families, want: []string{
			"different: Over IPv4, any other port of this host is let in from " + everyone + ", over IPv6 it is stopped: the policy DROP of INPUT (ip6tables).",
			"different: Over IPv4, tcp://[::]:2376 is let in from " + everyone + ", over IPv6 it is stopped: the policy DROP of INPUT (ip6tables).",
			"different: Over IPv4, web 8080->80/tcp is let in from " + everyone + ", over IPv6 it is stopped: the policy DROP of INPUT (ip6tables).",
		}},
		{name: "families, one not known", ip: strings.Replace(open, "COMMIT", "-A INPUT -m recent --update --seconds 60 --name x -j DROP\nCOMMIT", 1), ip6: open, topic: matrix.Families, want: []string{
			"unknown: Whether this host lets in the same over IPv4 and IPv6 is not known in full; no difference was found.",
		}},
		{name: "ufw", ip: ufw, topic: matrix.FrontEnds, want: []string{"active: ufw is active: its rules are in ufw-before-input (iptables)."}},
		{name: "ufw that is off", ip: strings.Replace(ufw, "-A INPUT -j ufw-before-input\n", "", 1), topic: matrix.FrontEnds, want: []string{
			"inactive: Chains of ufw are there, as ufw-before-input (iptables), and no packet comes to them.",
		}},
		{name: "firewalld", ip: docker, topic: matrix.FrontEnds, change: withFirewalld, want: []string{"active: firewalld is active: its rules are in filter_INPUT of table inet firewalld (nft)."}},
		{name: "no front end", ip: docker, topic: matrix.FrontEnds},
		{name: "ufw", ip: ufw, topic: matrix.Bypasses, want: []string{"let in: Published ports get past ufw, which stops other ports: web 8080->80/tcp from " + everyone + "."}},
		{name: "firewalld", ip: docker, topic: matrix.Bypasses, change: withFirewalld, want: []string{"let in: Published ports get past firewalld, which stops other ports: web 8080->80/tcp from " + everyone + "."}},
		{name: "ports that do not get past", ip: strings.Replace(open, ":INPUT ACCEPT", ":INPUT DROP", 1), topic: matrix.Bypasses, want: []string{"stopped: No published port gets past the rules that stop other ports."}},
		{name: "nothing is stopped", ip: docker, topic: matrix.Bypasses},
		{name: "unused", ip: docker, topic: matrix.DockerUser, want: []string{
			"unused: DOCKER-USER (iptables) is asked before Docker's own rules, and has none of its own.", "missing: There is no chain DOCKER-USER for IPv6.",
		}},
		{name: "used", ip: ufw, topic: matrix.DockerUser, want: []string{
			"effective: DOCKER-USER (iptables) is asked before Docker's own rules, and has 1 of its own; it does not cover what passes INPUT: the API (tcp://0.0.0.0:2375, tcp://[::]:2376) and connections that docker-proxy takes.",
			"missing: There is no chain DOCKER-USER for IPv6.",
		}},
		{name: "not asked", ip: unasked, topic: matrix.DockerUser, want: []string{
			"void: DOCKER-USER (iptables) has no effect: no rule of FORWARD leads to it for all packets.", "missing: There is no chain DOCKER-USER for IPv6.",
		}},
		{name: "asked too late", ip: strings.Replace(docker, "-A FORWARD -j DOCKER-USER", "-A FORWARD -o docker0 -j ACCEPT\n-A FORWARD -j DOCKER-USER", 1), topic: matrix.DockerUser, want: []string{
			"void: DOCKER-USER (iptables) comes too late: rules of FORWARD that accept, or lead to Docker's chains, stand before \"-A FORWARD -j DOCKER-USER\".", "missing: There is no chain DOCKER-USER for IPv6.",
		}},
		{name: "nft", topic: matrix.DockerUser, change: func(m *model) { m.stack[hostSpace].Filter = see(nftables) }, want: []string{
			"missing: There is no chain DOCKER-USER for IPv4: the engine writes its rules with nftables.", "missing: There is no chain DOCKER-USER for IPv6.",
		}},
		{name: "drop", ip: docker, topic: matrix.Forwarding, want: []string{
			"stopped: Over IPv4, forwarded connections that no rule is for are stopped: the policy DROP of FORWARD (iptables).", "stopped: This host forwards no IPv6: net.ipv6.conf.all.forwarding is 0.",
		}},
		{name: "accept", ip: open, topic: matrix.Forwarding, change: func(m *model) { m.stack[hostSpace].Settings["net.ipv6.conf.all.forwarding"] = "1" }, want: []string{
			"let in: Over IPv4, forwarded connections that no rule is for are let in: the policy ACCEPT of FORWARD (iptables).", "let in: Over IPv6, forwarded connections that no rule is for are let in: no chain is there for them.",
		}},
		{name: "closed", ip: docker, topic: matrix.Unpublished, want: []string{
			"stopped: Ports on the network bridge that are not published are closed to all outside and on other networks.",
			"stopped: Ports on the network shop that are not published are closed to all outside and on other networks.",
		}},
		{name: "open", ip: open, topic: matrix.Unpublished, want: []string{
			"let in: Ports on the network bridge that are not published are open to " + lan + "; " + internet + " and app, app2 (the policy ACCEPT of FORWARD (iptables)).",
			"let in: Ports on the network shop that are not published are open to " + lan + "; " + internet + " and web (the policy ACCEPT of FORWARD (iptables)).",
		}},
	} {
		t.Run(string(c.topic)+", "+c.name, func(t *testing.T) {
			m := newModel(t, c.ip, c.ip6, proxy, "0.0.0.0:2375", "[::]:2376")
			if c.change != nil {
				c.change(m)
			}
			var got []string
			for _, p := range m.matrix().Policies(m.s) {
				if p.Topic == c.topic {
					got = append(got, string(p.Verdict)+": "+p.Words)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func withFirewalld(m *model) {
	f, _ := m.stack[hostSpace].Filter.Peek()
	m.stack[hostSpace].Filter = see(snapshot.PacketFilter{Tables: append(slices.Clone(f.Tables), firewalld)})
}

// withMacvlan adds a container on a macvlan of eth0.
func withMacvlan(m *model) {
	const space = 14
	m.add(space, nil, snapshot.NetInterface{Name: "eth0", Index: 2, Kind: "macvlan", Mode: "bridge", Up: true, Peer: 2, PeerNamespace: hostSpace, Addresses: []string{"192.0.2.129/24"}})
	m.read = append(m.read, space)
	e := &m.s.Engines[0]
	networks, _ := e.Networks.Peek()
	e.Networks = see(append(networks, snapshot.Network{Name: "mac", Driver: "macvlan"}))
	containers, _ := e.Containers.Peek()
	e.Containers = see(append(containers, container("mac", space, "mac", "192.0.2.129")))
}
