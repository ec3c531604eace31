package matrix

import (
	"cmp"
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
	port         uint16 // that it is for; 0 for any
	in           string // interface that it is for; "" for any
	stops        string // in words
}

// at is the rule in a chain.
func (r insertion) at(rules snapshot.PacketFilter, table, chain string, when ...condition) insertion {
	r.table, r.chain, r.when = table, chain, when
	for _, c := range when {
		r.port, r.in = max(r.port, c.port), cmp.Or(r.in, c.in)
	}
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

// concerns is the packets that a rule may stop.
func (r insertion) concerns() traffic { return traffic{r.port, r.space, r.in} }

func concernsOf(rules []insertion) []traffic {
	out := make([]traffic, len(rules))
	for i, r := range rules {
		out[i] = r.concerns()
	}
	return out
}

func changesOf(rules []insertion) []change {
	out := make([]change, len(rules))
	for i, r := range rules {
		out[i] = r.change()
	}
	return out
}

func (r insertion) change() change { return change{space: r.space, do: r.apply} }

// apply puts the rule into its namespace.
func (r insertion) apply(stack *snapshot.NetStack) {
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
