package packetfilter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// savedTables are those that iptables-nft-save shows, and why it shows none of
// a family.
type savedTables struct {
	byKey  map[tableKey]snapshot.FilterTable
	failed map[string]error
}

// tables reads the tables of nf_tables: from iptables those that it shows, from the
// kernel those whose rules are understood as it keeps them, or else from nft as well.
// Whatever is surely wanted is asked for at once: each list of 20,000 rules takes most
// of a second or more.
func (r reader) tables(ctx context.Context) ([]snapshot.FilterTable, error) {
	inKernel, err := r.kernel.tables(ctx)
	if err != nil || len(inKernel) == 0 {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	nft := func(args ...string) *command {
		return &command{begin: func() func() ([]byte, error) { return r.begin(ctx, "nft", args...) }}
	}
	asJSON, asWords := nft("-j", "list", "ruleset"), nft("-s", "-a", "list", "ruleset")
	asked := r.askIPTables(ctx, inKernel)
	defer func() {
		cancel()
		for _, c := range append(slices.Collect(maps.Values(asked)), asJSON, asWords) {
			c.end()
		}
	}()
	objects, err := r.kernel.objects(ctx)
	if err != nil {
		return nil, err
	}
	if !objects.mayTell(inKernel) {
		asJSON.start()
	}
	saved, err := r.savedTables(ctx, inKernel, asked)
	if err != nil {
		return nil, err
	}
	out, missing, err := saved.with(inKernel, objects)
	if err != nil || missing == nil {
		return out, err
	}
	ruleset, err := asJSON.output()
	if errors.Is(err, errMissing) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	return both(inKernel, saved, ruleset, asWords)
}

// mayTell reports whether every table is one that iptables may show, or that could be
// read from the kernel.
func (o kernelObjects) mayTell(inKernel map[tableKey]bool) bool {
	for key := range inKernel {
		known := builtin[key.name] != nil && (key.family == "ip" || key.family == "ip6")
		if o.whole[key] == nil && (!known || o.rules[key].Native) {
			return false
		}
	}
	return true
}

// with are all tables, those of iptables as it shows them and others as the kernel has
// them; missing says which needs nft.
func (s savedTables) with(inKernel map[tableKey]bool, o kernelObjects) (out []snapshot.FilterTable, missing, err error) {
	for _, err := range s.failed {
		return nil, err, nil
	}
	var objects []kindOfObject
	missing = missingNFT(inKernel, func(key tableKey) bool {
		table, shown := s.byKey[key]
		if !shown {
			objects = append(objects, o.whole[key]...)
			return o.whole[key] != nil
		}
		return !o.rules[key].Native && sameNumbers(table, o.rules[key].Chains)
	})
	if missing != nil {
		return nil, missing, nil
	}
	native, _, err := parseObjects(objects, nil)
	if err != nil {
		return nil, nil, lang.RecordErrorf("rules of nf_tables: %w", err)
	}
	for _, t := range native {
		s.byKey[tableKey{t.Family, t.Name}] = t.FilterTable
	}
	return s.all(inKernel), nil, nil
}

// A command is run when its output is wanted, unless it was started before.
type command struct {
	begin func() (wait func() ([]byte, error))
	wait  func() ([]byte, error) // nil: not started
}

func (p *command) start() {
	if p.wait == nil {
		p.wait = p.begin()
	}
}

func (p *command) output() ([]byte, error) {
	p.start()
	return p.wait()
}

// end waits for a command that nobody asked after.
func (p *command) end() {
	if p.wait != nil {
		_, _ = p.wait()
	}
}

// both puts together what iptables and nft show. The words of nft are asked for
// where neither iptables nor JSON has all.
func both(inKernel map[tableKey]bool, saved savedTables, ruleset []byte, words *command) ([]snapshot.FilterTable, error) {
	native, wanted, err := parseRuleset(ruleset, nil)
	if err != nil {
		return nil, err
	}
	if wanted {
		have, err := saved.have(inKernel, native)
		if err != nil {
			return nil, err
		}
		if !have {
			listing, err := words.output()
			if err != nil {
				return nil, err
			}
			if native, _, err = parseRuleset(ruleset, listing); err != nil {
				return nil, err
			}
		}
	}
	var out []snapshot.FilterTable
	for _, n := range native {
		table, _, err := saved.merge(n)
		if err != nil {
			return nil, err
		}
		key := tableKey{n.Family, n.Name}
		table.Dormant = table.Dormant || inKernel[key]
		delete(inKernel, key)
		out = append(out, table)
	}
	for key := range inKernel {
		return nil, lang.RecordErrorf("nft: table %s %s is missing", key.family, key.name)
	}
	return out, nil
}

// have says whether iptables shows all that there is, in its words.
func (s savedTables) have(inKernel map[tableKey]bool, native []*nftTable) (bool, error) {
	have := true
	for key := range inKernel {
		_, ok := s.byKey[key]
		have = have && (ok || s.failed[key.family] != nil)
	}
	for _, n := range native {
		_, all, err := s.merge(n)
		if err != nil {
			return false, err
		}
		have = have && all && len(n.Sets) == 0
	}
	return have, nil
}

// knownTables are the tables of a family that have the names of iptables' own.
func knownTables(family string, inKernel map[tableKey]bool) []string {
	var out []string
	for key := range inKernel {
		if key.family == family && builtin[key.name] != nil {
			out = append(out, key.name)
		}
	}
	slices.Sort(out)
	return out
}

// programs are those of iptables, by family.
var programs = map[string]string{"ip": "iptables", "ip6": "ip6tables"}

// askIPTables starts to ask for tables that have the names of its own, by family.
func (r reader) askIPTables(ctx context.Context, inKernel map[tableKey]bool) map[string]*command {
	out := map[string]*command{}
	for family, program := range programs {
		if len(knownTables(family, inKernel)) > 0 {
			out[family] = &command{begin: func() func() ([]byte, error) { return r.save(ctx, program, "nft") }}
			out[family].start()
		}
	}
	return out
}

// savedTables are the tables that iptables was asked for.
func (r reader) savedTables(ctx context.Context, inKernel map[tableKey]bool, asked map[string]*command) (savedTables, error) {
	out := savedTables{byKey: map[tableKey]snapshot.FilterTable{}, failed: map[string]error{}}
	for family, save := range asked {
		program := programs[family]
		text, err := save.output()
		switch {
		case errors.Is(err, errMissing):
			out.failed[family] = &MissingError{Program: program + "-nft-save", Package: "iptables", Why: "iptables has tables (" + strings.Join(knownTables(family, inKernel), ", ") + ")"}
			continue
		case ctx.Err() != nil:
			return out, err
		case err != nil:
			out.failed[family] = err
			continue
		}
		tables, err := ParseSave(toolIPTables, family, text)
		if err != nil {
			return out, lang.RecordErrorf("%s-nft-save: %w", program, err)
		}
		for _, t := range tables {
			out.byKey[tableKey{family, t.Name}] = t
		}
	}
	return out, nil
}

// missingNFT names the first table that is not shown.
func missingNFT(inKernel map[tableKey]bool, shown func(tableKey) bool) error {
	for _, key := range slices.SortedFunc(maps.Keys(inKernel), compareKeys) {
		if !shown(key) {
			return &MissingError{Program: "nft", Package: "nftables", Why: fmt.Sprintf("nftables has rules (table %s %s)", key.family, key.name)}
		}
	}
	return nil
}

// sameNumbers compares the numbers of rules.
func sameNumbers(table snapshot.FilterTable, numbers map[string]int) bool {
	seen := 0
	for _, c := range table.Chains {
		if len(c.Rules) != numbers[c.Name] {
			return false
		}
		if len(c.Rules) > 0 {
			seen++
		}
	}
	return seen == len(numbers)
}

// all are the tables that the kernel has.
func (s savedTables) all(inKernel map[tableKey]bool) []snapshot.FilterTable {
	var out []snapshot.FilterTable
	for _, key := range slices.SortedFunc(maps.Keys(inKernel), compareKeys) {
		table := s.byKey[key]
		table.Dormant = inKernel[key]
		out = append(out, table)
	}
	return out
}

func compareKeys(a, b tableKey) int {
	return strings.Compare(a.family+" "+a.name, b.family+" "+b.name)
}

// merge takes rules of a table of iptables from iptables-save: nft shows
// matches of iptables by their names only. A rule without such a part may have
// been added by nft, of which iptables-save shows less; where the two do not
// mean the same, it is taken as nft shows it. All: none was.
func (s savedTables) merge(n *nftTable) (out snapshot.FilterTable, all bool, err error) {
	saved, ok := s.byKey[tableKey{n.Family, n.Name}]
	if !ok {
		if err := s.failed[n.Family]; err != nil && builtin[n.Name] != nil && n.hasXT() {
			return out, false, err
		}
		return n.FilterTable, false, nil
	}
	out, all = n.FilterTable, true
	out.Tool = toolIPTables
	out.Chains = slices.Clone(n.Chains)
	byName := map[string]snapshot.FilterChain{}
	for _, c := range saved.Chains {
		byName[c.Name] = c
	}
	for i := range out.Chains {
		c := &out.Chains[i]
		shown, ok := byName[c.Name]
		if !ok || len(shown.Rules) != len(c.Rules) {
			return out, false, lang.RecordErrorf("chain %s of table %s %s: nft has %d rules, iptables-save %d", c.Name, n.Family, n.Name, len(c.Rules), len(shown.Rules))
		}
		delete(byName, c.Name)
		c.Rules = slices.Clone(c.Rules)
		for j, rule := range shown.Rules {
			if n.xt[c.Name][j] || sameMeaning(rule.Statements, c.Rules[j].Statements) {
				c.Rules[j] = rule
			} else {
				all = false
			}
		}
	}
	for name, c := range byName { // chains that the kernel does not have yet
		if c.Hook == "" || len(c.Rules) > 0 || c.Policy != "accept" {
			return out, false, lang.RecordErrorf("chain %s of table %s %s: iptables-save has it, nft has not", name, n.Family, n.Name)
		}
	}
	return out, all, nil
}

func (t *nftTable) hasXT() bool {
	for _, rules := range t.xt {
		if slices.Contains(rules, true) {
			return true
		}
	}
	return false
}

// sameMeaning compares rules without the order of their parts and the words of
// matches that neither shows otherwise.
func sameMeaning(a, b []snapshot.FilterStatement) bool {
	return slices.Equal(sortedParts(a), sortedParts(b))
}

func sortedParts(statements []snapshot.FilterStatement) []string {
	var out []string
	for _, s := range statements {
		if s.OpaqueMatch {
			s.Opaque = ""
		}
		text, _ := json.Marshal(s) // of strings and numbers: cannot fail
		out = append(out, string(text))
	}
	slices.Sort(out)
	return out
}
