package reach_test

import (
	"net"
	"testing"

	"seawall/lab"
)

// sixth is a host whose networks have IPv6 as well, but for one. The API is on
// loopback (2375), on a socket for both families (2376), and on an address of
// the LAN (2378); another socket is for IPv6 only (6).
func sixth() site {
	bridge := func(name, subnet, subnet6 string, args ...string) []string {
		return append([]string{name, "--ipv6", "--subnet", subnet, "--subnet", subnet6, "-o", "com.docker.network.bridge.name=br-" + name}, args...)
	}
	return site{
		flags: []string{
			"--ipv6", "--fixed-cidr-v6", "2001:db8:1::/64",
			"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://[::1]:2375", "-H", "tcp://[::]:2376", "-H", "tcp://[" + lab.HostAddr6 + "]:2378",
		},
		networks: [][]string{
			bridge("other", "172.30.0.0/16", "2001:db8:2::/64"),
			bridge("inner", "172.31.0.0/16", "2001:db8:3::/64", "--internal"),
			{"four", "--subnet", "172.29.0.0/16", "-o", "com.docker.network.bridge.name=br-four"},
		},
		containers: []container{
			{name: "plain", args: []string{"-p", "8080:80"}},
			{name: "plain2"},
			{name: "other", args: []string{"--network", "other", "-p", "[::]:8090:80"}},
			{name: "inner", args: []string{"--network", "inner"}},
			{name: "four", args: []string{"--network", "four"}},
		},
		hosts: []string{"127.0.0.1", "::1", lab.HostAddr, lab.HostAddr6, "172.17.0.1", "2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1"},
		ports: []uint16{2375, 2376, 2378, 6, 8080, 8090, 9},
		neighbour: "ip route add 172.16.0.0/12 via " + lab.HostAddr + "; ip addr add 203.0.113.5/32 dev lo; " +
			"ip route add 2001:db8::/32 via " + lab.HostAddr6 + "; ip addr add 2001:db8:ffff::5/128 dev lo nodad",
	}
}

// testIPv6 brings an engine with IPv6 into states.
func testIPv6(t *testing.T, v lab.Version, sum *tally) {
	e := start(t, lab.Options{Version: v}, sixth(), sum)
	e.listen6()
	// For a second the kernel asks whether others have the addresses of a new bridge,
	// and takes none of them for its own.
	e.Exec("sh", "-ec", "for i in $(seq 100); do [ -n \"$(ip -6 -oneline addr show tentative)\" ] || exit 0; sleep 0.1; done; ip -6 addr show tentative; exit 1")
	for _, s := range rows6(v) {
		e.run(s.name, func() {
			e.commands(s.on)
			e.check(s.want...)
			e.commands(s.off)
		})
	}
	if v == lab.V28 {
		e.run("the engine does not filter IPv6", e.checkUnfiltered6)
	}
}

var six = []string{"plain", "plain2", "other"}

// rows6 are the states that commands make.
func rows6(v lab.Version) []state {
	four := []string{"four"}
	everybody := all(onHost, six, internal, four, beyond)
	by4, by6, direct := all(onHost, six, four, beyond), all(onHost, six, beyond), all(onHost, docker0)
	if v == lab.V20 { // which filters no IPv6, and lets internal networks to the host
		by4, by6 = everybody, all(onHost, six, internal, beyond)
		direct = by6
	}
	return []state{
		{name: "no rules of the user", want: []reached{
			{":2375", onHost}, {":2376", everybody}, {"192.0.2.10:2376", by4}, {"[2001:db8::10]:2376", by6}, {"[2001:db8::10]:2378", by6},
			{"192.0.2.10:6", nil}, {"[2001:db8::10]:6", by6}, {"[2001:db8:3::1]:6", all(onHost, six, internal, beyond)},
			{"plain2 by IPv6", direct},
		}},
		{
			name: "INPUT of IPv4 drops", want: []reached{{"192.0.2.10:2376", onHost}, {"[2001:db8::10]:2376", by6}},
			on:  []string{"iptables -I INPUT ! -i lo -p tcp --dport 2376 -j DROP"},
			off: []string{"iptables -D INPUT 1"},
		},
		{
			name: "INPUT of IPv6 drops from bridges", want: []reached{{"192.0.2.10:2376", by4}, {"[2001:db8::10]:2376", all(onHost, beyond)}},
			on:  []string{"ip6tables -I INPUT -i docker0 -p tcp --dport 2376 -j DROP", "ip6tables -I INPUT -i br-+ -p tcp --dport 2376 -j REJECT"},
			off: []string{"ip6tables -F INPUT"},
		},
		{
			name: "INPUT of IPv6 lets one address in", want: []reached{{"192.0.2.10:2376", by4}, {"[2001:db8::10]:2376", all(onHost, []string{"lan"})}},
			on: []string{
				"ip6tables -A INPUT -i lo -j ACCEPT", "ip6tables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
				"ip6tables -A INPUT -p ipv6-icmp -j ACCEPT", "ip6tables -A INPUT -s " + lab.NeighbourAddr6 + " -j ACCEPT", "ip6tables -P INPUT DROP",
			},
			off: []string{"ip6tables -P INPUT ACCEPT", "ip6tables -F INPUT"},
		},
		{
			name: "bridges do not filter IPv6", want: []reached{{"[2001:db8::10]:2376", by6}},
			on:  []string{"sysctl -w net.bridge.bridge-nf-call-ip6tables=0"},
			off: []string{"sysctl -w net.bridge.bridge-nf-call-ip6tables=1"},
		},
	}
}

// checkUnfiltered6: without rules for IPv6, whoever has a route reaches
// containers by it.
func (e *engine) checkUnfiltered6() {
	e.restart([]string{"ip6tables -P FORWARD ACCEPT", "ip6tables -F", "ip6tables -X", "ip6tables -t nat -F", "ip6tables -t nat -X", "ip6tables -t raw -F"}, "--ip6tables=false")
	e.check(reached{"plain2 by IPv6", all(onHost, six, beyond)})
}

// listen6 listens on the host for IPv6 only.
func (e *engine) listen6() {
	e.t.Helper()
	e.in(e.namespaces["host"], func() error {
		l, err := net.Listen("tcp6", "[::]:6")
		if err == nil {
			e.t.Cleanup(func() { l.Close() })
		}
		return err
	})
}
