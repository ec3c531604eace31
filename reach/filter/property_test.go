package filter_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go4.org/netipx"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// chance makes rule sets.
type chance struct{ *rand.Rand }

func (c chance) of(words ...string) string { return words[c.IntN(len(words))] }

// conditions of a rule, in the words of [rules].
func (c chance) conditions(doubt float64) string {
	var out []string
	for range c.IntN(3) {
		if c.Float64() < 0.25 {
			out = append(out, "!")
		}
		out = append(out, c.of("-i eth+", "-i docker0", "-i lo",
			"-o docker0", "-o br+", "-s 10.99.0.2", "-s 10.99.0.0/30", "-s 10.99.0.3-10.99.0.9", "-s 172.17.0.0/16", "-s @who", "-d 10.99.0.0/24",
			"-d 172.17.0.2", "-d 10.99.0.4/30", "-d 172.17.0.0/24", "-p tcp", "-p udp", "--dport 80", "--dport 81-8080,22", "--dport @ports", "--sport 80",
			"--ctstate NEW", "--ctstate ESTABLISHED", "--ctstate INVALID,UNTRACKED", "--ctstatus dnat", "--ctdir reply",
			"--ctorigdst 10.99.0.1", "--ctorigdstport 80", "--mark 0x1", "--mark 0x2/0x3", "--connmark 0x1/0x1",
			"--src-type LOCAL", "--dst-type LOCAL", "--key saddr.dport=10.99.0.2~80,10.99.0.4/31~8080,10.99.0.5~2375",
			"--key iif.saddr=eth0~10.99.0.2,docker0~172.17.0.2"))
	}
	if c.Float64() < doubt {
		out = append(out, "-m limit")
	}
	return strings.Join(out, " ")
}

func (c chance) action(kind string) string {
	common := c.of("-j ACCEPT", "-j DROP", "-j RETURN", "-j REJECT", "-j one", "-j two", "-g two", "-j three", "-j MARK --set 0x1", "-j MARK --set 0x2/0x2", "-j CONNMARK --save", "-j CONNMARK --restore", "-j CONNMARK --set 0x1", "-j MARK --set 0x3 -j ACCEPT", "", "--vmap saddr=verdicts", "--vmap iif=ways")
	switch {
	case c.IntN(2) == 0:
	case kind == "raw":
		return "-j NOTRACK"
	case kind == "dst":
		return c.of("-j DNAT --to 172.17.0.2:80", "-j DNAT --to 172.18.0.2:8080", "-j REDIRECT --to-ports 2375", "-j DNAT --to 10.99.0.1:80")
	case kind == "src":
		return c.of("-j MASQUERADE", "-j SNAT --to 10.99.0.1")
	}
	return common
}

func (c chance) chain(out *strings.Builder, name, kind string, doubt float64) {
	for range c.IntN(4) {
		fmt.Fprintf(out, "-A %s %s %s\n", name, c.conditions(doubt), c.action(kind))
	}
}

