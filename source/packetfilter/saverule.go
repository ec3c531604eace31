package packetfilter

import (
	"strings"

	"seawall/snapshot"
)

// savedRule is a rule of iptables-save that is being read.
type savedRule struct {
	family, table string
	chains        map[string]int
	text          string

	protocol string // of -p, when it is one and not negated
	out      []snapshot.FilterStatement
}

// statement is a part of a result, or nothing for what always holds.
type statement = []snapshot.FilterStatement

func (r *savedRule) opaqueMatch(words ...savedWord) {
	r.out = append(r.out, snapshot.FilterStatement{Opaque: written(words), OpaqueMatch: true})
}

// written joins words again.
func written(words []savedWord) string {
	var out []string
	for _, w := range words {
		if w.quoted {
			w.text = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(w.text) + `"`
		}
		out = append(out, w.text)
	}
	return strings.Join(out, " ")
}

// parse reads what follows the name of the chain: options, matches with their
// options, and the target last. Where it is not clear which word belongs to
// what, all of it is opaque.
func (r *savedRule) parse(words []savedWord) ([]snapshot.FilterStatement, error) {
	i := 0
	for i < len(words) {
		at := i
		not := isOption(words[i], "!")
		if not {
			i++
		}
		if i == len(words) {
			return whole(words), nil
		}
		switch w := words[i]; {
		case isOption(w, "-j", "-g", "--jump", "--goto") && !not:
			return r.target(words, i)
		case isOption(w, "-m", "--match") && !not && i+1 < len(words) && isName(words[i+1].text):
			end := blockEnd(words, i+2)
			r.match(words[i+1].text, words[at:end], words[i+2:end])
			i = end
		case isOption(w, "-c", "--set-counters") && !not && i+2 < len(words):
			r.text = strings.Replace(r.text, " "+written(words[i:i+3]), "", 1)
			i += 3
		case isOption(w, "-f", "--fragment"):
			i++
			r.opaqueMatch(words[at:i]...)
		case strings.HasPrefix(w.text, "--") && !w.quoted && r.protocol != "": // of the protocol's own match
			end := blockEnd(words, i)
			r.match(r.protocol, words[at:end], words[at:end])
			i = end
		case i+1 < len(words) && general[w.text] != nil && !w.quoted:
			i++
			if isOption(words[i], "!") && !not && i+1 < len(words) {
				not = true
				i++
			}
			if !r.general(w.text, words[i].text, not) {
				r.opaqueMatch(words[at : i+1]...)
			}
			i++
		default:
			return whole(words), nil
		}
	}
	return r.out, nil
}

// whole is a rule of which all is opaque.
func whole(words []savedWord) []snapshot.FilterStatement {
	return []snapshot.FilterStatement{{Opaque: written(words)}}
}

func isOption(w savedWord, names ...string) bool {
	if w.quoted {
		return false
	}
	for _, name := range names {
		if w.text == name {
			return true
		}
	}
	return false
}

// isName tells the name of a match or target from an option.
func isName(text string) bool { return text != "" && text[0] != '-' && text != "!" }

// takesText are options whose value may be any word.
var takesText = []string{"--comment", "--string", "--hex-string", "--bytecode", "--name"}

// blockEnd is where the options of a match end: at the next match or at the
// target.
func blockEnd(words []savedWord, i int) int {
	for ; i < len(words); i++ {
		switch w := words[i]; {
		case isOption(w, takesText...):
			i++
		case isOption(w, "-m", "--match", "-j", "--jump", "-g", "--goto"):
			return i
		}
	}
	return min(i, len(words))
}

// general are the options that need no match.
var general = map[string]*matchOption{
	"-s": {field: snapshot.FieldSource, values: each(address)}, "--source": {field: snapshot.FieldSource, values: each(address)},
	"-d": {field: snapshot.FieldDestination, values: each(address)}, "--destination": {field: snapshot.FieldDestination, values: each(address)},
	"-i": {field: snapshot.FieldIn, values: one(savedInterface)}, "--in-interface": {field: snapshot.FieldIn, values: one(savedInterface)},
	"-o": {field: snapshot.FieldOut, values: one(savedInterface)}, "--out-interface": {field: snapshot.FieldOut, values: one(savedInterface)},
	"-p": {field: snapshot.FieldProtocol, values: one(protocol)}, "--protocol": {field: snapshot.FieldProtocol, values: one(protocol)},
}

// general takes up an option that needs no match; false if it is not
// understood.
func (r *savedRule) general(name, value string, not bool) bool {
	option := general[name]
	if option.field == snapshot.FieldProtocol && (value == "all" || value == "0") {
		return !not
	}
	values, ok := option.values(value)
	if !ok {
		return false
	}
	if option.field == snapshot.FieldProtocol && !not {
		r.protocol = values[0]
	}
	r.out = append(r.out, matches(option.field, not, values...))
	return true
}

// savedInterface is a name, of which a "+" at the end stands for any rest.
func savedInterface(text string) (string, bool) {
	if text == "" || strings.ContainsAny(text, "@*\\ ") {
		return "", false
	}
	if rest, ok := strings.CutSuffix(text, "+"); ok {
		return rest + "*", true
	}
	return text, true
}

// one is a list of one.
func one(convert converter) func(string) ([]string, bool) {
	return func(text string) ([]string, bool) {
		value, ok := convert(text)
		return []string{value}, ok
	}
}

// matchOption is what an option compares, if all of its values are understood.
type matchOption struct {
	field  snapshot.FilterField
	values func(string) ([]string, bool)
	// none: the option takes no value, and these are its field's.
	none []string
}

// protocolMatches ask for nothing more than -p where they have no options.
var protocolMatches = names("tcp udp udplite sctp dccp icmp icmp6 icmpv6 esp ah")

// match takes up a match with its options: all of it, or as opaque.
func (r *savedRule) match(name string, all, options []savedWord) {
	if name == "comment" || len(options) == 0 && protocolMatches[name] {
		return
	}
	if extensions[name] {
		r.out = append(r.out, matches(snapshot.FieldExtension, false, name))
	}
	if special, ok := specials[name]; ok {
		if statements, ok := special(r, options); ok {
			r.out = append(r.out, statements...)
			return
		}
	} else if statements, ok := r.options(matchOptions[name], options); ok {
		r.out = append(r.out, statements...)
		return
	}
	r.opaqueMatch(all...)
}

// options reads the options of a match; false if there is one that is not
// understood, or none.
func (r *savedRule) options(known map[string]matchOption, words []savedWord) (statement, bool) {
	var out statement
	for len(words) > 0 {
		not := isOption(words[0], "!")
		if not {
			words = words[1:]
		}
		if len(words) == 0 || words[0].quoted {
			return nil, false
		}
		option, ok := known[words[0].text]
		if !ok || isPort(option.field) && !hasPorts(r.protocol) {
			return nil, false
		}
		words = words[1:]
		if option.none != nil {
			out = append(out, matches(option.field, not, option.none...))
			continue
		}
		if len(words) > 1 && isOption(words[0], "!") && !not {
			not, words = true, words[1:]
		}
		if len(words) == 0 {
			return nil, false
		}
		values, ok := option.values(words[0].text)
		if !ok {
			return nil, false
		}
		words = words[1:]
		out = append(out, matches(option.field, not, values...))
	}
	return out, len(out) > 0
}

func isPort(f snapshot.FilterField) bool {
	return f == snapshot.FieldPort || f == snapshot.FieldSourcePort
}
