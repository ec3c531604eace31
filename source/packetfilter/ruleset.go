package packetfilter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

var errRuleset = errors.New(lang.N("not what nft -j list ruleset prints"))

// nftObject is an object of the list that nft prints (libnftables-json(5)).
type nftObject struct {
	Family string      `json:"family"`
	Table  string      `json:"table"`
	Name   string      `json:"name"`
	Handle uint64      `json:"handle"`
	Flags  any         `json:"flags"`
	Type   any         `json:"type"`
	Hook   string      `json:"hook"`
	Prio   json.Number `json:"prio"`
	Policy string      `json:"policy"`
	Dev    any         `json:"dev"`
	Map    any         `json:"map"`
	Elem   []any       `json:"elem"`
	Chain  string      `json:"chain"`
	Expr   []any       `json:"expr"`

	Comment string `json:"comment"`
	Release string `json:"version"`
	Version int    `json:"json_schema_version"`

	words string // of a rule, if they were found already
}

// nftTable is a table that is being read.
type nftTable struct {
	snapshot.FilterTable
	chains map[string]int
	sets   map[string]int
	// xt are the rules that hold parts of iptables, by chain.
	xt map[string][]bool
	// changed are sets to which rules add.
	changed map[string]bool
}

// ParseRuleset reads what nft -j list ruleset prints. Listing is what nft -a
// list ruleset prints about the same rules: their text, and what some versions
// leave out of JSON. Without it the text of a rule that nft lists in ways of its own
// is its JSON.
func ParseRuleset(ruleset, listing []byte) ([]snapshot.FilterTable, error) {
	tables, _, err := parseRuleset(ruleset, listing)
	if err != nil {
		return nil, err
	}
	var out []snapshot.FilterTable
	for _, t := range tables {
		out = append(out, t.FilterTable)
	}
	return out, nil
}

// parseRuleset tells, too, whether a listing is wanted that was not given.
func parseRuleset(ruleset, listing []byte) (tables []*nftTable, wanted bool, err error) {
	objects, err := objectsOf(ruleset)
	if err != nil {
		return nil, false, err
	}
	return parseObjects(objects, listing)
}

// parseObjects reads the objects of a ruleset.
func parseObjects(objects []kindOfObject, listing []byte) (tables []*nftTable, wanted bool, err error) {
	p := nftParser{texts: parseListing(listing), byKey: map[tableKey]*nftTable{}}
	// Rules come after everything they speak of.
	for _, rules := range []bool{false, true} {
		for _, o := range objects {
			if (o.kind == "rule") != rules {
				continue
			}
			if err := p.object(o.kind, o.nftObject); err != nil {
				return nil, false, err
			}
		}
	}
	err = p.finish()
	return p.tables, p.texts.wanted && !p.texts.given, err
}

// nftEntry is an entry of the list, of which one is set. Others, such as flow
// tables and counters, decide nothing by themselves.
type nftEntry struct {
	Metainfo *nftObject `json:"metainfo"`
	Table    *nftObject `json:"table"`
	Chain    *nftObject `json:"chain"`
	Set      *nftObject `json:"set"`
	Map      *nftObject `json:"map"`
	Rule     *nftObject `json:"rule"`
}

type kindOfObject struct {
	kind string
	*nftObject
}

// kinds are those that are set.
func (e nftEntry) kinds() []kindOfObject {
	all := []kindOfObject{{"metainfo", e.Metainfo}, {"table", e.Table}, {"chain", e.Chain}, {"set", e.Set}, {"map", e.Map}, {"rule", e.Rule}}
	return slices.DeleteFunc(all, func(o kindOfObject) bool { return o.nftObject == nil })
}

// objectsOf splits the list. The first object says what wrote it.
func objectsOf(ruleset []byte) ([]kindOfObject, error) {
	var all struct {
		List []nftEntry `json:"nftables"`
	}
	decoder := json.NewDecoder(bytes.NewReader(ruleset))
	if err := decoder.Decode(&all); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = errCut
		}
		return nil, fmt.Errorf("%w: %w", errRuleset, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, lang.RecordErrorf("%w: more follows the end", errRuleset)
	}
	var out []kindOfObject
	for i, entry := range all.List {
		kinds := entry.kinds()
		if len(kinds) > 1 {
			return nil, lang.RecordErrorf("%w: object %d", errRuleset, i)
		}
		out = append(out, kinds...)
	}
	if len(out) == 0 || out[0].kind != "metainfo" || out[0].Version != 1 {
		return nil, lang.RecordErrorf("%w: no metainfo of schema 1", errRuleset)
	}
	return out, nil
}

// tableKey names a table.
type tableKey struct{ family, name string }

type nftParser struct {
	texts  *listing
	old    bool // this nft leaves some of what it lists out of JSON
	tables []*nftTable
	byKey  map[tableKey]*nftTable
}

