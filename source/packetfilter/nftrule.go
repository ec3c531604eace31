package packetfilter

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// object is a JSON object.
type object = map[string]any

// nftRule is a rule of nft that is being read.
type nftRule struct {
	table *nftTable
	out   []snapshot.FilterStatement
	xt    bool // it holds a part of iptables, of which nft shows the name only
}

// ignored are statements that decide nothing and change nothing that rules ask
// for.
var ignored = names("counter log comment last secmark dup")

// conditions are statements that end a rule or not, and decide nothing by
// themselves: that a set is full also ends a rule that adds to it.
var conditions = names("match limit quota meter set map flow")

// verdicts are the words of nft, which are those of the model.
var verdicts = names("accept drop return continue jump goto")

// statement takes up a statement. One that has no words in the model is opaque.
func (r *nftRule) statement(v any) error {
	s, _ := v.(object)
	if len(s) != 1 {
		r.out = append(r.out, snapshot.FilterStatement{Opaque: jsonText(v)})
		return nil
	}
	for kind, arg := range s {
		args, _ := arg.(object)
		byMap := args["map"] != nil // a counter that a map chooses, if it has one
		if (ignored[kind] || strings.HasPrefix(kind, "ct ") && kind != "ct count") && !byMap {
			return nil
		}
		out, ok := r.understood(kind, arg)
		if !ok {
			isMatch := conditions[kind] || strings.HasPrefix(kind, "ct ") || byMap || isXTMatch(args)
			out = append(extension(args), snapshot.FilterStatement{Opaque: jsonText(v), OpaqueMatch: isMatch})
		}
		for _, st := range out {
			if err := r.known(st); err != nil {
				return err
			}
		}
		r.add(out)
	}
	return nil
}

// isXTMatch tells a match of iptables from its targets.
func isXTMatch(args object) bool {
	return args["type"] == "match" && args["name"] != nil
}

// extension is the header that a match looks into, which the packet must have.
func extension(args object) statement {
	left, _ := args["left"].(object)
	header, _ := left["exthdr"].(object)
	name, _ := header["name"].(string)
	exists, asked := args["right"].(bool)
	if !extensions[name] || asked && exists == (args["op"] == "!=") {
		return nil
	}
	return statement{matches(snapshot.FieldExtension, false, name)}
}

// add takes up statements; those that several parts of a rule bring with them,
// and that no statement changes, only once.
func (r *nftRule) add(statements statement) {
	for _, s := range statements {
		if !isImplied(s) || !slices.ContainsFunc(r.out, func(have snapshot.FilterStatement) bool { return sameImplied(have, s) }) {
			r.out = append(r.out, s)
		}
	}
}

func isImplied(s snapshot.FilterStatement) bool {
	return s.Match != nil && len(s.Match.Fields) == 1 && (s.Match.Fields[0] == snapshot.FieldFamily || s.Match.Fields[0] == snapshot.FieldProtocol)
}

func sameImplied(a, b snapshot.FilterStatement) bool {
	return isImplied(a) && a.Match.Fields[0] == b.Match.Fields[0] && a.Match.Not == b.Match.Not && slices.Equal(a.Match.Values, b.Match.Values)
}

// known sees that chains and sets that a statement names are there.
func (r *nftRule) known(s snapshot.FilterStatement) error {
	var sets []string
	all := []snapshot.FilterVerdict{{Verdict: s.Verdict, Chain: s.Chain}}
	if s.Match != nil {
		for _, v := range s.Match.Values {
			if name, ok := strings.CutPrefix(v, "@"); ok {
				sets = append(sets, name)
			}
		}
	}
	if s.Lookup != nil {
		all = s.Lookup.Verdicts
		if s.Lookup.Map != "" {
			sets = append(sets, s.Lookup.Map)
		}
	}
	for _, name := range sets {
		if _, ok := r.table.sets[name]; !ok {
			return lang.RecordErrorf("%w: set %s is not there", errRuleset, name)
		}
	}
	return r.table.lead(all...)
}

