package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// docker is what engine 26.1 writes for the model, with its port 8080 for web.
const docker = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 172.18.0.0/16 ! -o br-shop -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER -i br-shop -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A FORWARD -o br-shop -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-shop -j DOCKER
-A FORWARD -i br-shop ! -o br-shop -j ACCEPT
-A FORWARD -i br-shop -o br-shop -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-shop ! -o br-shop -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-shop -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
`

// open lets everything through and knows no Docker.
const open = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`

// proxy are the sockets of docker-proxy for the port of web.
var proxy = []string{"0.0.0.0:8080", "[::]:8080"}

// unasked is docker with a DOCKER-USER that nothing leads to.
var unasked = strings.Replace(docker, "-A FORWARD -j DOCKER-USER\n", "", 1)

// nftables is what a host has that is administered by nft.
var nftables = snapshot.PacketFilter{Tables: []snapshot.FilterTable{{
	Tool: "nft", Family: "ip", Name: "docker-bridges",
	Chains: []snapshot.FilterChain{
		{Name: "filter-FORWARD", Hook: "forward", Type: "filter", Policy: "accept"},
		{Name: "nat-PREROUTING", Hook: "prerouting", Type: "nat", Priority: -100, Policy: "accept", Rules: []snapshot.FilterRule{{
			Text: "tcp dport 8080 dnat to 172.17.0.2:80",
			Statements: []snapshot.FilterStatement{
				{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldProtocol}, Values: []string{"tcp"}}},
				{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldPort}, Values: []string{"8080"}}},
				{NAT: &snapshot.FilterNAT{Kind: "dnat", Address: "172.17.0.2", Port: 80}},
			},
		}}},
	},
}}}

