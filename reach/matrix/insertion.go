package matrix

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// insertion is a rule that is put before all others of a chain and drops.
type insertion struct {
	space string // namespace
	ipv6  bool
	// table and chain are those of iptables. With nft the rule goes into a chain of
	// our own at the same hook.
	nft          bool
	tool         string // of the table, as in [snapshot.FilterTable]
	table, chain string
	when         []condition
}

// condition is a part of a rule, as each tool writes it and as it is understood.
type condition struct {
	iptables, nft string
	means         []snapshot.FilterStatement
}

func match(field snapshot.FilterField, values ...string) snapshot.FilterStatement {
	return snapshot.FilterStatement{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{field}, Values: values}}
}

func not(s snapshot.FilterStatement) snapshot.FilterStatement {
	s.Match.Not = true
	return s
}

func comesBy(iface string) condition {
	return condition{"-i " + iface, `iifname "` + iface + `"`, []snapshot.FilterStatement{match(snapshot.FieldIn, iface)}}
}

func leavesBy(iface string) condition {
	return condition{"-o " + iface, `oifname "` + iface + `"`, []snapshot.FilterStatement{match(snapshot.FieldOut, iface)}}
}

func toPort(protocol string, port uint16) condition {
	return condition{
		fmt.Sprintf("-p %s --dport %d", protocol, port), fmt.Sprintf("%s dport %d", protocol, port),
		[]snapshot.FilterStatement{match(snapshot.FieldProtocol, protocol), match(snapshot.FieldPort, itoa(int(port)))},
	}
}

// toPublished is of packets to a port as it was before it was translated. Their
// direction matters: replies of connections to the same port elsewhere are not
// meant.
func toPublished(protocol string, port uint16) condition {
	return condition{
		fmt.Sprintf("-p %s -m conntrack --ctorigdstport %d --ctdir ORIGINAL", protocol, port),
		fmt.Sprintf("meta l4proto %s ct direction original ct original proto-dst %d", protocol, port),
		[]snapshot.FilterStatement{
			match(snapshot.FieldProtocol, protocol), match(snapshot.FieldOrigPort, itoa(int(port))), match(snapshot.FieldDirection, "original"),
		},
	}
}

// newDirect is of connections that begin, and whose address is not translated:
// replies and published ports are not meant.
func newDirect() condition {
	return condition{
		"-m conntrack --ctstate NEW -m conntrack ! --ctstate DNAT", "ct state new ct status & dnat == 0",
		[]snapshot.FilterStatement{match(snapshot.FieldState, "new"), not(match(snapshot.FieldStatus, "dnat"))},
	}
}

// toLoopback is of what comes from elsewhere to an address of loopback.
func toLoopback() condition {
	return condition{
		"! -i lo -d 127.0.0.0/8", `iifname != "lo" ip daddr 127.0.0.0/8`,
		[]snapshot.FilterStatement{not(match(snapshot.FieldIn, "lo")), match(snapshot.FieldDestination, "127.0.0.0/8")},
	}
}

// plain are names of interfaces that mean themselves to a shell and to the tools.
var plain = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// candidates are the rules that may close a way, the best first: on each of the
// hosts that it comes to.
func (a *Adviser) candidates(t *Target, way *Way) []insertion {
	var out []insertion
	for _, hop := range way.Hops {
		at := slices.IndexFunc(a.p.w.hosts, func(n uint64) bool { return a.p.w.names[n] == hop.Space })
		if at < 0 || hop.In == "" || hop.Bridged || !plain.MatchString(hop.In) || hop.Out != "" && !plain.MatchString(hop.Out) {
			continue
		}
		rules, _ := a.p.w.stack(a.p.w.hosts[at]).Filter.Peek()
		base := insertion{space: hop.Space, ipv6: way.To.Addr().Is6(), nft: usesNFT(rules)}
		switch {
		case way.Crafted && way.To.Addr().Is4() && way.To.Addr().IsLoopback():
			out = append(out, base.at(rules, "raw", "PREROUTING", toLoopback()))
		case hop.Out == "":
			out = append(out, base.at(rules, "filter", "INPUT", comesBy(hop.In), toPort(t.Protocol, hop.To.Port())))
		default:
			out = append(out, base.forwarded(rules, t, hop.In, hop.Out)...)
		}
	}
	return out
}

// forwarded are the rules for what is led from an interface to another.
func (r insertion) forwarded(rules snapshot.PacketFilter, t *Target, in, out string) []insertion {
	chains := []string{"DOCKER-USER", "FORWARD"}
	if r.nft || findChain(rules, r.family(), "filter", "DOCKER-USER") == nil {
		chains = chains[1:]
	}
	var all []insertion
	for _, chain := range chains {
		if t.Kind == Port || t.Kind == OtherContainer {
			all = append(all, r.at(rules, "filter", chain, comesBy(in), leavesBy(out), newDirect()))
		} else {
			all = append(all, r.at(rules, "filter", chain, comesBy(in), toPublished(t.Protocol, t.Port)))
		}
	}
	return all
}

// at is the rule in a chain.
func (r insertion) at(rules snapshot.PacketFilter, table, chain string, when ...condition) insertion {
	r.table, r.chain, r.when = table, chain, when
	r.tool = "iptables"
	if t := findChain(rules, r.family(), table, chain); t != nil {
		r.tool = t.Tool
	}
	return r
}

func (r insertion) family() string {
	if r.ipv6 {
		return "ip6"
	}
	return "ip"
}

// findChain is the table of iptables that has a chain: that of the nf_tables back
// end, if both have.
func findChain(rules snapshot.PacketFilter, family, table, chain string) *snapshot.FilterTable {
	for _, tool := range []string{"iptables", "iptables-legacy"} {
		for i := range rules.Tables {
			t := &rules.Tables[i]
			if t.Tool == tool && t.Family == family && t.Name == table && chainOf(t, chain) != nil {
				return t
			}
		}
	}
	return nil
}

func chainOf(t *snapshot.FilterTable, name string) *snapshot.FilterChain {
	for i := range t.Chains {
		if t.Chains[i].Name == name {
			return &t.Chains[i]
		}
	}
	return nil
}

// dockerTable is the table of the engine where it writes its rules for nftables.
const dockerTable = "docker-bridges"

// usesNFT says whether a host is administered by nft rather than by iptables.
func usesNFT(rules snapshot.PacketFilter) bool {
	tools := map[string]bool{}
	for _, t := range rules.Tables {
		if t.Tool == "nft" && t.Name == dockerTable {
			return true
		}
		tools[t.Tool] = true
	}
	return tools["nft"] && !tools["iptables"] && !tools["iptables-legacy"]
}

// place is where iptables and nft have a builtin chain.
type place struct {
	hook     string
	priority int
}

// places are the builtin chains that rules are put into, with the priorities of
// include/uapi/linux/netfilter_ipv4.h.
var places = map[string]place{"PREROUTING": {"prerouting", -300}, "INPUT": {"input", 0}, "FORWARD": {"forward", 0}}

// The table of our own for nft, and how much earlier its chains are.
const (
	ownTable = "seawall"
	earlier  = 10
)

// rule is it as the model has it.
func (r insertion) rule() snapshot.FilterRule {
	out := snapshot.FilterRule{Text: r.text()}
	for _, c := range r.when {
		out.Statements = append(out.Statements, c.means...)
	}
	out.Statements = append(out.Statements, snapshot.FilterStatement{Verdict: "drop"})
	return out
}

// text is it as its tool lists it.
func (r insertion) text() string {
	if r.nft {
		return r.joined() + " drop"
	}
	return "-A " + r.chain + " " + r.joined() + " -j DROP"
}

func (r insertion) joined() string {
	var words []string
	for _, c := range r.when {
		if r.nft {
			words = append(words, c.nft)
		} else {
			words = append(words, c.iptables)
		}
	}
	return strings.Join(words, " ")
}

func changesOf(rules []insertion) []change {
	out := make([]change, len(rules))
	for i, r := range rules {
		out[i] = r.apply
	}
	return out
}

// apply puts the rule into a namespace.
func (r insertion) apply(space string, stack *snapshot.NetStack) {
	if space != r.space {
		return
	}
	stack.Filter = snapshot.Map(stack.Filter, func(f snapshot.PacketFilter) snapshot.PacketFilter {
		out := snapshot.PacketFilter{Tables: slices.Clone(f.Tables)}
		table := r.tableIn(&out)
		table.Chains = slices.Clone(table.Chains)
		chain := r.chainIn(table)
		if r.nft {
			chain.Rules = append(slices.Clone(chain.Rules), r.rule())
		} else {
			chain.Rules = append([]snapshot.FilterRule{r.rule()}, chain.Rules...)
		}
		return out
	})
}

