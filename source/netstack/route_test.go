package netstack

import (
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source/netlink"
)

func ip(s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	return netip.MustParseAddr(s)
}

// router is a host between two others: a0 to a client, b0 to a server.
const router = `ip link set a0 up
ip link set b0 up
ip addr add 10.0.1.1/24 dev a0
ip addr add 10.0.2.1/24 dev b0
ip addr add fd01::1/64 dev a0 nodad
ip addr add fd02::1/64 dev b0 nodad
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
for d in all a0 b0; do sysctl -qw net.ipv4.conf.$d.rp_filter=0; done
ip neigh replace fd02::2 lladdr 02:00:00:00:00:b1 dev b0 nud permanent # found by itself, after a second
` + ready

// ready waits until links of IPv6 are: their addresses are nobody's before.
const ready = `for d in a0 b0; do for i in $(seq 500); do ip -o link show $d | grep -q 'state UP' && break; sleep 0.01; done; done
`

// server also has an address behind its own.
const server = `ip link set b1 up
ip addr add 10.0.2.2/24 dev b1
ip addr add 198.51.100.1/32 dev lo
ip addr add fd02::2/64 dev b1 nodad
ip addr add fd09::1/128 dev lo nodad
for d in all b1; do sysctl -qw net.ipv4.conf.$d.rp_filter=0; done
`

// said is an answer in a line.
func said(r snapshot.NetRoute) string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", r.Kind, r.Error, r.Out, r.Via)), " ")
}

// fits compares an answer with those that one kernel or another gives.
func fits(got, want string) bool { return slices.Contains(strings.Split(want, " or "), got) }

