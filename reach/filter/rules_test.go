package filter_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go4.org/netipx"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// rules reads rule sets as tests write them, much like iptables-save:
//
//	*filter                    table of iptables; after it may follow family and tool
//	:INPUT DROP                policy
//	:in drop input filter 0    chain of nft: policy, hook, type, priority
//	set NAME a, b              a set; "opaque" for one without its content
//	map NAME a : drop, b : jump c
//	-A INPUT -s 10.0.0.0/8 -p tcp --dport 80,100-200 -j ACCEPT
//
// Beside the options of iptables there is --key FIELD.FIELD=a~b for a
// concatenation, --vmap FIELD=MAP, and -m NAME for a match that is not
// understood.
func rules(tb testing.TB, text string) snapshot.PacketFilter {
	tb.Helper()
	var out snapshot.PacketFilter
	var table *snapshot.FilterTable
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		words := strings.Fields(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '*':
			out.Tables = append(out.Tables, snapshot.FilterTable{Name: words[0][1:], Family: "ip", Tool: "iptables"})
			table = &out.Tables[len(out.Tables)-1]
			if len(words) > 1 {
				table.Family = words[1]
			}
			if len(words) > 2 {
				table.Tool = words[2]
			}
			table.Dormant = len(words) > 3
		case line[0] == ':':
			c := chainOf(table, words[0][1:])
			c.Policy = strings.ToLower(words[1])
			if len(words) > 4 {
				c.Hook, c.Type = words[2], words[3]
				c.Priority, _ = strconv.Atoi(words[4])
			}
			if len(words) > 5 {
				c.Device = words[5]
			}
		case words[0] == "set", words[0] == "map":
			set := snapshot.FilterSet{Name: words[1]}
			_, list, _ := strings.Cut(line, words[1]+" ")
			for element := range strings.SplitSeq(list, ", ") {
				key, verdict, _ := strings.Cut(element, " : ")
				if key == "opaque" {
					set.Opaque = "changes"
					continue
				}
				set.Elements = append(set.Elements, strings.ReplaceAll(key, "~", " . "))
				if words[0] == "map" {
					word, to, _ := strings.Cut(verdict, " ")
					set.Verdicts = append(set.Verdicts, snapshot.FilterVerdict{Verdict: word, Chain: to})
				}
			}
			table.Sets = append(table.Sets, set)
		case words[0] == "-A":
			c := chainOf(table, words[1])
			_, text, _ := strings.Cut(line, words[1]+" ")
			c.Rules = append(c.Rules, snapshot.FilterRule{Text: text, Statements: statements(tb, words[2:])})
		default:
			tb.Fatalf("%q?", line)
		}
	}
	return out
}

var hooks = map[string]string{"PREROUTING": "prerouting", "INPUT": "input", "FORWARD": "forward", "OUTPUT": "output", "POSTROUTING": "postrouting"}

func chainOf(t *snapshot.FilterTable, name string) *snapshot.FilterChain {
	for i := range t.Chains {
		if t.Chains[i].Name == name {
			return &t.Chains[i]
		}
	}
	c := snapshot.FilterChain{Name: name}
	if hook, ok := hooks[name]; ok && t.Tool != "nft" {
		c.Hook, c.Type, c.Policy = hook, "filter", "accept"
		switch c.Priority = map[string]int{"raw": -300, "mangle": -150, "security": 50}[t.Name]; {
		case t.Name == "nat" && (hook == "prerouting" || hook == "output"):
			c.Type, c.Priority = "nat", -100
		case t.Name == "nat":
			c.Type, c.Priority = "nat", 100
		case t.Name == "mangle" && hook == "output":
			c.Type = "route"
		}
	}
	t.Chains = append(t.Chains, c)
	return &t.Chains[len(t.Chains)-1]
}

var options = map[string]snapshot.FilterField{
	"-i": snapshot.FieldIn, "-o": snapshot.FieldOut, "-s": snapshot.FieldSource, "-d": snapshot.FieldDestination,
	"-p": snapshot.FieldProtocol, "--dport": snapshot.FieldPort, "--sport": snapshot.FieldSourcePort,
	"--ctstate": snapshot.FieldState, "--ctstatus": snapshot.FieldStatus, "--ctdir": snapshot.FieldDirection,
	"--ctorigdst": snapshot.FieldOrigDest, "--ctorigdstport": snapshot.FieldOrigPort,
	"--src-type": snapshot.FieldSourceType, "--dst-type": snapshot.FieldDestType,
	"--mark": snapshot.FieldMark, "--connmark": snapshot.FieldConnMark, "--tcp-flags": snapshot.FieldTCPFlags,
	"--physdev-in": snapshot.FieldBridgePort, "--physdev-out": snapshot.FieldBridgeOut, "--physdev-is-bridged": snapshot.FieldBridged,
	"--pkt-type": snapshot.FieldPacketType, "--rpfilter": snapshot.FieldReversePath, "--family": snapshot.FieldFamily,
}