// tableIn is its table, which is made if it is not there.
func (r insertion) tableIn(f *snapshot.PacketFilter) *snapshot.FilterTable {
	want := snapshot.FilterTable{Tool: r.tool, Family: r.family(), Name: r.table}
	if r.nft {
		want = snapshot.FilterTable{Tool: "nft", Family: "inet", Name: ownTable}
	}
	for i := range f.Tables {
		if t := &f.Tables[i]; t.Tool == want.Tool && t.Family == want.Family && t.Name == want.Name {
			return t
		}
	}
	f.Tables = append(f.Tables, want)
	return &f.Tables[len(f.Tables)-1]
}

// chainIn is its chain, which is made if it is not there.
func (r insertion) chainIn(t *snapshot.FilterTable) *snapshot.FilterChain {
	name, at := r.chain, places[r.chain]
	if r.nft {
		name = at.hook
		at.priority -= earlier
	}
	if c := chainOf(t, name); c != nil {
		return c
	}
	t.Chains = append(t.Chains, snapshot.FilterChain{Name: name, Hook: at.hook, Type: "filter", Priority: at.priority, Policy: "accept"})
	return &t.Chains[len(t.Chains)-1]
}

// commands are what adds the rules, where needed in the namespace of an engine.
func (a *Adviser) commands(rules []insertion) []string {
	var out []string
	for _, r := range rules {
		for _, c := range r.commands(a.bothBackEnds(r.space)) {
			if c = a.enter(r.space) + c; !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (r insertion) commands(explicit bool) []string {
	if r.nft {
		at := places[r.chain]
		return []string{
			"nft add table inet " + ownTable,
			fmt.Sprintf("nft 'add chain inet %s %s { type filter hook %s priority %d; policy accept; }'", ownTable, at.hook, at.hook, at.priority-earlier),
			fmt.Sprintf("nft 'add rule inet %s %s %s drop'", ownTable, at.hook, r.joined()),
		}
	}
	program := "iptables"
	if r.ipv6 {
		program = "ip6tables"
	}
	switch {
	case !explicit:
	case r.tool == "iptables-legacy":
		program += "-legacy"
	default:
		program += "-nft"
	}
	table := ""
	if r.table != "filter" {
		table = " -t " + r.table
	}
	return []string{program + table + " -I " + r.chain + " " + r.joined() + " -j DROP"}
}

// bothBackEnds says whether rules of both back ends of iptables are in force, so
// that it matters which program is called.
func (a *Adviser) bothBackEnds(space string) bool {
	rules, _ := a.p.w.stack(a.p.w.number(space)).Filter.Peek()
	has := func(tool string) bool {
		return slices.ContainsFunc(rules.Tables, func(t snapshot.FilterTable) bool { return t.Tool == tool })
	}
	return has("iptables") && has("iptables-legacy")
}

// enter is what a command begins with that is for the namespace of an engine.
func (a *Adviser) enter(space string) string {
	w := a.p.w
	number := w.number(space)
	if number == w.machine() {
		return ""
	}
	for i := range w.snap.Engines {
		if e := &w.snap.Engines[i]; e.Local && engineSpace(e) == number {
			p, _ := e.Daemon.Process.Peek()
			return fmt.Sprintf("nsenter -t %d -n ", p.PID)
		}
	}
	return ""
}

// breaks says what rules stop beside the cells that they close.
func breaks(rules []insertion) string {
	var out []string
	for _, r := range rules {
		var words string
		switch r.chain {
		case "PREROUTING":
			words = "nothing that is sent as it should be: no packet from elsewhere has such an address"
		case "INPUT":
			words = "all that comes by " + r.interfaceName() + " to that port of the host, from whatever address"
		default:
			words = "all connections of that kind that come by " + r.interfaceName() + ", to whichever container"
		}
		if !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	return strings.Join(out, "; ")
}

// interfaceName is the one by which packets come that the rule drops.
func (r insertion) interfaceName() string { return r.when[0].means[0].Match.Values[0] }
