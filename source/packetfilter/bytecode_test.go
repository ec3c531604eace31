package packetfilter

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// kernelRules are rules of nft that are read without it. Where iptables has no part in a
// table, those of [nativeRules] are tried, too.
var kernelRules = []string{
	"ip daddr 172.16.0.1 iifname != \"br-1\" oifname \"br-1\" tcp dport 80 accept", "ip saddr 10.0.0.0/8 drop", "ip saddr 10.1.0.0/17 tcp sport 1 drop", "ip6 saddr 2001:db8::/33 drop",
	"ip6 daddr 2001:db8::1 udp dport 53 counter accept", "iifname \"eth*\" return", "meta nfproto ipv4 accept", "meta nfproto ipv6 iifname \"a\" drop", "meta l4proto tcp accept", "meta l4proto icmp accept",
	"ct state established,related accept", "ct state invalid drop", "ct state != new drop", "tcp dport 22 tcp sport 1 accept", "udp dport 53 accept", "jump other", "goto other", "ip saddr 1.2.3.4 ip daddr 1.2.3.5 accept",
	"meta nfproto ipv4 ip saddr 1.2.3.4 accept", "meta nfproto ipv4 iifname \"a\" ip saddr 1.2.3.4 accept", "meta l4proto tcp iifname \"a\" tcp dport 1 accept", "meta nfproto ipv6 ip saddr 1.2.3.4 drop",
	"accept comment \"x\"", "masquerade", "ip saddr != 10.0.0.0/8 drop", "tcp dport != 1 drop", "iifname \"a\" iifname \"b\" drop",
}

// TestKernelAlone: what is read without nft is what nft tells, words included; and most
// of the rules above are read without it.
func TestKernelAlone(t *testing.T) {
	requireTools(t)
	var read atomic.Int32
	t.Run("rules", func(t *testing.T) {
		for _, family := range []string{"inet", "ip", "ip6"} {
			for _, rule := range kernelRules {
				t.Run(family+" "+rule, func(t *testing.T) {
					t.Parallel()
					if !readByNFT(t, family, rule) {
						read.Add(1)
					}
				})
			}
		}
		for _, rule := range nativeRules {
			t.Run(rule, func(t *testing.T) {
				t.Parallel()
				readByNFT(t, "inet", rule)
			})
		}
	})
	if n := read.Load(); n < 50 {
		t.Errorf("%d rules were read without nft", n)
	}
}

// readByNFT reads a rule with and without nft, and reports whether it was asked where it
// need not.
func readByNFT(t *testing.T, family, rule string) bool {
	t.Helper()
	load := "nft 'add table " + family + " t; add chain " + family + " t other; add chain " + family + " t c { type filter hook forward priority 5; policy drop; }' && " +
		"{ nft 'add rule " + family + " t c " + rule + "' 2>/dev/null || true; }"
	got, nft := inNamespace(t, load), inNamespace(t, "export "+inside+"=nft && "+load)
	if got.Err != "" || nft.Err != "" {
		t.Fatalf("%s, %s", got.Err, nft.Err)
	}
	if diff := cmp.Diff(nft.Model, got.Model); diff != "" {
		t.Errorf("(-nft +kernel):\n%s", diff)
	}
	_, asked := got.Files["nft.json"]
	return asked
}

// TestStatementsCut: expressions that are not whole, or not known, are not read.
func TestStatementsCut(t *testing.T) {
	for _, data := range []string{"\x01", "\x08\x00\x01\x00abcd", "\xff\xff\x01\x00", strings.Repeat("\x04\x00\x01\x00", 3)} {
		if out, ok := statements("inet", []byte(data)); ok {
			t.Errorf("%q: %v", data, out)
		}
	}
}

// FuzzStatements: whatever the kernel's answer holds, it is read or not.
func FuzzStatements(f *testing.F) {
	attribute := func(kind byte, value string) string {
		n := len(value) + 4
		return string([]byte{byte(n), 0, kind, 0}) + value + strings.Repeat("\x00", (4-n%4)%4)
	}
	meta := attribute(1, "meta\x00") + attribute(2, attribute(unix.NFTA_META_DREG, "\x00\x00\x00\x01")+attribute(unix.NFTA_META_KEY, "\x00\x00\x00\x06"))
	cmpName := attribute(1, "cmp\x00") + attribute(2, attribute(unix.NFTA_CMP_SREG, "\x00\x00\x00\x01")+attribute(unix.NFTA_CMP_OP, "\x00\x00\x00\x00")+attribute(unix.NFTA_CMP_DATA, attribute(1, "eth0\x00")))
	f.Add("inet", []byte(attribute(1, meta)+attribute(1, cmpName)))
	f.Fuzz(func(t *testing.T, family string, data []byte) {
		out, ok := statements(family, data)
		if !ok {
			return
		}
		if text, inWords := words(family, &nftObject{Family: family, Expr: out}); inWords && text == "" && len(out) > 0 {
			t.Errorf("%v has no words", out)
		}
	})
}