func statements(tb testing.TB, words []string) []snapshot.FilterStatement {
	tb.Helper()
	var out []snapshot.FilterStatement
	not := false
	next := func() string {
		if len(words) < 2 {
			tb.Fatalf("%q needs a value", words)
		}
		words = words[1:]
		return words[0]
	}
	for ; len(words) > 0; words = words[1:] {
		m := &snapshot.FilterMatch{Not: not}
		switch w := words[0]; w {
		case "!":
			not = true
			continue
		case "-m":
			out = append(out, snapshot.FilterStatement{Opaque: "-m " + next(), OpaqueMatch: true})
			continue
		case "--key":
			fields, values, _ := strings.Cut(next(), "=")
			for f := range strings.SplitSeq(fields, ".") {
				m.Fields = append(m.Fields, snapshot.FilterField(f))
			}
			m.Values = strings.Split(strings.ReplaceAll(values, "~", " . "), ",")
		case "--vmap":
			fields, name, _ := strings.Cut(next(), "=")
			l := &snapshot.FilterLookup{Map: name}
			for f := range strings.SplitSeq(fields, ".") {
				l.Fields = append(l.Fields, snapshot.FilterField(f))
			}
			out = append(out, snapshot.FilterStatement{Lookup: l})
			continue
		case "--syn":
			m.Fields, m.Values = []snapshot.FilterField{snapshot.FieldTCPFlags}, []string{"fin,syn,rst,ack==syn"}
		case "-j", "-g":
			s, skip := target(w, words[1:])
			out = append(out, s)
			words = words[skip:]
			continue
		default:
			f, ok := options[w]
			if !ok {
				tb.Fatalf("%q?", w)
			}
			m.Fields = []snapshot.FilterField{f}
			m.Values = strings.Split(strings.ReplaceAll(next(), "+", "*"), ",")
			if f == snapshot.FieldState || f == snapshot.FieldSourceType || f == snapshot.FieldDestType {
				for i := range m.Values {
					m.Values[i] = strings.ToLower(m.Values[i])
				}
			}
		}
		out = append(out, snapshot.FilterStatement{Match: m})
		not = false
	}
	return out
}

func target(option string, words []string) (s snapshot.FilterStatement, used int) {
	arg := ""
	if len(words) > 2 && strings.HasPrefix(words[1], "--") {
		arg = words[2]
	}
	nat := func(kind string) *snapshot.FilterNAT {
		n := &snapshot.FilterNAT{Kind: kind, Address: arg}
		if ap, err := netip.ParseAddrPort(arg); err == nil {
			n.Address, n.Port = ap.Addr().String(), int(ap.Port())
		} else if port, err := strconv.Atoi(arg); err == nil {
			n.Address, n.Port = "", port
		}
		return n
	}
	number := func() (value, mask uint32) {
		v, m, masked := strings.Cut(arg, "/")
		value64, _ := strconv.ParseUint(v, 0, 32)
		mask64 := uint64(1<<32 - 1)
		if masked {
			mask64, _ = strconv.ParseUint(m, 0, 32)
		}
		return uint32(value64), uint32(mask64)
	}
	switch w := words[0]; w {
	case "ACCEPT", "DROP", "REJECT", "RETURN", "CONTINUE":
		return snapshot.FilterStatement{Verdict: strings.ToLower(w)}, 1
	case "DNAT", "SNAT":
		return snapshot.FilterStatement{NAT: nat(strings.ToLower(w))}, 3
	case "REDIRECT":
		return snapshot.FilterStatement{NAT: nat("redirect")}, 3
	case "MASQUERADE":
		return snapshot.FilterStatement{NAT: nat("masquerade")}, 1
	case "MARK":
		value, mask := number()
		return snapshot.FilterStatement{Mark: &snapshot.FilterMark{Value: value, Mask: mask}}, 3
	case "CONNMARK":
		m := &snapshot.FilterMark{Mask: ^uint32(0)}
		switch words[1] {
		case "--save":
			m.ToConn = true
			return snapshot.FilterStatement{Mark: m}, 2
		case "--restore":
			m.FromConn = true
			return snapshot.FilterStatement{Mark: m}, 2
		}
		m.Value, m.Mask = number()
		m.Conn = true
		return snapshot.FilterStatement{Mark: m}, 3
	case "NOTRACK":
		return snapshot.FilterStatement{NoTrack: true}, 1
	case "NFQUEUE":
		return snapshot.FilterStatement{Opaque: "-j NFQUEUE"}, 1
	case "BAD":
		return snapshot.FilterStatement{Verdict: "explode"}, 1
	default:
		verdict := "jump"
		if option == "-g" {
			verdict = "goto"
		}
		return snapshot.FilterStatement{Verdict: verdict, Chain: w}, 1
	}
}

// host is a router for tests: a machine with eth0 on the LAN, and bridges.
//
//	eth0     10.99.0.1/24, fd99::1/64, default via .254
//	docker0  172.17.0.1/16, fd17::1/64
//	br-x     172.18.0.1/16
type host struct {
	localnet bool              // route_localnet: 127/8 may come from outside
	lost     netip.Prefix      // no route there
	unknown  netip.Prefix      // nor an answer
	marked   map[uint32]string // way out by mark
}