// ruleSet is some tables of iptables and nft.
func (c chance) ruleSet(doubt float64) string {
	var out strings.Builder
	table := func(line string) {
		fmt.Fprintln(&out, line)
		fmt.Fprintln(&out, "set who 10.99.0.2, 10.99.0.8/30")
		fmt.Fprintln(&out, "set ports 80, 2000-3000")
		fmt.Fprintln(&out, "map verdicts 10.99.0.2 : accept, 10.99.0.4-10.99.0.6 : jump three, 172.17.0.0/24 : drop")
		fmt.Fprintln(&out, "map ways eth0 : jump three, docker0 : accept, lo : return")
		fmt.Fprintln(&out, ":three -")
		for range c.IntN(3) {
			fmt.Fprintf(&out, "-A three %s %s\n", c.conditions(doubt), c.of("-j ACCEPT", "-j DROP", "-j RETURN", "-j MARK --set 0x1"))
		}
		fmt.Fprintln(&out, ":two -")
		fmt.Fprintf(&out, "-A two %s -j three\n", c.conditions(doubt))
		fmt.Fprintf(&out, "-A two %s -j DROP\n", c.conditions(doubt))
		fmt.Fprintln(&out, ":one -")
		fmt.Fprintf(&out, "-A one %s -j two\n", c.conditions(doubt))
		fmt.Fprintf(&out, "-A one %s -j ACCEPT\n", c.conditions(doubt))
	}
	policy := func() string { return c.of("ACCEPT", "ACCEPT", "DROP") }
	if c.IntN(2) == 0 {
		table("*raw")
		c.chain(&out, "PREROUTING", "raw", doubt)
		c.chain(&out, "OUTPUT", "raw", doubt)
	}
	if c.IntN(2) == 0 {
		table("*mangle")
		for name := range sorted(hooks) {
			c.chain(&out, name, "", doubt)
		}
	}
	if c.IntN(2) == 0 {
		table("*nat")
		for name, kind := range sorted(map[string]string{"PREROUTING": "dst", "OUTPUT": "dst", "POSTROUTING": "src", "INPUT": ""}) {
			c.chain(&out, name, kind, doubt)
		}
	}
	table("*filter")
	for name := range sorted(map[string]string{"INPUT": "input", "FORWARD": "forward", "OUTPUT": "output"}) {
		fmt.Fprintf(&out, ":%s %s\n", name, policy())
		if c.IntN(2) == 0 {
			fmt.Fprintf(&out, "-A %s --ctstate ESTABLISHED -j ACCEPT\n", name)
		}
		c.chain(&out, name, "", doubt)
	}
	if c.IntN(2) == 0 {
		table("*fw inet nft")
		fmt.Fprintf(&out, ":pre accept prerouting nat %s\n", c.of("-110", "-90"))
		c.chain(&out, "pre", "dst", doubt)
		for _, hook := range []string{"prerouting", "input", "forward", "output", "postrouting"} {
			fmt.Fprintf(&out, ":%s %s %s filter %s\n", hook, policy(), hook, c.of("-5", "-310", "5", "-105", "105"))
			c.chain(&out, hook, "", doubt)
		}
	}
	return out.String()
}