// TestRemediesOfModels: each remedy is at the hook that the connection passes,
// and says what else it closes.
func TestRemediesOfModels(t *testing.T) {
	const publishOnLoopback = "publish it for this host alone: 127.0.0.1:8080:80; not at all, if only containers on its own networks use it"
	removeAPI := func(host string) string {
		return `remove ` + host + ` from "hosts" in daemon.json, or -H ` + host + ` from dockerd's command line, and restart the engine; use its unix socket, from elsewhere by ssh`
	}
	toAPI := "nft 'add rule inet seawall input iifname \"docker0\" tcp dport 2375 drop'"
	for _, c := range []struct {
		name, ip, ip6  string
		change         func(*model)
		source, target string
		setting        string
		commands       []string
		closes         []string
	}{
		{
			name: "API from a container", ip: docker, source: "web", target: "tcp://0.0.0.0:2375", setting: removeAPI("tcp://0.0.0.0:2375"),
			commands: []string{"iptables -I INPUT -i docker0 -p tcp --dport 2375 -j DROP"},
		},
		{
			name: "API from outside, both families", ip: docker, ip6: open, source: "192.0.2.0/24", target: "tcp://[::]:2376", setting: removeAPI("tcp://[::]:2376"),
			commands: []string{"iptables -I INPUT -i eth0 -p tcp --dport 2376 -j DROP", "ip6tables -I INPUT -i eth0 -p tcp --dport 2376 -j DROP"},
			closes:   []string{"internet at eth0 to tcp://[::]:2376"},
		},
		{
			name: "API at the address of docker0", ip: docker, source: "app", target: "tcp://172.17.0.1:2377", setting: removeAPI("tcp://172.17.0.1:2377"),
			commands: []string{"iptables -I INPUT -i br-shop -p tcp --dport 2377 -j DROP"},
		},
		{
			name: "API on loopback, by frames made by hand", ip: docker, source: "web", target: "tcp://127.0.0.1:2374", setting: removeAPI("tcp://127.0.0.1:2374"),
			change:   func(m *model) { m.stack[hostSpace].Settings["net.ipv4.conf.docker0.route_localnet"] = "1" },
			commands: []string{"iptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP"},
		},
		{
			name: "published port, forwarded and taken by docker-proxy", ip: docker, ip6: open, source: "192.0.2.0/24", target: "web 8080->80/tcp", setting: publishOnLoopback,
			commands: []string{
				"iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP",
				"ip6tables -I INPUT -i eth0 -p tcp --dport 8080 -j DROP",
			},
			closes: []string{"internet at eth0 to web 8080->80/tcp"},
		},
		{
			name: "published port, DOCKER-USER is not asked", ip: unasked, ip6: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", source: "192.0.2.0/24", target: "web 8080->80/tcp", setting: publishOnLoopback,
			commands: []string{"iptables -I FORWARD -i eth0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP"},
			closes:   []string{"internet at eth0 to web 8080->80/tcp"},
		},
		{
			name: "published port by docker-proxy from another network", ip: docker, source: "app", target: "web 8080->80/tcp", setting: publishOnLoopback,
			commands: []string{"iptables -I INPUT -i br-shop -p tcp --dport 8080 -j DROP"},
		},
		{
			name: "container of another network", ip: open, source: "app", target: "web 80/tcp",
			commands: []string{"iptables -I FORWARD -i br-shop -o docker0 -m conntrack --ctstate NEW -m conntrack ! --ctstate DNAT -j DROP"},
			closes:   []string{"app, app2 to any other port on the network bridge"},
		},
		{
			name: "container of the same network", ip: docker, source: "app", target: "app 80/tcp",
			setting: "create the network shop anew with -o com.docker.network.bridge.enable_icc=false (Compose: driver_opts), or give the containers networks of their own",
		},
		{
			name: "container of the same network, bridges do not filter", ip: docker, source: "app", target: "app 80/tcp",
			change:  func(m *model) { m.stack[hostSpace].Settings["net.bridge.bridge-nf-call-iptables"] = "0" },
			setting: "create the network shop anew with -o com.docker.network.bridge.enable_icc=false (Compose: driver_opts), or give the containers networks of their own; and set the kernel's net.bridge.bridge-nf-call-iptables to 1, without which that has no effect",
		},
		{
			name: "API, administered by nft", source: "web", target: "tcp://0.0.0.0:2375", setting: removeAPI("tcp://0.0.0.0:2375"),
			change:   func(m *model) { m.stack[hostSpace].Filter = see(nftables) },
			commands: []string{"nft add table inet seawall", "nft 'add chain inet seawall input { type filter hook input priority -10; policy accept; }'", toAPI},
		},
		{
			name: "published port, no DOCKER-USER", source: "192.0.2.0/24", target: "web 8080->80/tcp", setting: publishOnLoopback,
			change: func(m *model) { m.stack[hostSpace].Filter = see(nftables) },
			commands: []string{
				"nft add table inet seawall", "nft 'add chain inet seawall forward { type filter hook forward priority -10; policy accept; }'",
				"nft 'add rule inet seawall forward iifname \"eth0\" meta l4proto tcp ct direction original ct original proto-dst 8080 drop'",
				"nft 'add chain inet seawall input { type filter hook input priority -10; policy accept; }'",
				"nft 'add rule inet seawall input iifname \"eth0\" tcp dport 8080 drop'",
			},
			closes: []string{"internet at eth0 to web 8080->80/tcp"},
		},
		{
			name: "containers that were not read", ip: docker, source: "internet", target: "web 8080->80/tcp", setting: publishOnLoopback,
			change:   func(m *model) { m.read = m.read[:1]; m.unproxied() },
			commands: []string{"iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP"},
			closes:   []string{"192.0.2.0/24, 2001:db8::/64 at eth0 to web 8080->80/tcp"},
		},
		{
			name: "an engine in a network of its own", ip: docker, source: "web", target: "tcp://0.0.0.0:2375", setting: removeAPI("tcp://0.0.0.0:2375"),
			change:   func(m *model) { m.add(machineSpace, nil); m.read = append([]uint64{machineSpace}, m.read...) },
			commands: []string{"nsenter -t 812 -n iptables -I INPUT -i docker0 -p tcp --dport 2375 -j DROP"},
		},
		{
			name: "both back ends in force", ip: docker, source: "web", target: "tcp://0.0.0.0:2375", setting: removeAPI("tcp://0.0.0.0:2375"),
			change: func(m *model) {
				f, _ := m.stack[hostSpace].Filter.Peek()
				m.stack[hostSpace].Filter = see(snapshot.PacketFilter{Tables: append(slices.Clone(f.Tables), snapshot.FilterTable{Tool: "iptables-legacy", Family: "ip", Name: "filter"})})
			},
			commands: []string{"iptables-nft -I INPUT -i docker0 -p tcp --dport 2375 -j DROP"},
		},
		{name: "filters that could not be read", source: "web", target: "tcp://0.0.0.0:2375", change: func(m *model) {
			m.stack[hostSpace].Filter = snapshot.Lost[snapshot.PacketFilter](snapshot.Gap{Detail: "permission denied"}, snapshot.Origin{})
		}},
		{name: "a rule that lets this in may be before ours", ip: strings.Replace(docker, "*filter", "*mangle\n:INPUT ACCEPT [0:0]\n-A INPUT -j NFQUEUE --queue-num 1\nCOMMIT\n*filter", 1), source: "web", target: "tcp://0.0.0.0:2375"},
		{name: "ports that nobody has", ip: docker, ip6: open, source: "internet", target: "any other port of this host"},
		{name: "what is closed needs none", ip: strings.Replace(docker, ":INPUT ACCEPT", ":INPUT DROP", 1), source: "web", target: "tcp://0.0.0.0:2375"},
		{
			name: "an interface whose name a shell would read", ip: docker, source: "web", target: "tcp://0.0.0.0:2375", setting: removeAPI("tcp://0.0.0.0:2375"),
			change: func(m *model) { m.rename("docker0", "d;reboot") },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newModel(t, c.ip, c.ip6, proxy, "0.0.0.0:2375", "[::]:2376", "172.17.0.1:2377", "127.0.0.1:2374")
			if c.change != nil {
				c.change(m)
			}
			of := m.matrix()
			at := m.at(of, c.source, c.target)
			var commands, closes []string
			var setting string
			for _, r := range of.Remedies(m.s, at.Source, at.Target) {
				switch {
				case r.Setting != "":
					setting = r.Setting
				default:
					commands = r.Commands
					for _, p := range r.Closes {
						closes = append(closes, of.Sources[p.Source].Name+" to "+of.Targets[p.Target].Name)
					}
				}
				if r.Breaks == "" {
					t.Errorf("it is not said what %+v breaks", r)
				}
			}
			if setting != c.setting || !slices.Equal(commands, c.commands) || !slices.Equal(closes, c.closes) {
				t.Errorf("setting %q\ncommands %q\ncloses %q\nwant %q\n%q\n%q", setting, commands, closes, c.setting, c.commands, c.closes)
			}
			if len(commands) > 0 {
				m.closes(c.source, c.target, commands)
			}
		})
	}
}