var links = []struct {
	name    string
	address netip.Prefix
	bridge  bool
}{
	{"lo", netip.MustParsePrefix("127.0.0.1/8"), false},
	{"lo", netip.MustParsePrefix("::1/128"), false},
	{"eth0", netip.MustParsePrefix("10.99.0.1/24"), false},
	{"eth0", netip.MustParsePrefix("fd99::1/64"), false},
	{"docker0", netip.MustParsePrefix("172.17.0.1/16"), true},
	{"docker0", netip.MustParsePrefix("fd17::1/64"), true},
	{"br-x", netip.MustParsePrefix("172.18.0.1/16"), true},
}

func (h host) Type(ip netip.Addr) string {
	for _, l := range links {
		if l.address.Addr() == ip || l.name == "lo" && l.address.Contains(ip) {
			return "local"
		}
	}
	return "unicast"
}

func (h host) Address(iface string, ipv6 bool) netip.Addr {
	for _, l := range links {
		if l.name == iface && l.address.Addr().Is6() == ipv6 {
			return l.address.Addr()
		}
	}
	return netip.Addr{}
}

func (h host) Route(q filter.Question) filter.Answer {
	switch {
	case h.unknown.IsValid() && h.unknown.Contains(q.Destination):
		return filter.Answer{Why: "not asked"}
	case h.lost.IsValid() && h.lost.Contains(q.Destination):
		return filter.Answer{Kind: filter.Refused, Why: "unreachable"}
	case q.In != "" && q.In != "lo" && !h.localnet && (q.Destination.IsLoopback() || q.Source.IsLoopback()):
		return filter.Answer{Kind: filter.Refused, Why: "martian"}
	case h.Type(q.Destination) == "local":
		return filter.Answer{Kind: filter.Local}
	case h.marked[q.Mark.Value] != "":
		return filter.Answer{Kind: filter.Forward, Out: h.marked[q.Mark.Value]}
	}
	for _, l := range links {
		if l.address.Contains(q.Destination) {
			return filter.Answer{Kind: filter.Forward, Out: l.name, Bridge: l.bridge}
		}
	}
	return filter.Answer{Kind: filter.Forward, Out: "eth0", Via: netip.MustParseAddr("10.99.0.254")}
}

// from is a connection over TCP that comes by an interface.
func from(tb testing.TB, in, source, destination string) filter.Query {
	tb.Helper()
	to, err := netip.ParseAddrPort(destination)
	if err != nil {
		tb.Fatal(err)
	}
	return filter.Query{In: in, Sources: sources(tb, source), Destination: to.Addr(), Port: to.Port(), Protocol: "tcp", Mark: filter.NoMark}
}

func sources(tb testing.TB, list string) *netipx.IPSet {
	tb.Helper()
	var b netipx.IPSetBuilder
	for s := range strings.SplitSeq(list, ",") {
		if ip, err := netip.ParseAddr(s); err == nil {
			b.Add(ip)
		} else if p, err := netip.ParsePrefix(s); err == nil {
			b.AddPrefix(p)
		} else {
			b.AddRange(netipx.MustParseIPRange(s))
		}
	}
	set, err := b.IPSet()
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// told is what the results say, one a line, without the sources where there is
// one only.
func told(results []filter.Result) []string {
	var out []string
	for _, r := range results {
		var where []string
		for _, s := range r.Sources.Ranges() {
			if p, ok := s.Prefix(); ok {
				where = append(where, strings.TrimSuffix(p.String(), "/32"))
			} else {
				where = append(where, s.String())
			}
		}
		line := string(r.Verdict) + ": " + place(r.By)
		if r.Ports != nil {
			line = fmt.Sprint(r.Ports, " ", line)
		}
		if len(results) > 1 {
			line = strings.Join(where, ",") + " " + line
		}
		out = append(out, line)
	}
	return out
}

func place(s filter.Step) string {
	at := ""
	if s.Reply {
		at = "reply, "
	}
	switch s.Kind {
	case "rule":
		return fmt.Sprintf("%s%s %s %d", at, s.Table, s.Chain, s.Index)
	case "route":
		return at + s.String()[strings.Index(s.String(), "route"):]
	case "":
		return at + "nothing"
	}
	return fmt.Sprintf("%s%s of %s %s", at, s.Kind, s.Table, s.Chain)
}

func check(t *testing.T, pf snapshot.PacketFilter, q filter.Query, r filter.Router, want ...string) []filter.Result {
	t.Helper()
	got := filter.Compile(pf).Path(q, r)
	if lines := told(got); !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
		for _, r := range got {
			t.Logf("%s %s %s", r.Verdict, r.By, r.Why)
			for _, s := range r.Trail {
				t.Logf("   %s", s)
			}
		}
	}
	return got
}

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }
