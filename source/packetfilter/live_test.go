package packetfilter

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// tools are what the live tests need (scripts/setup-lab.sh installs them).
var tools = []string{"unshare", "ip", "iptables-nft-restore", "iptables-legacy-restore", "nft"}

// requireTools skips the test, or fails it when CI=true, unless rules can be
// loaded here.
func requireTools(t testing.TB) {
	t.Helper()
	missing := ""
	if os.Geteuid() != 0 {
		missing = "root"
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = tool
		}
	}
	switch {
	case missing == "":
	case os.Getenv("CI") == "true":
		t.Fatalf("needs %s", missing)
	default:
		t.Skipf("NOT RUN: needs %s", missing)
	}
}

// withoutTexts leaves what rules mean: tools differ in words.
func withoutTexts(f snapshot.PacketFilter) snapshot.PacketFilter {
	for _, t := range f.Tables {
		for _, c := range t.Chains {
			for i := range c.Rules {
				c.Rules[i].Text = ""
				for j, s := range c.Rules[i].Statements {
					if s.Opaque != "" {
						c.Rules[i].Statements[j].Opaque = "…"
					}
				}
			}
		}
	}
	return f
}

// TestLive loads the rules of the recordings in namespaces of this machine:
// reading them gives the same models, and creates no table.
func TestLive(t *testing.T) {
	requireTools(t)
	for name, load := range loads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := inNamespace(t, load)
			if got.Err != "" {
				t.Fatal(got.Err)
			}
			want, err := replayed(t, "testdata/"+name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(withoutTexts(want), withoutTexts(got.Model)); diff != "" {
				t.Errorf("(-recorded +live):\n%s", diff)
			}
			if got.Before != got.After {
				t.Errorf("reading made tables of %q from %q", got.After, got.Before)
			}
		})
	}
}

// TestThisMachine reads the namespace of the tests: whatever is there, it is
// read or there is a reason.
func TestThisMachine(t *testing.T) {
	before := tableNames()
	f, err := Read(t.Context(), Exec)
	t.Logf("%d tables, %v", len(f.Tables), err)
	if after := tableNames(); after != before {
		t.Errorf("reading made tables of %q from %q", after, before)
	}
}

// TestRefused: who may not ask is told what it takes.
func TestRefused(t *testing.T) {
	requireTools(t)
	cmd := exec.CommandContext(t.Context(), "unshare", "--net", "setpriv", "--bounding-set", "-all", "--inh-caps", "-all", os.Args[0])
	got := readBy(t, cmd)
	if got.Err != ErrRefused.Error() {
		t.Errorf("without capabilities: %q, want %q", got.Err, ErrRefused)
	}
}

// nativeRules are rules of nft of which iptables-nft-save may show less, or all.
var nativeRules = []string{
	"ip dscp 5 drop", "ip length 100 accept", "ip ttl 5 accept", "ip saddr 10.0.0.1-10.0.0.9 accept", "ip saddr @s accept", "ip saddr 10.0.0.0/8 tcp dport 22 accept",
	"tcp dport { 22, 80 } accept", "tcp dport 1000-2000 accept", "tcp dport != 1000-2000 accept", "tcp dport > 1000 accept", "tcp dport 22 tcp dport 23 accept", "tcp dport != 22 accept",
	"th dport 53 accept", "th sport 53 accept", "udp sport 67 udp dport 68 accept", "udp sport 67 udp dport != 68 accept", "tcp sport 67 tcp dport 68 tcp dport 69 accept", "meta l4proto udp th dport 53 accept", "meta l4proto { tcp, udp } th dport 53 accept",
	"ip protocol tcp accept", "ip protocol != tcp accept", "ip protocol tcp tcp dport 22 accept", "ip protocol udp th dport 53 accept", "ip protocol tcp meta l4proto udp accept",
	"udp length 5 drop", "tcp window 5 drop", "tcp flags syn accept", "tcp flags != syn accept", "tcp flags syn,ack accept", "tcp flags & (fin|syn) == 0 accept", "tcp flags syn / fin,syn,rst,ack accept",
	"icmp type echo-request accept", "icmp type != echo-request accept", "icmp code 4 accept", "icmp type 3 icmp code 4 accept", "icmp type > 8 accept",
	"iifname \"eth*\" accept", "iifname != \"eth*\" accept", "iifname \"eth0\" iifname \"eth1\" accept", "iif lo accept", "oifname \"x\" accept", "meta iiftype loopback accept",
	"meta mark 5 accept", "meta mark & 0xff == 5 accept", "meta mark & 0xff != 5 accept", "meta mark > 5 accept", "meta mark 5 meta mark & 0xf0 == 0 accept", "meta mark set 5", "meta mark set meta mark | 1",
	"meta pkttype broadcast accept", "meta pkttype != { broadcast, multicast } accept", "meta skuid 0 accept", "meta length 5 accept", "meta nfproto ipv4 accept", "meta protocol ip accept",
	"meta protocol != ip accept", "meta nfproto ipv6 accept", "ip saddr != 1.2.3.4 counter accept", "ip saddr 1.2.3.4 ip saddr 1.2.3.5 accept", "ip saddr & 255.0.0.255 == 10.0.0.1 accept",
	"ip saddr & 255.0.0.0 != 10.0.0.0 accept", "ip saddr >= 10.0.0.1 accept", "ip saddr vmap { 1.2.3.4 : accept }", "ip frag-off & 0x1fff != 0 drop", "ip frag-off & 0x2000 != 0 drop", "ip frag-off 5 drop",
	"limit rate 5/second accept", "limit rate over 5/second drop", "limit rate 5 kbytes/second accept", "log prefix \"a\"", "log prefix \"a\" drop", "reject", "drop", "counter", "return",
	"ip version 4 accept", "ip hdrlength 5 accept", "quota over 5 mbytes drop", "ct state new drop", "ct mark 5 accept", "notrack", "fib daddr type local drop",
	"ether saddr 00:11:22:33:44:55 accept", "@th,16,16 22 accept", "@nh,96,8 10 accept", "@th,0,8 8 accept", "sctp dport 22 accept", "dccp dport 22 accept", "esp spi 5 accept", "ah spi 5 accept",
	"ip6 saddr 2001:db8::1 accept", "ip6 saddr 2001:db8::/32 ip6 daddr fe80::/10 tcp dport 22 accept", "ip6 saddr != 2001:db8::/33 accept", "ip6 saddr 2001:db8::1-2001:db8::9 accept",
	"ip6 nexthdr tcp accept", "ip6 nexthdr icmpv6 accept", "ip6 hoplimit 5 accept", "ip6 dscp 5 accept", "ip6 length 5 accept", "ip6 daddr 2001:db8::1 udp dport 53 accept", "ip6 saddr 2001:db8::1 exthdr rt exists drop",
}

// TestIPTablesAlone: iptables is believed without nft only where nft says the
// same.
func TestIPTablesAlone(t *testing.T) {
	requireTools(t)
	for _, rule := range nativeRules {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			family := "ip"
			if strings.HasPrefix(rule, "ip6 ") {
				family = "ip6"
			}
			load := "iptables-nft -P INPUT ACCEPT && ip6tables-nft -P INPUT ACCEPT && nft add set ip filter s '{ type ipv4_addr; }' && " +
				"{ nft add rule " + family + " filter INPUT '" + rule + "' 2>/dev/null || true; }"
			got, both := inNamespace(t, load), inNamespace(t, "export "+inside+"=nft && "+load)
			if got.Err != "" || both.Err != "" {
				t.Fatalf("%s, %s", got.Err, both.Err)
			}
			if diff := cmp.Diff(byChain(withoutTexts(both.Model)), byChain(withoutTexts(got.Model))); diff != "" {
				t.Errorf("(-nft +iptables):\n%s", diff)
			}
		})
	}
}
