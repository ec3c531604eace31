package ways

import (
	"testing"

	"seawall/snapshot"
)

// TestAllowed: which rules say that a port is meant to be open.
func TestAllowed(t *testing.T) {
	match := func(field snapshot.FilterField, not bool, values ...string) snapshot.FilterStatement {
		return snapshot.FilterStatement{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{field}, Not: not, Values: values}}
	}
	ends := func(verdict string, matches ...snapshot.FilterStatement) snapshot.FilterRule {
		return snapshot.FilterRule{Statements: append(matches, snapshot.FilterStatement{Verdict: verdict})}
	}
	accept := func(values ...string) snapshot.FilterRule {
		return ends("accept", match(snapshot.FieldPort, false, values...))
	}
	range80, not80, not81 := match(snapshot.FieldPort, false, "70-90"), match(snapshot.FieldPort, true, "80"), match(snapshot.FieldPort, true, "81")
	jump := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Verdict: "jump", Chain: "more"}}}
	lookup := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Lookup: &snapshot.FilterLookup{Map: "map"}}}}
	inline := snapshot.FilterRule{Statements: []snapshot.FilterStatement{{Lookup: &snapshot.FilterLookup{Verdicts: []snapshot.FilterVerdict{{Verdict: "jump", Chain: "more"}}}}}}
	sets := []snapshot.FilterSet{
		{Name: "ports", Elements: []string{"22", "80"}},
		{Name: "map", Verdicts: []snapshot.FilterVerdict{{Verdict: "goto", Chain: "more"}}},
		{Name: "others", Elements: []string{"22", "443"}},
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
		{"a set without it", "ip", "input", false, false, accept("@others"), jump, false},
		{"words", "ip", "input", false, false, accept("http", "70-z", "z-90", "70-99999"), jump, false},
		{"a drop", "ip", "input", false, false, ends("drop", range80), jump, false},
		{"all but another", "ip", "input", false, false, ends("accept", not81), jump, false},
		{"all but the port", "ip", "input", false, false, ends("accept", not80), jump, false},
		{"a range, but for another", "ip", "input", false, false, ends("accept", range80, not81), jump, true},
		{"a range, but for the port", "ip", "input", false, false, ends("accept", range80, not80), jump, false},
		{"the port of the sender", "ip", "input", false, false, ends("accept", match(snapshot.FieldSourcePort, false, "80")), jump, false},
		{"chains in a circle", "ip", "input", false, false, jump, jump, false},
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