// TestPackets: what the kernel answers about a packet that comes by a0 is what it
// does with one. Each packet is really sent.
func TestPackets(t *testing.T) {
	tests := []struct{ name, setup, source, destination, want string }{
		{"to the host", "", "10.0.1.2", "10.0.1.1", "local lo"},
		{"to another address of the host", "", "10.0.1.2", "10.0.2.1", "local lo"},
		{"forwarded", "", "10.0.1.2", "10.0.2.2", "unicast b0"},
		{"from anywhere", "", "203.0.113.5", "10.0.2.2", "unicast b0"},
		{"to all", "", "10.0.1.2", "10.0.1.255", "broadcast lo"},
		{"by a next hop", "ip route add 198.51.100.0/24 via 10.0.2.2", "10.0.1.2", "198.51.100.1", "unicast b0 10.0.2.2"},
		{"by a next hop of IPv6", "ip route add 198.51.100.0/24 via inet6 fd02::2 dev b0", "10.0.1.2", "198.51.100.1", "unicast b0 fd02::2"},
		{"no route", "", "10.0.1.2", "198.51.100.1", "refused ENETUNREACH"},
		{"forwarding off", "sysctl -qw net.ipv4.ip_forward=0", "10.0.1.2", "10.0.2.2", "refused EHOSTUNREACH"},
		{"forwarding off, to the host", "sysctl -qw net.ipv4.ip_forward=0", "10.0.1.2", "10.0.2.1", "local lo"},
		{"forwarding off where it comes", "sysctl -qw net.ipv4.conf.a0.forwarding=0", "10.0.1.2", "10.0.2.2", "refused EHOSTUNREACH"},
		{"forwarding off where it goes", "sysctl -qw net.ipv4.conf.b0.forwarding=0", "10.0.1.2", "10.0.2.2", "unicast b0"},
		{"strict rp_filter", "sysctl -qw net.ipv4.conf.a0.rp_filter=1", "10.0.2.9", "10.0.1.1", "refused EXDEV or refused EINVAL"},
		{"strict rp_filter of all", "sysctl -qw net.ipv4.conf.all.rp_filter=1", "10.0.2.9", "10.0.2.2", "refused EXDEV or refused EINVAL"},
		{"strict rp_filter, the right way", "sysctl -qw net.ipv4.conf.all.rp_filter=1", "10.0.1.9", "10.0.2.2", "unicast b0"},
		{"loose rp_filter", "sysctl -qw net.ipv4.conf.all.rp_filter=2", "10.0.2.9", "10.0.1.1", "local lo"},
		{"loose rp_filter, no way", "sysctl -qw net.ipv4.conf.all.rp_filter=2", "203.0.113.5", "10.0.1.1", "refused EXDEV or refused EINVAL"},
		{"from the host's own address", "", "10.0.2.1", "10.0.1.1", "refused EINVAL"},
		{"from the host's own address, accepted", "sysctl -qw net.ipv4.conf.a0.accept_local=1", "10.0.2.1", "10.0.1.1", "local lo"},
		{"to 127.0.0.1", "", "10.0.1.2", "127.0.0.1", "refused EINVAL"},
		{"to 127.0.0.1, route_localnet", "sysctl -qw net.ipv4.conf.a0.route_localnet=1", "10.0.1.2", "127.0.0.1", "local lo"},
		{"to 127.0.0.1, route_localnet of all", "sysctl -qw net.ipv4.conf.all.route_localnet=1", "10.0.1.2", "127.0.0.1", "local lo"},
		{"to 127.0.0.1, route_localnet of another", "sysctl -qw net.ipv4.conf.b0.route_localnet=1", "10.0.1.2", "127.0.0.1", "refused EINVAL"},
		{"from 127.0.0.1", "", "127.0.0.1", "10.0.1.1", "refused EINVAL"},
		{"from 0.0.0.0", "", "0.0.0.0", "10.0.1.1", "refused EINVAL"},
		{"from a group", "", "224.0.0.9", "10.0.1.1", "refused EINVAL"},
		{"blackhole", "ip route add blackhole 198.51.100.1", "10.0.1.2", "198.51.100.1", "refused EINVAL"},
		{"unreachable", "ip route add unreachable 198.51.100.1", "10.0.1.2", "198.51.100.1", "refused EHOSTUNREACH"},
		{"prohibit", "ip route add prohibit 198.51.100.1", "10.0.1.2", "198.51.100.1", "refused EACCES"},
		{"a rule for the interface", "ip rule add iif a0 to 10.0.2.2 prohibit", "10.0.1.2", "10.0.2.2", "refused EACCES"},
		{"a rule for another", "ip rule add iif b0 prohibit", "10.0.1.2", "10.0.2.2", "unicast b0"},
		{"a rule for the source", "ip rule add from 10.0.1.2 prohibit", "10.0.1.2", "10.0.2.2", "refused EACCES"},
		{"a rule with a table", "ip route add 198.51.100.0/24 via 10.0.2.2 table 7; ip rule add iif a0 lookup 7", "10.0.1.2", "198.51.100.1", "unicast b0 10.0.2.2"},
		{"a rule for the port", "ip rule add ipproto udp dport 9 to 10.0.2.2 prohibit", "10.0.1.2", "10.0.2.2", "refused EACCES"},
		{"a rule for another port", "ip rule add ipproto udp dport 10 prohibit", "10.0.1.2", "10.0.2.2", "unicast b0"},
		{"no address where it comes", "ip addr flush dev a0", "10.0.1.2", "10.0.2.2", "unicast b0"},

		{"IPv6 to the host", "", "fd01::2", "fd01::1", "local lo"},
		{"IPv6 to another address of the host", "", "fd01::2", "fd02::1", "local lo"},
		{"IPv6 forwarded", "", "fd01::2", "fd02::2", "unicast b0"},
		{"IPv6 from anywhere", "", "2001:db8::5", "fd02::2", "unicast b0"},
		{"IPv6 to any router", "", "fd01::2", "fd01::", "anycast lo"},
		{"IPv6 by a next hop", "ip route add fd09::/64 via fd02::2", "fd01::2", "fd09::1", "unicast b0 fd02::2"},
		{"IPv6 no route", "", "fd01::2", "fd09::1", "refused ENETUNREACH"},
		{"IPv6 forwarding off", "sysctl -qw net.ipv6.conf.all.forwarding=0", "fd01::2", "fd02::2", "refused net.ipv6.conf.all.forwarding is 0"},
		{"IPv6 forwarding off, to the host", "sysctl -qw net.ipv6.conf.all.forwarding=0", "fd01::2", "fd02::1", "local lo"},
		{"IPv6 forwarding off where it comes", "sysctl -qw net.ipv6.conf.a0.forwarding=0", "fd01::2", "fd02::2", "unicast b0"},
		{"IPv6 forced where it comes", "sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.a0.force_forwarding=1", "fd01::2", "fd02::2", "unicast b0"},
		{"IPv6 forced where it goes", "sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.b0.force_forwarding=1", "fd01::2", "fd02::2", "refused net.ipv6.conf.all.forwarding is 0"},
		{"IPv6 disabled where it comes", "sysctl -qw net.ipv6.conf.a0.disable_ipv6=1", "fd01::2", "fd02::1", "refused net.ipv6.conf.a0.disable_ipv6 is not 0"},
		{"IPv6 from the host's own address", "", "fd02::1", "fd01::1", "local lo"},
		{"IPv6 from the host's own address, forwarded", "", "fd02::1", "fd02::2", "unicast b0"},
		{"to ::1", "", "fd01::2", "::1", "refused ENETUNREACH"},
		{"from ::1", "", "::1", "fd01::1", "refused no address to come from"},
		{"from a group of IPv6", "", "ff02::9", "fd01::1", "refused no address to come from"},
		{"from an address of IPv4 in IPv6", "", "::ffff:10.0.1.2", "fd01::1", "local lo"},
		{"link-local to the host", "", "fe80::2", "fd02::1", "local lo"},
		{"link-local, forwarded", "", "fe80::2", "fd02::2", "refused no address to be forwarded"},
		{"from ::, forwarded", "", "::", "fd02::2", "refused no address to be forwarded"},
		{"IPv6 blackhole", "ip route add blackhole fd09::1", "fd01::2", "fd09::1", "refused EINVAL"},
		{"IPv6 unreachable", "ip route add unreachable fd09::1", "fd01::2", "fd09::1", "refused EHOSTUNREACH"},
		{"IPv6 prohibit", "ip route add prohibit fd09::1", "fd01::2", "fd09::1", "refused EACCES"},
		{"IPv6 a rule for the interface", "ip -6 rule add iif a0 to fd02::2 prohibit", "fd01::2", "fd02::2", "refused EACCES"},
		{"IPv6 a rule for the port", "ip -6 rule add ipproto udp dport 9 to fd02::2 prohibit", "fd01::2", "fd02::2", "refused EACCES"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Contains(tt.setup, "force_forwarding") {
				needs(t, "ipv6/conf/all/force_forwarding")
			}
			r, client, far := newHost(t, ""), newHost(t, ""), newHost(t, "")
			client.sh("ip link add a1 type veth peer name a0 netns " + r.pid + "\nip link set a1 up")
			far.sh("ip link add b1 address 02:00:00:00:00:b1 type veth peer name b0 netns " + r.pid + "\n" + server)
			r.sh(router + tt.setup)
			q := Question{In: "a0", Source: ip(tt.source), Destination: ip(tt.destination), Protocol: "udp", Port: port}
			answer := r.Ask(t.Context(), []Question{q})[0]
			if !fits(said(answer), tt.want) {
				t.Errorf("answer %q, want %q", said(answer), tt.want)
			}
			here, there := r.receiver(), far.receiver()
			var mac net.HardwareAddr
			r.in(func() error {
				a0, err := net.InterfaceByName("a0")
				if err == nil {
					mac = a0.HardwareAddr
				}
				return err
			})
			send := func() {
				client.in(func() error { return sendFrame("a1", mac, q.Source, q.Destination) })
			}
			expected := map[string]net.PacketConn{"local": here, "broadcast": here, "anycast": here, "unicast": there}[answer.Kind]
			if expected != nil {
				for range 50 { // one may be lost while links come up
					send()
					if ok, err := arrives(expected, 100*time.Millisecond); ok || err != nil {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
				t.Errorf("answer %q, and the packet does not arrive", said(answer))
				return
			}
			send()
			for _, conn := range []net.PacketConn{here, there} {
				if ok, err := arrives(conn, 50*time.Millisecond); ok || err != nil {
					t.Errorf("answer %q, and the packet arrives, %v", said(answer), err)
				}
			}
		})
	}
}

// TestSent: the ways of packets sent from here, with marks and sources.
func TestSent(t *testing.T) {
	r, peer := newHost(t, ""), newHost(t, "")
	peer.sh("ip link add a1 type veth peer name a0 netns " + r.pid + "\nip link add b1 type veth peer name b0 netns " + r.pid + "\nip link set a1 up\nip link set b1 up")
	r.sh(router + `
ip route add default via 10.0.1.9
ip route add default via fd01::9
ip route add 203.0.113.0/24 via 10.0.2.9 table 7
ip rule add fwmark 5 lookup 7
ip rule add from 10.0.2.1 to 192.0.2.0/24 prohibit
ip route add unreachable 198.51.100.0/24`)
	tests := []struct {
		q    Question
		want string
	}{
		{Question{Destination: ip("127.0.0.1")}, "local lo from 127.0.0.1"},
		{Question{Destination: ip("10.0.1.1")}, "local lo from 10.0.1.1"},
		{Question{Destination: ip("10.0.2.2")}, "unicast b0 from 10.0.2.1"},
		{Question{Destination: ip("10.0.2.2"), Source: ip("10.0.1.1")}, "unicast b0"},
		{Question{Destination: ip("203.0.113.5")}, "unicast a0 10.0.1.9 from 10.0.1.1"},
		{Question{Destination: ip("203.0.113.5"), Mark: 5}, "unicast b0 10.0.2.9 from 10.0.2.1"},
		{Question{Destination: ip("203.0.113.5"), Mark: 6}, "unicast a0 10.0.1.9 from 10.0.1.1"},
		{Question{Destination: ip("192.0.2.1"), Source: ip("10.0.2.1")}, "refused EACCES"},
		{Question{Destination: ip("192.0.2.1"), Source: ip("10.9.9.9")}, "refused EINVAL or refused ENETUNREACH"}, // not ours
		{Question{Destination: ip("198.51.100.1")}, "refused EHOSTUNREACH"},
		{Question{Destination: ip("::1")}, "local lo from ::1"},
		{Question{Destination: ip("fd02::2")}, "unicast b0 from fd02::1"},
		{Question{Destination: ip("2001:db8::1")}, "unicast a0 fd01::9 from fd01::1"},
		{Question{Destination: ip("fd02::2"), In: "gone0", Source: ip("fd01::2")}, "unknown no interface gone0"},
		{Question{Destination: ip("fd02::2"), In: "a0"}, "unknown no such packet"},
		{Question{Destination: ip("fd02::2"), Source: ip("10.0.1.1")}, "unknown no such packet"},
		{Question{}, "unknown no such packet"},
		{Question{Destination: ip("10.0.2.2"), Protocol: "carp"}, "unknown no such protocol: carp"},
	}
	var questions []Question
	for _, tt := range tests {
		questions = append(questions, tt.q)
	}
	for i, a := range r.Ask(t.Context(), questions) {
		got := said(a)
		if a.Prefer != "" {
			got += " from " + a.Prefer
		}
		if !fits(got, tests[i].want) {
			t.Errorf("%+v: %q, want %q", tests[i].q, got, tests[i].want)
		}
	}
}

// TestNotAsked: an error of asking is never an answer, whatever its number.
func TestNotAsked(t *testing.T) {
	closed, err := netlink.Dial(t.Context(), unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	a := asker{kernel: closed}
	if got := a.answer(Question{Destination: ip("127.0.0.1")}); got.Kind != unknown || got.Error == "" {
		t.Errorf("on a closed socket: %+v", got)
	}
	for _, err := range []error{unix.EACCES, &fs.PathError{Op: "open", Path: "/proc/sys/net", Err: unix.EACCES}} {
		var out snapshot.NetRoute
		conclude(&out, err)
		if out.Kind != unknown {
			t.Errorf("%v: %+v", err, out)
		}
	}
}
