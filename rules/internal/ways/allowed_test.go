package ways

import (
	"testing"

	"seawall/snapshot"
)

// TestAllowed: which rules say that a port is meant to be open.
func TestAllowed(t *testing.T) {
	accept := func(values ...string) snapshot.FilterRule {
		return snapshot.FilterRule{Statements: []snapshot.FilterStatement{
			{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldPort}, Values: values}}, {Verdict: "accept"},
		}}
	}
	drop, not := accept("80"), accept("80")
	drop.Statements[1].Verdict = "drop"
	not.Statements[0].Match = &snapshot.FilterMatch{Fields: []snapshot.FilterField{snapshot.FieldPort}, Not: true, Values: []string{"81"}}
	jump := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Verdict: "jump", Chain: "more"}}}
	lookup := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Lookup: &snapshot.FilterLookup{Map: "map"}}}}
	inline := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Lookup: &snapshot.FilterLookup{Verdicts: []snapshot.FilterVerdict{{Verdict: "jump", Chain: "more"}}}}}}
	sets := []snapshot.FilterSet{
		{Name: "ports", Elements: []string{"22", "80"}},
		{Name: "map", Verdicts: []snapshot.FilterVerdict{{Verdict: "goto", Chain: "more"}}},
	}
	for _, tt := range []struct {
		name, family, hook string
		dormant, ipv6      bool
		first, more        snapshot.FilterRule
		want               bool
	}{
		{"the port", "ip", "input", false, false, accept("80"), jump, true},
		{"another", "ip", "input", false, false, accept("79", "81"), jump, false},
		{"a range", "ip", "input", false, false, accept("80-90"), jump, true},
		{"the end of a range", "ip", "input", false, false, accept("70-80"), jump, true},
		{"beside ranges", "ip", "input", false, false, accept("70-79", "81-90"), jump, false},
		{"a set", "ip", "input", false, false, accept("@ports"), jump, true},
		{"a set that is not there", "ip", "input", false, false, accept("@gone"), jump, false},
		{"words", "ip", "input", false, false, accept("http", "70-z"), jump, false},
		{"a drop", "ip", "input", false, false, drop, jump, false},
		{"all but another", "ip", "input", false, false, not, jump, false},
		{"in a chain of its own", "ip", "input", false, false, jump, accept("80"), true},
		{"by a map", "ip", "input", false, false, lookup, accept("80"), true},
		{"by a map in the rule", "ip", "input", false, false, inline, accept("80"), true},
		{"in a chain that nothing leads to", "ip", "input", false, false, accept("81"), accept("80"), false},
		{"what is forwarded", "ip", "forward", false, false, accept("80"), jump, false},
		{"a table of both", "inet", "input", false, true, accept("80"), jump, true},
		{"the other family", "ip", "input", false, true, accept("80"), jump, false},
		{"IPv6", "ip6", "input", false, true, accept("80"), jump, true},
		{"not in force", "ip", "input", true, false, accept("80"), jump, false},
	} {
		v := &View{filters: map[string]snapshot.PacketFilter{"host": {Tables: []snapshot.FilterTable{{
			Family: tt.family, Dormant: tt.dormant, Sets: sets,
			Chains: []snapshot.FilterChain{
				{Name: "first", Hook: tt.hook, Rules: []snapshot.FilterRule{tt.first}}, {Name: "more", Rules: []snapshot.FilterRule{tt.more}},
			},
		}}}}}
		if got := v.Allowed("host", tt.ipv6, 80); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
