package packetfilter

import (
	"errors"
	"os"
	"strings"
	"testing"

	"seawall/snapshot"
)

const metainfo = `{"metainfo":{"version":"1.1.3","json_schema_version":1}}`

// ruleset is a table t of inet with the chain c, a set s, and these objects.
func ruleset(objects ...string) string {
	all := append([]string{metainfo,
		`{"table":{"family":"inet","name":"t","handle":1}}`,
		`{"chain":{"family":"inet","table":"t","name":"c","handle":1,"type":"filter","hook":"input","prio":0,"policy":"accept"}}`,
		`{"set":{"family":"inet","table":"t","name":"s","type":"ipv4_addr"}}`,
	}, objects...)
	return `{"nftables":[` + strings.Join(all, ",") + `]}`
}

func ruleOf(expressions string) string {
	return ruleset(`{"rule":{"family":"inet","table":"t","chain":"c","handle":2,"expr":[` + expressions + `]}}`)
}

func match(op, left, right string) string {
	return `{"match":{"op":"` + op + `","left":` + left + `,"right":` + right + `}}`
}

// TestNativeRules are rules that the recordings do not have: of other versions,
// and such as may mislead.
func TestNativeRules(t *testing.T) {
	const flags = `{"payload":{"protocol":"tcp","field":"flags"}}`
	const tcp = "{match:{fields:[l4proto],values:[tcp]}},"
	const opaque, anything = "[{opaque:…,opaqueMatch:true}]", "[{opaque:…}]"
	tests := []struct{ name, expressions, want string }{
		{"flags in the words of old versions", match("==", `{"&":[`+flags+`,{"|":[{"|":["fin","syn"]},"rst"]}]}`, `{"|":["syn","rst"]}`), "[" + tcp + "{match:{fields:[tcp flags],values:[fin,syn,rst==syn,rst]}}]"},
		{"flags in a set", match("==", flags, `{"set":["syn"]}`), opaque},
		{"state by its bits", match("!=", `{"&":[{"ct":{"key":"state"}},"new"]}`, `0`), "[{match:{fields:[ct state],values:[new]}}]"},
		{"states exactly", match("==", `{"ct":{"key":"state"}}`, `["new","related"]`), opaque},
		{"status exactly", match("==", `{"ct":{"key":"status"}}`, `"dnat"`), opaque},
		{"status not", match("!", `{"ct":{"key":"status"}}`, `"dnat"`), "[{match:{fields:[ct status],not:true,values:[dnat]}}]"},
		{"the way back, not missing", match("!=", `{"fib":{"result":"oif","flags":["saddr","iif"]}}`, `false`), "[{match:{fields:[rpfilter],values:[ok]}}]"},
		{"the way back by an interface", match("==", `{"fib":{"result":"oif","flags":["saddr","iif"]}}`, `"eth0"`), opaque},
		{"type of one address", match("==", `{"fib":{"result":"type","flags":"daddr"}}`, `"local"`), "[{match:{fields:[daddrtype],values:[local]}}]"},
		{"port less than", match("<", `{"payload":{"protocol":"tcp","field":"dport"}}`, `1024`), "[" + tcp + "{match:{fields:[dport],values:[0-1023]}}]"},
		{"port less than none", match("<", `{"payload":{"protocol":"tcp","field":"dport"}}`, `0`), opaque},
		{"port that is a name", match("==", `{"payload":{"protocol":"tcp","field":"dport"}}`, `"ssh"`), opaque},
		{"interface that is gone", match("==", `{"meta":{"key":"iif"}}`, `7`), opaque},
		{"interface with a star in its name", match("==", `{"meta":{"key":"iifname"}}`, `"a\\*"`), opaque},
		{"less than for an address", match("<", `{"payload":{"protocol":"ip","field":"saddr"}}`, `"10.0.0.1"`), opaque},
		{"mark changed in an order that is not known", `{"mangle":{"key":{"meta":{"key":"mark"}},"value":{"&":[{"|":[{"meta":{"key":"mark"}},1]},2]}}}`, anything},
		{"target of iptables that never decides", `{"xt":{"type":"target","name":"LOG"}},{"xt":{"type":"match","name":"comment"}}`, "null"},
		{"target of iptables", `{"xt":{"type":"target","name":"DNAT"}}`, anything},
		{"match of iptables", `{"xt":{"type":"match","name":"owner"}}`, opaque},
		{"part of iptables of an old version", `{"xt":null}`, anything},
		{"unknown statement", `{"weather":{"rain":1}}`, anything},
		{"statement that is a word", `"notrack"`, anything},
		{"two statements in one", `{"accept":null,"drop":null}`, anything},
		{"verdict with arguments", `{"accept":{"when":"rain"}}`, anything},
		{"address of another kind", `{"dnat":{"addr":{"prefix":{"addr":"10.0.0.0","len":8}}}}`, anything},
		{"a mark before and after it is set", match("==", `{"meta":{"key":"mark"}}`, "1") + `,{"mangle":{"key":{"meta":{"key":"mark"}},"value":2}},` + match("==", `{"meta":{"key":"mark"}}`, "1"),
			"[{match:{fields:[mark],values:[0x1/0xffffffff]}},{mark:{value:2,mask:4294967295}},{match:{fields:[mark],values:[0x1/0xffffffff]}}]"},
		{"extension header", match("==", `{"exthdr":{"name":"rt","field":"type"}}`, "0"), "[{match:{fields:[exthdr],values:[rt]}},{opaque:…,opaqueMatch:true}]"},
		{"no extension header", match("!=", `{"exthdr":{"name":"rt"}}`, "true"), opaque},
		{"missing extension header", match("==", `{"exthdr":{"name":"rt"}}`, "false"), opaque},
		{"counters", `{"counter":{"packets":1,"bytes":2}},{"counter":"named"},{"ct helper":"ftp"}`, "null"},
		{"counter chosen by a map", `{"counter":{"map":{"key":{"meta":{"key":"mark"}},"data":"@m"}}}`, opaque},
		{"number of connections", `{"ct count":{"val":10}}`, opaque},
		{"map to which packets add", `{"map":{"op":"update","map":"@m"}}`, opaque},
		{"map without a rest", `{"vmap":{"key":{"meta":{"key":"iifname"}},"data":{"set":[["*",{"drop":null}],["lo",{"accept":null}]]}}}`, "[{lookup:{fields:[iif],elements:[lo,*],verdicts:[{verdict:accept},{verdict:drop}]}}]"},
		{"map of exact status", `{"vmap":{"key":{"ct":{"key":"status"}},"data":{"set":[["dnat",{"drop":null}]]}}}`, anything},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := ParseRuleset([]byte(ruleOf(tt.expressions)), nil)
			tables = withoutTexts(snapshot.PacketFilter{Tables: tables}).Tables
			if got := statementsOf(t, tables, err); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.expressions, got, tt.want)
			}
		})
	}
}