// closes adds the rules of commands as the tools would, by their text, and finds
// the cell closed and that of the host open.
func (m *model) closes(source, target string, commands []string) {
	m.t.Helper()
	if !strings.HasPrefix(commands[0], "ip") || strings.HasPrefix(commands[0], "iptables-nft") {
		return // what nft makes of it is tried on a kernel
	}
	rules, _ := m.stack[hostSpace].Filter.Peek()
	for _, c := range commands {
		rules = m.insert(rules, strings.Fields(c))
	}
	m.stack[hostSpace].Filter = see(rules)
	of := m.matrix()
	at := m.at(of, source, target)
	if c := of.Cells[at.Source][at.Target]; c.Verdict != filter.Blocked {
		m.t.Errorf("after %q: %s", commands, c.Verdict)
	}
	for j, t := range of.Targets {
		host := m.at(of, "this host", t.Name).Source
		if t.Listener != nil && of.Cells[host][j].Verdict != filter.Open {
			m.t.Errorf("after %q: the host does not reach %s", commands, t.Name)
		}
	}
}

// insert reads "iptables [-t TABLE] -I CHAIN RULE" as iptables-save would print
// it, and puts the rule there.
func (m *model) insert(f snapshot.PacketFilter, words []string) snapshot.PacketFilter {
	m.t.Helper()
	family, table := "ip", "filter"
	if words[0] == "ip6tables" {
		family = "ip6"
	}
	if words[1] == "-t" {
		table, words = words[2], words[2:]
	}
	chain, rest := words[2], strings.Join(words[3:], " ")
	policy := "ACCEPT"
	if chain == "DOCKER-USER" {
		policy = "-"
	}
	parsed := m.parse(family, "*"+table+"\n:"+chain+" "+policy+" [0:0]\n-A "+chain+" "+rest+"\nCOMMIT\n")[0]
	out := snapshot.PacketFilter{Tables: slices.Clone(f.Tables)}
	for i := range out.Tables {
		if t := &out.Tables[i]; t.Family == family && t.Name == table {
			for k := range t.Chains {
				if t.Chains[k].Name == chain {
					t.Chains[k].Rules = append(slices.Clone(parsed.Chains[0].Rules), t.Chains[k].Rules...)
					return out
				}
			}
			t.Chains = append(t.Chains, parsed.Chains[0])
			return out
		}
	}
	out.Tables = append(out.Tables, parsed)
	return out
}

// unproxied takes away the sockets of docker-proxy.
func (m *model) unproxied() {
	s := m.stack[hostSpace]
	s.Listeners = snapshot.Map(s.Listeners, func(list []snapshot.NetListener) []snapshot.NetListener {
		return slices.DeleteFunc(list, func(l snapshot.NetListener) bool { return slices.Contains(proxy, l.Address) })
	})
}

// rename gives an interface of the host another name.
func (m *model) rename(from, to string) {
	s := m.stack[hostSpace]
	for i := range s.Interfaces {
		for _, name := range []*string{&s.Interfaces[i].Name, &s.Interfaces[i].Master} {
			if *name == from {
				*name = to
			}
		}
	}
	networks, _ := m.s.Engines[0].Networks.Peek()
	for i := range networks {
		if networks[i].Bridge.String() == from {
			networks[i].Bridge = see(to)
		}
	}
}
