package packetfilter

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"seawall/snapshot"
)

// filterTable is a table with the chains INPUT and A, and these lines.
func filterTable(lines ...string) string {
	return "*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n" + strings.Join(lines, "\n") + "\nCOMMIT\n"
}

// statementsOf are those of the only rule.
func statementsOf(t *testing.T, tables []snapshot.FilterTable, err error) string {
	t.Helper()
	if err != nil {
		return err.Error()
	}
	for _, table := range tables {
		for _, c := range table.Chains {
			for _, r := range c.Rules {
				data, _ := json.Marshal(r.Statements)
				return strings.ReplaceAll(string(data), `"`, "")
			}
		}
	}
	return "no rule"
}

// TestSavedRules are rules that the recordings do not have: of other versions,
// and such as may mislead.
func TestSavedRules(t *testing.T) {
	tests := []struct{ name, rule, want string }{
		{"counters in front", "[12:34] -A INPUT -j DROP", "[{verdict:drop}]"},
		{"counters as an option", "-A INPUT -c 12 34 -s 10.0.0.1 -j DROP", "[{match:{fields:[saddr],values:[10.0.0.1]}},{verdict:drop}]"},
		{"old negation", "-A INPUT -s ! 10.0.0.0/8 -p tcp -m tcp --dport ! 22 -j DROP",
			"[{match:{fields:[saddr],not:true,values:[10.0.0.0/8]}},{match:{fields:[l4proto],values:[tcp]}},{match:{fields:[dport],not:true,values:[22]}},{verdict:drop}]"},
		{"mask", "-A INPUT -s 10.0.0.0/255.0.0.0 -j DROP", "[{match:{fields:[saddr],values:[10.0.0.0/8]}},{verdict:drop}]"},
		{"no match for the protocol", "-A INPUT -p tcp --dport 22: -j DROP", "[{match:{fields:[l4proto],values:[tcp]}},{match:{fields:[dport],values:[22-65535]}},{verdict:drop}]"},
		{"all protocols", "-A INPUT -p all -j DROP", "[{verdict:drop}]"},
		{"any interface", "-A INPUT -i + -j DROP", "[{match:{fields:[iif],values:[*]}},{verdict:drop}]"},
		{"comment that looks like a rule", `-A INPUT -m comment --comment -j -j ACCEPT`, "[{verdict:accept}]"},
		{"quoted option", `-A INPUT -m string --string "-j" --algo bm -j DROP`, "[{opaque:-m string --string \\-j\\ --algo bm,opaqueMatch:true},{verdict:drop}]"},
		{"unknown match", "-A INPUT -m weather --rain ! --snow 5 -j ACCEPT", "[{opaque:-m weather --rain ! --snow 5,opaqueMatch:true},{verdict:accept}]"},
		{"unknown option of a known match", "-A INPUT -m conntrack --ctstate NEW --ctmoon full -j ACCEPT", "[{opaque:-m conntrack --ctstate NEW --ctmoon full,opaqueMatch:true},{verdict:accept}]"},
		{"unsupported revision", "-A INPUT -m conntrack [unsupported revision] -j ACCEPT", "[{opaque:-m conntrack [unsupported revision],opaqueMatch:true},{verdict:accept}]"},
		{"unknown option", "-A INPUT --weather rain -j ACCEPT", "[{opaque:--weather rain -j ACCEPT}]"},
		{"unknown target with options", "-A INPUT -j WEATHER --rain", "[{opaque:-j WEATHER --rain}]"},
		{"target without a name", "-A INPUT -j", "[{opaque:-j}]"},
		{"target that is an option", "-A INPUT -j --x", "[{opaque:-j --x}]"},
		{"chain with options", "-A INPUT -j A --x", "[{opaque:-j A --x}]"},
		{"negation of nothing", "-A INPUT !", "[{opaque:!}]"},
		{"negated target", "-A INPUT ! -j DROP", "[{opaque:! -j DROP}]"},
		{"protocol only", "-A INPUT -p udp -m udp -j DROP", "[{match:{fields:[l4proto],values:[udp]}},{verdict:drop}]"},
		{"match without options", "-A INPUT -m conntrack -j DROP", "[{opaque:-m conntrack,opaqueMatch:true},{verdict:drop}]"},
		{"port without a protocol", "-A INPUT -m multiport --dports 1 -j DROP", "[{opaque:-m multiport --dports 1,opaqueMatch:true},{verdict:drop}]"},
		{"port of what is not tcp", "-A INPUT ! -p tcp -m multiport --dports 1 -j DROP", "[{match:{fields:[l4proto],not:true,values:[tcp]}},{opaque:-m multiport --dports 1,opaqueMatch:true},{verdict:drop}]"},
		{"port that is a name", "-A INPUT -p tcp -m tcp --dport ssh -j DROP", "[{match:{fields:[l4proto],values:[tcp]}},{opaque:-m tcp --dport ssh,opaqueMatch:true},{verdict:drop}]"},
		{"range that is none", "-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1 -j DROP", "[{opaque:-m iprange --src-range 10.0.0.9-10.0.0.1,opaqueMatch:true},{verdict:drop}]"},
		{"set", "-A INPUT -m set --match-set bad src -j DROP", "[{opaque:-m set --match-set bad src,opaqueMatch:true},{verdict:drop}]"},
		{"zone", "-A INPUT -j CT --zone 5", "[{opaque:-j CT --zone 5}]"},
		{"helper", "-A INPUT -p tcp -j CT --helper ftp", "[{match:{fields:[l4proto],values:[tcp]}}]"},
		{"mark that turns bits over", "-A INPUT -j MARK --set-xmark 0xff/0xf", "[{opaque:-j MARK --set-xmark 0xff/0xf}]"},
		{"two addresses", "-A INPUT -j DNAT --to-destination 10.0.0.1 --to-destination 10.0.0.2", "[{opaque:-j DNAT --to-destination 10.0.0.1 --to-destination 10.0.0.2}]"},
		{"port out of range", "-A INPUT -j DNAT --to-destination 10.0.0.1:65536", "[{opaque:-j DNAT --to-destination 10.0.0.1:65536}]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := ParseSave(toolIPTables, "ip", []byte(filterTable(tt.rule)))
			if got := statementsOf(t, tables, err); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.rule, got, tt.want)
			}
		})
	}
}

