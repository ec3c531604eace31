package packetfilter

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"seawall/lang"
)

var errListing = errors.New(lang.N("nft lists other rules than in JSON"))

type namedKey struct {
	table tableKey
	name  string
}

type ruleKey struct {
	table  tableKey
	chain  string
	handle uint64
}

// listing is what nft -a list ruleset says about rules, and what nft before
// 1.0.8 does not say in JSON: that a table is dormant, that rules change a set,
// and the devices of chains. Without a listing, given is false, and wanted becomes true
// where there is something that only it tells.
type listing struct {
	given   bool
	wanted  bool
	rules   map[ruleKey]string
	dormant map[tableKey]bool
	dynamic map[namedKey]bool
	devices map[namedKey]string
}

var devicePattern = regexp.MustCompile(`\bhook \w+ devices?\s+(?:=\s+)?(\{[^}]*\}|"[^"]*"|\S+)`)

// parseListing reads blocks: tables, in them chains and sets one tab deeper, in
// these rules and settings two.
func parseListing(text []byte) *listing {
	l := &listing{given: len(text) > 0, rules: map[ruleKey]string{}, dormant: map[tableKey]bool{}, dynamic: map[namedKey]bool{}, devices: map[namedKey]string{}}
	var table tableKey
	var block, kind, rule string
	for line := range strings.Lines(string(text)) {
		content := strings.TrimSpace(line)
		depth := len(line) - len(strings.TrimLeft(line, "\t"))
		words := strings.Fields(content)
		switch {
		case len(words) == 0 || content == "}" && depth < 2:
			rule = ""
		case depth == 0 && words[0] == "table" && len(words) > 2:
			table = tableKey{words[1], unquoted(words[2])}
		case depth == 1 && words[0] == "flags":
			l.dormant[table] = l.dormant[table] || strings.Contains(content, "dormant")
		case depth == 1 && len(words) > 2:
			kind, block, rule = words[0], unquoted(words[1]), ""
		case depth < 2:
		case kind == "chain" && strings.HasPrefix(content, "type ") && strings.HasSuffix(content, ";"):
			if m := devicePattern.FindStringSubmatch(content); m != nil {
				l.devices[namedKey{table, block}] = devices(m[1])
			}
		case kind == "chain":
			start, handle, ok := cutHandle(content)
			switch {
			case ok:
				l.rules[ruleKey{table, block, handle}] = rule + start
				rule = ""
			case strings.HasSuffix(content, ",") || strings.HasSuffix(content, "{"): // elements on lines of their own
				rule += content + " "
			default:
				rule = ""
			}
		case words[0] == "flags":
			l.dynamic[namedKey{table, block}] = strings.Contains(content, "dynamic")
		}
	}
	return l
}

// cutHandle cuts the number that ends a line.
func cutHandle(line string) (rest string, handle uint64, ok bool) {
	const before = " # handle "
	at := strings.LastIndex(line, before)
	if at < 0 {
		return "", 0, false
	}
	handle, err := strconv.ParseUint(line[at+len(before):], 10, 64)
	return line[:at], handle, err == nil
}

func unquoted(word string) string { return strings.Trim(word, `"`) }

// devices writes a list of devices as the model does.
func devices(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(`{}", `, r) }), ",")
}

// rule is the text of a rule, which is taken off the list.
func (l *listing) rule(key ruleKey, o *nftObject) (string, error) {
	if l.given {
		text, ok := l.rules[key]
		if !ok {
			return "", lang.RecordErrorf("%w: rule %d of chain %s", errListing, key.handle, key.chain)
		}
		delete(l.rules, key)
		return text, nil
	}
	if o.words != "" {
		return o.words, nil
	}
	if text, ok := words(key.table.family, o); ok {
		return text, nil
	}
	l.wanted = true
	var parts []string
	for _, s := range o.Expr {
		if o, _ := s.(object); o["counter"] == nil {
			parts = append(parts, jsonText(s))
		}
	}
	return "[" + strings.Join(parts, ",") + "]", nil
}

// left is an error if there are rules that JSON did not have.
func (l *listing) left() error {
	for key := range l.rules {
		return lang.RecordErrorf("%w: rule %d of chain %s", errListing, key.handle, key.chain)
	}
	return nil
}

// jsonText is a part of a rule in JSON.
func jsonText(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