func sorted(m map[string]string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		var keys []string
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// asks are the connections that rule sets are tried with.
var asks = []struct{ in, sources, to string }{
	{"eth0", "10.99.0.2-10.99.0.11", "10.99.0.1:80"},
	{"eth0", "10.99.0.2-10.99.0.11", "10.99.0.1:2375"},
	{"eth0", "10.99.0.2-10.99.0.11", "172.17.0.2:8080"},
	{"docker0", "172.17.0.2-172.17.0.4", "172.18.0.2:80"},
	{"docker0", "172.17.0.2-172.17.0.4", "10.99.0.1:80"},
	{"docker0", "172.17.0.2-172.17.0.4", "10.99.0.4:22"},
	{"", "10.99.0.1", "172.17.0.2:80"},
	{"", "10.99.0.1", "10.99.0.1:2375"},
	{"", "127.0.0.1", "127.0.0.1:80"},
}

// of is the result for one sender and its port.
func of(tb testing.TB, results []filter.Result, src netip.AddrPort) filter.Result {
	tb.Helper()
	var found []filter.Result
	for _, r := range results {
		from := r.Ports == nil || slices.ContainsFunc(r.Ports, func(p filter.PortRange) bool { return p.From <= src.Port() && src.Port() <= p.To })
		if from && r.Sources.Contains(src.Addr()) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		tb.Fatalf("%s is in %d results", src, len(found))
	}
	return found[0]
}

func ends(r filter.Result) string {
	if r.Verdict != filter.Open {
		return string(r.Verdict)
	}
	return fmt.Sprintf("open %s %t %s", r.To, r.Local, r.Out)
}

// TestAgreesWithReference: for each sender of a set the answer is what one gets
// by trying all that can happen to a packet of that sender alone.
func TestAgreesWithReference(t *testing.T) {
	compared := map[string]int{}
	for seed := range uint64(1000) {
		agrees(t, seed, compared)
		if t.Failed() {
			return
		}
	}
	for _, verdict := range []string{"open", "blocked", "unknown"} {
		if compared[verdict] < 1000 {
			t.Errorf("only %d were %s", compared[verdict], verdict)
		}
	}
	t.Log(compared)
}

func agrees(tb testing.TB, seed uint64, compared map[string]int) {
	tb.Helper()
	c := chance{rand.New(rand.NewPCG(seed, 1))}
	doubt := float64(seed%3) * 0.06
	text := c.ruleSet(doubt)
	pf := rules(tb, text)
	f := filter.Compile(pf)
	r := host{marked: map[uint32]string{3: "br-x"}}
	for _, ask := range asks {
		results := f.Path(from(tb, ask.in, ask.sources, ask.to), r)
		for src := range senders(sources(tb, ask.sources)) {
			possible := outcomes(pf, r, ask.in, src, netip.MustParseAddrPort(ask.to))
			if len(possible) == 0 {
				continue
			}
			got, want := of(tb, results, src), possible[0]
			if len(possible) > 1 {
				want = "unknown"
			}
			if ends(got) != want {
				tb.Errorf("seed %d: %s by %q to %s: %s, by %s; want %q\n%s", seed, src, ask.in, ask.to, ends(got), got.By, possible, text)
				for _, s := range got.Trail {
					tb.Logf("   %s", s)
				}
				return
			}
			verdict, _, _ := strings.Cut(want, " ")
			compared[verdict]++
		}
	}
}

// senders are those of a set, each from some ports.
func senders(set *netipx.IPSet) iter.Seq[netip.AddrPort] {
	return func(yield func(netip.AddrPort) bool) {
		for _, s := range set.Ranges() {
			for ip := s.From(); s.Contains(ip); ip = ip.Next() {
				for _, port := range []uint16{80, 2500, 40000} {
					if !yield(netip.AddrPortFrom(ip, port)) {
						return
					}
				}
			}
		}
	}
}

// TestDoubtNeverTurnsAnAnswer: what is no longer understood makes answers
// unknown, and never the opposite.
func TestDoubtNeverTurnsAnAnswer(t *testing.T) {
	stayed, unknown := 0, 0
	for seed := range uint64(600) {
		c := chance{rand.New(rand.NewPCG(seed, 2))}
		text := c.ruleSet(0)
		pf, less := rules(t, text), rules(t, text)
		for range 1 + c.IntN(3) {
			c.forget(&less)
		}
		f, g := filter.Compile(pf), filter.Compile(less)
		for _, ask := range asks {
			q := from(t, ask.in, ask.sources, ask.to)
			known, doubted := f.Path(q, host{}), g.Path(q, host{})
			for src := range senders(q.Sources) {
				was, is := of(t, known, src), of(t, doubted, src)
				switch {
				case is.Verdict == filter.Unknown:
					unknown++
				case ends(was) == ends(is):
					stayed++
				case was.Verdict != filter.Unknown:
					t.Fatalf("seed %d: %s by %q to %s: %s, and in doubt %s\n%s", seed, src, ask.in, ask.to, ends(was), ends(is), text)
				}
			}
		}
	}
	t.Logf("%d stayed, %d are unknown", stayed, unknown)
}

// TestSameAnswers: the same question has the same answer, word for word.
func TestSameAnswers(t *testing.T) {
	for seed := range uint64(100) {
		pf := rules(t, chance{rand.New(rand.NewPCG(seed, 4))}.ruleSet(0.1))
		for _, ask := range asks {
			q := from(t, ask.in, ask.sources, ask.to)
			one, other := filter.Compile(pf).Path(q, host{}), filter.Compile(pf).Path(q, host{})
			if !reflect.DeepEqual(one, other) {
				t.Fatalf("seed %d: %v\nand %v", seed, one, other)
			}
		}
	}
}

// TestIndexed: with an index of the rules the answers are the same, word for word.
func TestIndexed(t *testing.T) {
	for seed := range uint64(400) {
		c := chance{rand.New(rand.NewPCG(seed, 5))}
		pf := rules(t, c.ruleSet(float64(seed%3)*0.06))
		all, some := filter.CompileFrom(1000, pf), filter.CompileFrom(1, pf)
		for _, ask := range asks {
			q := from(t, ask.in, ask.sources, ask.to)
			if want, got := all.Path(q, host{}), some.Path(q, host{}); !reflect.DeepEqual(want, got) {
				t.Fatalf("seed %d: %s by %q to %s: %v\nwith an index %v", seed, ask.sources, ask.in, ask.to, want, got)
			}
		}
	}
}

// TestChanged: filters that were changed give the answers that they give when all
// is prepared anew.
func TestChanged(t *testing.T) {
	for seed := range uint64(400) {
		c := chance{rand.New(rand.NewPCG(seed, 6))}
		pf, other := rules(t, c.ruleSet(0.06)), rules(t, c.ruleSet(0.06))
		was := filter.Compile(pf)
		c.change(&pf, &other)
		for _, ask := range asks {
			q := from(t, ask.in, ask.sources, ask.to)
			if want, got := filter.Compile(pf).Path(q, host{}), was.Changed(pf).Path(q, host{}); !reflect.DeepEqual(want, got) {
				t.Fatalf("seed %d: %s by %q to %s: %v\nchanged %v", seed, ask.sources, ask.in, ask.to, want, got)
			}
		}
	}
}

// change puts a rule of another rule set before, between or after those of a chain,
// or in the place of one, and may take the first table away.
func (c chance) change(pf, other *snapshot.PacketFilter) {
	if c.IntN(4) == 0 && len(pf.Tables) > 1 {
		pf.Tables = slices.Clone(pf.Tables[1:])
	}
	pf.Tables = slices.Clone(pf.Tables)
	table := &pf.Tables[c.IntN(len(pf.Tables))]
	table.Chains = slices.Clone(table.Chains)
	chain := &table.Chains[c.IntN(len(table.Chains))]
	from := other.Tables[len(other.Tables)-1].Chains
	for _, donor := range from {
		for _, rule := range donor.Rules {
			at := c.IntN(len(chain.Rules) + 1)
			if at < len(chain.Rules) && c.IntN(2) == 0 {
				chain.Rules = slices.Clone(chain.Rules)
				chain.Rules[at] = rule
			} else {
				chain.Rules = slices.Insert(slices.Clone(chain.Rules), at, rule)
			}
			if c.IntN(2) == 0 {
				return
			}
		}
	}
}

// forget makes a part of a rule set one that is not understood.
func (c chance) forget(pf *snapshot.PacketFilter) {
	t := &pf.Tables[c.IntN(len(pf.Tables))]
	chain := &t.Chains[c.IntN(len(t.Chains))]
	if len(chain.Rules) == 0 {
		return
	}
	r := &chain.Rules[c.IntN(len(chain.Rules))]
	switch {
	case len(r.Statements) == 0:
	case c.IntN(10) == 0:
		t.Sets[c.IntN(len(t.Sets))].Opaque = "not read"
	default:
		s := &r.Statements[c.IntN(len(r.Statements))]
		switch {
		case s.Match == nil:
			*s = snapshot.FilterStatement{Opaque: "something"}
		case c.IntN(2) == 0:
			*s = snapshot.FilterStatement{Opaque: "a condition", OpaqueMatch: true}
		default:
			s.Match.Values = append(slices.Clone(s.Match.Values[1:]), "not understood . at all . and longer")
		}
	}
}