// TestSavedText: a rule's text is without counters.
func TestSavedText(t *testing.T) {
	for _, line := range []string{"-A INPUT -j DROP", "[12:34] -A INPUT -j DROP", "-A INPUT -c 12 34 -j DROP"} {
		tables, err := ParseSave(toolIPTables, "ip", []byte(filterTable(line)))
		if err != nil {
			t.Fatal(err)
		}
		if got := tables[0].Chains[0].Rules[0].Text; got != "-A INPUT -j DROP" {
			t.Errorf("%s is %s", line, got)
		}
	}
}

// TestSavedErrors: what is not whole is an error that names the line.
func TestSavedErrors(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
		line       string
	}{
		{"no COMMIT", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n", errCut, "line 3"},
		{"table in a table", "*filter\n*nat\n", errCut, "line 2"},
		{"cut in a quote", "*filter\n:INPUT ACCEPT\n-A INPUT -m comment --comment \"a\n-A INPUT -j DROP\nCOMMIT\n", errCut, "line 3"},
		{"no table", "-A INPUT -j DROP\n", errSyntax, "line 1"},
		{"other text", "iptables: permission denied\n", errSyntax, "line 1"},
		{"other text in a table", filterTable("hello"), errSyntax, "line 4"},
		{"unknown table", "*weather\nCOMMIT\n", errSyntax, "line 1"},
		{"twice the table", filterTable() + filterTable(), errSyntax, "line 6"},
		{"twice the chain", filterTable(":A -"), errSyntax, "line 4"},
		{"no chain", filterTable("-A B -j DROP"), errChain, "line 4"},
		{"jump to nowhere", filterTable("-A INPUT -j B"), errChain, "line 4"},
		{"goto nowhere", filterTable("-A INPUT -g B"), errChain, "line 4"},
		{"policy", filterTable(":OUTPUT PERHAPS"), errSyntax, "line 4"},
		{"policy of a chain that is not builtin", filterTable(":B DROP"), errSyntax, "line 4"},
		{"builtin chain without a policy", filterTable(":OUTPUT -"), errSyntax, "line 4"},
		{"chain without a policy", filterTable(":B"), errSyntax, "line 4"},
		{"deletion", filterTable("-D INPUT -j DROP"), errSyntax, "line 4"},
		{"counters without an end", filterTable("[1:2 -A INPUT"), errSyntax, "line 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := ParseSave(toolIPTables, "ip", []byte(tt.text))
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.line) || tables != nil {
				t.Errorf("%v, %v: want %v at %s", tables, err, tt.want, tt.line)
			}
		})
	}
}

// TestSavedIncompatible: a table that iptables cannot show is left to nft, also
// when it prints an empty one.
func TestSavedIncompatible(t *testing.T) {
	const text = "# Table `nat' is incompatible, use 'nft' tool.\n# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.\n" +
		"*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n*raw\n:OUTPUT DROP [0:0]\nCOMMIT\n"
	tables, err := ParseSave(toolIPTables, "ip", []byte(text))
	if err != nil || len(tables) != 1 || tables[0].Name != "raw" {
		t.Errorf("%v, %v", tables, err)
	}
}
