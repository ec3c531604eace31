package filter_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"go4.org/netipx"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// FuzzPath: whatever the model holds, each sender gets one answer.
func FuzzPath(f *testing.F) {
	for seed := range uint64(8) {
		c := chance{rand.New(rand.NewPCG(seed, 3))}
		pf := rules(f, c.ruleSet(0.1))
		c.forget(&pf)
		data, err := json.Marshal(pf)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{
		"*filter\n-A INPUT -j ONE\n-A ONE -j ONE\n-A ONE -j GONE",
		"*fw bridge nft\n:in drop prerouting filter -200\n-A in -i veth0 -j ACCEPT\n*dev netdev nft\n:in drop ingress filter 0 veth0",
		"*fw inet nft\n:in drop input filter 0\nset a *, 1, x\n-A in --key saddr.dport.nothing=*,a~b -j ACCEPT\n-A in --vmap mark=none",
	} {
		data, _ := json.Marshal(rules(f, text))
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var pf snapshot.PacketFilter
		if json.Unmarshal(data, &pf) != nil {
			return
		}
		fw := filter.Compile(pf)
		for _, ask := range asks {
			q := from(t, ask.in, ask.sources, ask.to)
			covers(t, q, fw.Path(q, host{}))
			q.Bridge, q.BridgeFiltered = &filter.Bridge{Bridged: true, Out: "veth0"}, true
			covers(t, q, fw.Path(q, host{}))
			q.Bridge, q.Protocol = &filter.Bridge{Port: "veth0"}, "udp"
			covers(t, q, fw.Path(q, host{}))
		}
	})
}

// covers: each sender is, with each port, in one result.
func covers(tb testing.TB, q filter.Query, results []filter.Result) {
	tb.Helper()
	var all netipx.IPSetBuilder
	for i, r := range results {
		all.AddSet(r.Sources)
		for _, s := range results[:i] {
			if r.Sources.Overlaps(s.Sources) && (r.Ports == nil || s.Ports == nil || overlap(r.Ports, s.Ports)) {
				tb.Errorf("some of %v are in two results", r.Sources.Ranges())
			}
		}
	}
	if have, _ := all.IPSet(); !have.Equal(q.Sources) {
		tb.Errorf("%v are in results, of %v", have.Ranges(), q.Sources.Ranges())
	}
	for src := range q.Sources.Ranges() {
		of(tb, results, netip.AddrPortFrom(q.Sources.Ranges()[src].From(), 1))
	}
}

func overlap(a, b []filter.PortRange) bool {
	for _, p := range a {
		for _, q := range b {
			if p.From <= q.To && q.From <= p.To {
				return true
			}
		}
	}
	return false
}

// TestTooMuch: rule sets that would take for ever come to an end, unknown.
func TestTooMuch(t *testing.T) {
	doubling := "*filter ip iptables-legacy\n:INPUT DROP\n-A INPUT -j C0\n"
	for i := range 40 {
		doubling += fmt.Sprintf("-A C%d -p tcp -j C%d\n-A C%d -p tcp -j C%d\n", i, i+1, i, i+1)
	}
	doubling += "-A C40 -p udp -j DROP\n"
	marks := "*filter\n"
	for i := range 32 {
		marks += fmt.Sprintf("-A INPUT -m limit -j MARK --set %#x/%#x\n", 1<<i, 1<<i)
	}
	marks += "-A INPUT --mark 0xffffffff -j DROP\n"
	deep := "*filter\n-A INPUT -j C0\n"
	for i := range 20 {
		deep += fmt.Sprintf("-A C%d -j C%d\n", i, i+1)
	}
	deep += "-A C20 -j DROP\n"
	for name, text := range map[string]string{"chains called twice": doubling, "doubtful marks": marks, "jumps too deep": deep} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			q := from(t, "eth0", "0.0.0.0/0", "10.99.0.1:2375")
			results := filter.Compile(rules(t, text)).Path(q, host{})
			covers(t, q, results)
			for _, r := range results {
				if r.Verdict != filter.Unknown {
					t.Errorf("%s, by %s", r.Verdict, r.By)
				}
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			t.Log(time.Since(start), results[0].By, results[0].Why)
		})
	}
}

// TestManySenders: each of many rules is named for the senders that it lets in.
func TestManySenders(t *testing.T) {
	text := "*filter\n:INPUT DROP\n"
	for i := range 1000 {
		text += fmt.Sprintf("-A INPUT -s 10.%d.%d.7 -j ACCEPT\n", i/250, i%250)
	}
	q := from(t, "eth0", "10.0.0.0/8", "10.99.0.1:2375")
	results := filter.Compile(rules(t, text)).Path(q, host{})
	covers(t, q, results)
	for i := range 1000 {
		src := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i / 250), byte(i % 250), 7}), 1)
		if r := of(t, results, src); r.Verdict != filter.Open || r.By.Index != i {
			t.Fatalf("%s: %s by %s", src, r.Verdict, r.By)
		}
	}
}
