package filter

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"seawall/snapshot"
)

// Filter is the packet filters of a network namespace, ready to be asked. It
// may be used by several goroutines at once.
type Filter struct {
	// hooks are the chains that packets of a family meet at a hook, in order. The
	// families are "ip", "ip6", "bridge" and "netdev".
	hooks  map[string]map[string][]*chain
	tables map[tableKey]*table
}

type tableKey struct{ tool, family, name string }

type table struct {
	tableKey
	chains map[string]*chain
	sets   map[string]snapshot.FilterSet
	of     *snapshot.FilterTable
}

type chain struct {
	table    *table
	name     string
	hook     string
	nat      bool
	reroutes bool     // a changed mark is routed anew
	devices  []string // of netdev; none where it is not known which
	priority int
	policy   string
	rules    []rule
	of       []snapshot.FilterRule
	indexes  [2]*index // of rules for requests and for replies; nil where none is of use
}

type rule struct {
	chain      *chain
	index      int
	text       string
	statements []statement
	of         []snapshot.FilterStatement
	// ports are the sets of ports that its conditions on a field tell apart.
	ports map[snapshot.FilterField][]ports
}

// statement is one part of a rule; one of its fields is set.
type statement struct {
	match   *match
	verdict *verdict
	lookup  *lookup
	nat     *nat
	mark    *snapshot.FilterMark
	noTrack bool
	// condition is one that is not understood, opaque what may decide anything.
	condition, opaque bool
}

// matches are its conditions.
func (s *statement) matches() []*match {
	switch {
	case s.match != nil:
		return []*match{s.match}
	case s.lookup != nil:
		return s.lookup.keys
	}
	return nil
}

// verdict ends a rule; to is the name of a chain.
type verdict struct{ word, to string }

type lookup struct {
	keys     []*match // each of one key
	verdicts []*verdict
}

type nat struct {
	kind    string
	address netip.Addr // the zero address: as it was
	port    uint16     // 0: as it was
	opaque  bool
}

// Compile prepares packet filters. It keeps every rule: what it cannot
// understand may match, or do anything.
func Compile(pf snapshot.PacketFilter) *Filter { return compile(pf, manyRules, nil) }

// compile makes an index of chains with so many rules.
func compile(pf snapshot.PacketFilter, indexed int, before map[tableKey]*table) *Filter {
	f := &Filter{hooks: map[string]map[string][]*chain{}, tables: map[tableKey]*table{}}
	for i := range pf.Tables {
		if s := &pf.Tables[i]; !s.Dormant {
			f.add(s, indexed, before[tableKey{s.Tool, s.Family, s.Name}])
		}
	}
	for _, hooks := range f.hooks {
		for _, chains := range hooks {
			slices.SortStableFunc(chains, func(a, b *chain) int {
				return cmp.Or(cmp.Compare(a.position(), b.position()), b2i(b.nat)-b2i(a.nat), cmp.Compare(a.priority, b.priority))
			})
		}
	}
	return f
}

// position is where a chain comes among those of its hook. Those that translate
// are called together, whatever their priority (net/netfilter/nf_nat_core.c).
func (c *chain) position() int {
	if c.nat {
		return natPosition(c.hook)
	}
	return c.priority
}

// natPosition: destinations are translated at -100, sources at 100.
func natPosition(hook string) int {
	if hook == "prerouting" || hook == "output" {
		return -100
	}
	return 100
}

func (f *Filter) add(s *snapshot.FilterTable, indexed int, before *table) {
	t := &table{tableKey{s.Tool, s.Family, s.Name}, map[string]*chain{}, map[string]snapshot.FilterSet{}, s}
	f.tables[t.tableKey] = t
	if before == nil || !same(before.of.Sets, s.Sets) {
		before = &table{}
	}
	for _, set := range s.Sets {
		t.sets[set.Name] = set
	}
	for i := range s.Chains {
		c := &s.Chains[i]
		ours := &chain{table: t, name: c.Name, hook: c.Hook, devices: deviceNames(c.Device), priority: c.Priority, policy: c.Policy, of: c.Rules}
		ours.nat = c.Type == "nat" && (t.family == "ip" || t.family == "ip6" || t.family == "inet")
		ours.reroutes = c.Hook == "output" && (c.Type == "route" || t.tool != "nft" && t.name == "mangle")
		ours.prepare(before.chains[c.Name], indexed)
		t.chains[c.Name] = ours
		for _, family := range families(t.family, c.Hook) {
			if f.hooks[family] == nil {
				f.hooks[family] = map[string][]*chain{}
			}
			f.hooks[family][c.Hook] = append(f.hooks[family][c.Hook], ours)
		}
	}
}

func (t *table) rule(r *snapshot.FilterRule) rule {
	out := rule{text: r.Text, of: r.Statements, statements: make([]statement, len(r.Statements)), ports: map[snapshot.FilterField][]ports{}}
	for i := range r.Statements {
		s := t.statement(&r.Statements[i])
		out.statements[i] = s
		for _, f := range []snapshot.FilterField{snapshot.FieldSourcePort, snapshot.FieldPort} {
			for _, m := range s.matches() {
				out.ports[f] = append(out.ports[f], m.ports(f)...)
			}
		}
	}
	return out
}

func deviceNames(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// families are those whose packets meet a chain.
func families(family, hook string) []string {
	switch {
	case hook == "":
		return nil
	case hook == "ingress" || hook == "egress":
		return []string{"netdev"}
	case family == "inet":
		return []string{"ip", "ip6"}
	}
	return []string{family}
}

func (t *table) statement(s *snapshot.FilterStatement) statement {
	switch {
	case s.Match != nil:
		return statement{match: newMatch(t, s.Match.Fields, s.Match.Not, s.Match.Values)}
	case s.Verdict != "":
		return statement{verdict: &verdict{s.Verdict, s.Chain}}
	case s.Lookup != nil:
		return t.lookup(s.Lookup)
	case s.NAT != nil:
		return statement{nat: newNAT(s.NAT)}
	case s.Mark != nil:
		return statement{mark: s.Mark}
	case s.NoTrack:
		return statement{noTrack: true}
	case s.OpaqueMatch:
		return statement{condition: true}
	}
	return statement{opaque: true}
}

func (t *table) lookup(l *snapshot.FilterLookup) statement {
	elements, verdicts := l.Elements, l.Verdicts
	if l.Map != "" {
		set, ok := t.sets[l.Map]
		if !ok || set.Opaque != "" {
			return statement{opaque: true}
		}
		elements, verdicts = set.Elements, set.Verdicts
	}
	if len(elements) != len(verdicts) {
		return statement{opaque: true}
	}
	out := &lookup{}
	for _, rest := range []bool{false, true} { // that for all others comes last
		for i, element := range elements {
			if (element == "*") == rest {
				out.keys = append(out.keys, newMatch(t, l.Fields, false, []string{element}))
				out.verdicts = append(out.verdicts, &verdict{verdicts[i].Verdict, verdicts[i].Chain})
			}
		}
	}
	return statement{lookup: out}
}

func newNAT(n *snapshot.FilterNAT) *nat {
	out := &nat{kind: n.Kind, port: uint16(n.Port)}
	if n.Address != "" {
		ip, err := netip.ParseAddr(n.Address)
		out.address, out.opaque = ip.Unmap(), err != nil
	}
	if n.Port < 0 || n.Port > 65535 {
		out.opaque = true
	}
	return out
}