// object takes up an object of the list.
func (p *nftParser) object(kind string, o *nftObject) error {
	switch kind {
	case "metainfo":
		p.old = !tellsAll(o.Release)
		return nil
	case "table":
		key := tableKey{o.Family, o.Name}
		if p.byKey[key] != nil || o.Name == "" || o.Family == "" {
			return lang.RecordErrorf("%w: table %s %s", errRuleset, o.Family, o.Name)
		}
		t := &nftTable{chains: map[string]int{}, sets: map[string]int{}, xt: map[string][]bool{}, changed: map[string]bool{}}
		t.Tool, t.Family, t.Name = toolNFT, o.Family, o.Name
		t.Dormant = contains(o.Flags, "dormant") || p.texts.dormant[key]
		p.byKey[key] = t
		p.tables = append(p.tables, t)
		return nil
	}
	t := p.byKey[tableKey{o.Family, o.Table}]
	if t == nil {
		return lang.RecordErrorf("%w: %s of table %s %s, which is not there", errRuleset, kind, o.Family, o.Table)
	}
	switch kind {
	case "chain":
		return p.chain(t, o)
	case "rule":
		return p.rule(t, o)
	}
	if _, twice := t.sets[o.Name]; twice || o.Name == "" {
		return lang.RecordErrorf("%w: set %s of table %s %s", errRuleset, o.Name, o.Family, o.Table)
	}
	p.texts.wanted = p.texts.wanted || p.old
	t.sets[o.Name] = len(t.Sets)
	set := t.namedSet(o, kind == "map")
	if p.texts.dynamic[namedKey{tableKey{o.Family, o.Table}, o.Name}] || contains(o.Flags, "dynamic") {
		set = snapshot.FilterSet{Name: set.Name, Opaque: dynamicSet}
	}
	t.Sets = append(t.Sets, set)
	return nil
}

const dynamicSet = "rules change it as packets pass"

func (p *nftParser) chain(t *nftTable, o *nftObject) error {
	if _, twice := t.chains[o.Name]; twice || o.Name == "" {
		return lang.RecordErrorf("%w: chain %s of table %s %s", errRuleset, o.Name, t.Family, t.Name)
	}
	c := snapshot.FilterChain{Name: o.Name, Hook: o.Hook, Policy: o.Policy}
	if o.Hook != "" {
		priority, err := strconv.Atoi(o.Prio.String())
		if err != nil {
			return lang.RecordErrorf("%w: priority %q of chain %s", errRuleset, o.Prio, o.Name)
		}
		c.Priority = priority
		c.Type, _ = o.Type.(string)
		if c.Policy == "" {
			c.Policy = "accept"
		}
		c.Device = strings.Join(texts(o.Dev), ",")
		if c.Device == "" {
			p.texts.wanted = p.texts.wanted || p.old && (o.Hook == "ingress" || o.Hook == "egress")
			c.Device = p.texts.devices[namedKey{tableKey{t.Family, t.Name}, o.Name}]
		}
	}
	t.chains[o.Name] = len(t.Chains)
	t.Chains = append(t.Chains, c)
	return nil
}

func (p *nftParser) rule(t *nftTable, o *nftObject) error {
	at, ok := t.chains[o.Chain]
	if !ok {
		return lang.RecordErrorf("%w: %s of table %s %s, which has a rule", errChain, o.Chain, t.Family, t.Name)
	}
	text, err := p.texts.rule(ruleKey{tableKey{t.Family, t.Name}, o.Chain, o.Handle}, o)
	if err != nil {
		return err
	}
	r := nftRule{table: t}
	for _, e := range o.Expr {
		if err := r.statement(e); err != nil {
			return lang.RecordErrorf("rule %d of chain %s of table %s %s: %w", o.Handle, o.Chain, t.Family, t.Name, err)
		}
	}
	c := &t.Chains[at]
	c.Rules = append(c.Rules, snapshot.FilterRule{Text: text, Statements: r.out})
	t.xt[o.Chain] = append(t.xt[o.Chain], r.xt)
	return nil
}

// finish sees that all verdicts lead somewhere and that no rule is missing.
func (p *nftParser) finish() error {
	for _, t := range p.tables {
		for name := range t.changed {
			if at, ok := t.sets[name]; ok {
				t.Sets[at] = snapshot.FilterSet{Name: name, Opaque: dynamicSet}
			}
		}
		for _, s := range t.Sets {
			if err := t.lead(s.Verdicts...); err != nil {
				return lang.RecordErrorf("map %s of table %s %s: %w", s.Name, t.Family, t.Name, err)
			}
		}
	}
	return p.texts.left()
}

// lead sees that verdicts lead to chains of the table.
func (t *nftTable) lead(verdicts ...snapshot.FilterVerdict) error {
	for _, v := range verdicts {
		if _, ok := t.chains[v.Chain]; !ok && (v.Verdict == "jump" || v.Verdict == "goto") {
			return fmt.Errorf("%w: %q", errChain, v.Chain)
		}
	}
	return nil
}

// texts are the strings of a value that may be one or a list.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func contains(v any, want string) bool {
	for _, s := range texts(v) {
		if s == want {
			return true
		}
	}
	return false
}

// tellsAll says whether a release of nft (1.0.6) has all that it lists in JSON, too.
func tellsAll(release string) bool {
	var numbers [3]int
	for i, part := range strings.SplitN(release, ".", len(numbers)) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return false
		}
		numbers[i] = n
	}
	return slices.Compare(numbers[:], []int{1, 0, 8}) >= 0
}