// TestRulesetErrors: what is not whole is an error.
func TestRulesetErrors(t *testing.T) {
	chain := `{"chain":{"family":"inet","table":"t","name":"c","handle":1}}`
	tests := []struct {
		name, text string
		want       error
	}{
		{"nothing", "", errCut},
		{"cut short", ruleset()[:200], errCut},
		{"two of them", ruleset() + ruleset(), errRuleset},
		{"no metainfo", `{"nftables":[` + chain + `]}`, errRuleset},
		{"another schema", strings.Replace(ruleset(), `_version":1`, `_version":2`, 1), errRuleset},
		{"no list", `{}`, errRuleset},
		{"two objects in one", `{"nftables":[` + metainfo + `,{"table":{},"chain":{}}]}`, errRuleset},
		{"twice the chain", ruleset(chain), errRuleset},
		{"chain of no table", `{"nftables":[` + metainfo + "," + chain + `]}`, errRuleset},
		{"chain without a priority", ruleset(strings.Replace(chain, `"c",`, `"d","hook":"input",`, 1)), errRuleset},
		{"rule of no chain", ruleset(`{"rule":{"family":"inet","table":"t","chain":"d","handle":2,"expr":[]}}`), errChain},
		{"jump to nowhere", ruleOf(`{"jump":{"target":"d"}}`), errChain},
		{"map to nowhere", ruleOf(`{"vmap":{"key":{"meta":{"key":"iifname"}},"data":{"set":[["lo",{"goto":{"target":"d"}}]]}}}`), errChain},
		{"named map to nowhere", ruleset(`{"map":{"family":"inet","table":"t","name":"m","type":"ifname","map":"verdict","elem":[["lo",{"jump":{"target":"d"}}]]}}`), errChain},
		{"no set", ruleOf(match("==", `{"payload":{"protocol":"ip","field":"saddr"}}`, `"@x"`)), errRuleset},
		{"no map", ruleOf(`{"vmap":{"key":{"meta":{"key":"iifname"}},"data":"@x"}}`), errRuleset},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := ParseRuleset([]byte(tt.text), nil)
			if !errors.Is(err, tt.want) || tables != nil {
				t.Errorf("%v, %v: want %v", tables, err, tt.want)
			}
		})
	}
}

// TestListingDiffers: the two lists of nft are about the same rules.
func TestListingDiffers(t *testing.T) {
	text, err := os.ReadFile("testdata/mixed/nft.txt")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/mixed/nft.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "\t\t") || !strings.Contains(line, "# handle") {
			continue
		}
		less := strings.Join(append(lines[:i:i], lines[i+1:]...), "")
		more := strings.Join(append(lines[:i:i], append([]string{line[:len(line)-1] + "9\n"}, lines[i:]...)...), "")
		for _, listing := range []string{less, more} {
			if _, err := ParseRuleset(data, []byte(listing)); !errors.Is(err, errListing) {
				t.Errorf("changed at %q: %v", line, err)
			}
		}
	}
}