// understood is what a statement means; false if the model has no words for it.
func (r *nftRule) understood(kind string, arg any) (statement, bool) {
	args, _ := arg.(object)
	if args == nil {
		args = object{}
	}
	switch kind {
	case "match":
		return r.match(args)
	case "vmap":
		return r.lookup(args)
	case "dnat", "snat", "masquerade", "redirect":
		return natStatement(kind, args)
	case "mangle":
		return mangle(args)
	case "notrack":
		return statement{{NoTrack: true}}, arg == nil
	case "reject":
		return statement{{Verdict: "reject"}}, true
	case "xt":
		r.xt = true
		name, _ := args["name"].(string)
		return nil, name == "comment" || args["type"] == "target" && neverDecides[name]
	case "set", "map", "meter":
		if name, ok := args[kind].(string); ok {
			r.table.changed[strings.TrimPrefix(name, "@")] = true
		}
	}
	if verdicts[kind] {
		v, ok := verdictOf(object{kind: arg})
		return statement{{Verdict: v.Verdict, Chain: v.Chain}}, ok
	}
	return nil, false
}

// verdictOf reads {"accept": null} or {"jump": {"target": "chain"}}.
func verdictOf(v any) (snapshot.FilterVerdict, bool) {
	o, _ := v.(object)
	if len(o) != 1 {
		return snapshot.FilterVerdict{}, false
	}
	for kind, arg := range o {
		out := snapshot.FilterVerdict{Verdict: kind}
		if kind == "jump" || kind == "goto" {
			args, _ := arg.(object)
			out.Chain, _ = args["target"].(string)
			return out, out.Chain != ""
		}
		return out, verdicts[kind] && arg == nil
	}
	return snapshot.FilterVerdict{}, false
}

// lookup reads a map from a key to verdicts.
func (r *nftRule) lookup(args object) (statement, bool) {
	k, ok := keyOf(r.table.Family, args["key"])
	if !ok || k.bits && k.fields[0] != snapshot.FieldState || k.fields[0] == snapshot.FieldReversePath {
		return nil, false
	}
	l := &snapshot.FilterLookup{Fields: k.fields}
	if name, ok := args["data"].(string); ok {
		l.Map, ok = strings.CutPrefix(name, "@")
		return append(k.implied, snapshot.FilterStatement{Lookup: l}), ok
	}
	data, _ := args["data"].(object)
	elements, ok := data["set"].([]any)
	if !ok {
		return nil, false
	}
	if l.Elements, l.Verdicts, ok = verdictMap(k.values, elements); !ok {
		return nil, false
	}
	return append(k.implied, snapshot.FilterStatement{Lookup: l}), true
}

// verdictMap reads the elements of a map to verdicts. That for all other keys,
// "*", comes last.
func verdictMap(values nftConverter, elements []any) (keys []string, verdicts []snapshot.FilterVerdict, ok bool) {
	var rest *snapshot.FilterVerdict
	for _, e := range elements {
		pair, _ := e.([]any)
		if len(pair) != 2 {
			return nil, nil, false
		}
		v, ok := verdictOf(pair[1])
		if !ok {
			return nil, nil, false
		}
		if pair[0] == anyElse {
			rest = &v
			continue
		}
		key, ok := values(element(pair[0]))
		if !ok {
			return nil, nil, false
		}
		keys, verdicts = append(keys, key), append(verdicts, v)
	}
	if rest != nil {
		keys, verdicts = append(keys, anyElse), append(verdicts, *rest)
	}
	return keys, verdicts, true
}

// anyElse is the element of all that are not otherwise there.
const anyElse = "*"

// element is the value of an element, without its timeout and comment.
func element(v any) any {
	if o, ok := v.(object); ok {
		if e, ok := o["elem"].(object); ok {
			return e["val"]
		}
	}
	return v
}

// namedSet reads a set or a map of a table.
func (t *nftTable) namedSet(o *nftObject, isMap bool) snapshot.FilterSet {
	out := snapshot.FilterSet{Name: o.Name}
	values, ok := setValues(t.Family, o.Type)
	switch {
	case !ok:
		out.Opaque = "its elements are not understood"
	case !isMap:
		if out.Elements, ok = elements(values, o.Elem); !ok {
			out = snapshot.FilterSet{Name: o.Name, Opaque: "its elements are not understood"}
		}
	case o.Map != "verdict":
		out.Opaque = "a map to other than verdicts"
	default:
		if out.Elements, out.Verdicts, ok = verdictMap(values, o.Elem); !ok {
			out = snapshot.FilterSet{Name: o.Name, Opaque: "its elements are not understood"}
		}
	}
	return out
}

// elements converts the elements of a set; that for all others comes last.
func elements(values nftConverter, list []any) ([]string, bool) {
	var out []string
	rest := false
	for _, e := range list {
		if e = element(e); e == anyElse {
			rest = true
			continue
		}
		value, ok := values(e)
		if !ok {
			return nil, false
		}
		out = append(out, value)
	}
	if rest {
		out = append(out, anyElse)
	}
	return out, true
}
