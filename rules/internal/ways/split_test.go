package ways_test

import (
	"net/netip"
	"testing"

	"go4.org/netipx"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
)

// TestSplit: who is let through at one address is not stopped, nothing but rules and
// policies stops, and what is not known leaves the verdict open.
func TestSplit(t *testing.T) {
	setOf := func(prefix string) *netipx.IPSet {
		var b netipx.IPSetBuilder
		b.AddPrefix(netip.MustParsePrefix(prefix))
		set, _ := b.IPSet()
		return set
	}
	way := func(verdict filter.Verdict, by, from string) matrix.Way {
		return matrix.Way{To: netip.MustParseAddrPort("192.0.2.1:80"), Answer: reach.Answer{
			Verdict: verdict, By: filter.Step{Kind: by}, Sources: setOf(from), Why: "of the way",
		}}
	}
	const all, half = "198.51.100.0/24", "198.51.100.0/25"
	for _, tt := range []struct {
		name      string
		cell      matrix.Cell
		all, none bool
		gaps      string
	}{
		{"nothing", matrix.Cell{}, false, false, ""},
		{"open", matrix.Cell{Ways: []matrix.Way{way(filter.Open, "", all)}}, true, false, ""},
		{"stopped by a rule", matrix.Cell{Ways: []matrix.Way{way(filter.Blocked, "rule", all)}}, false, true, ""},
		{"stopped by a policy", matrix.Cell{Ways: []matrix.Way{way(filter.Blocked, "policy", all)}}, false, true, ""},
		{"no route", matrix.Cell{Ways: []matrix.Way{way(filter.Blocked, "route", all)}}, false, false, ""},
		{"open, and stopped elsewhere", matrix.Cell{Ways: []matrix.Way{way(filter.Open, "", all), way(filter.Blocked, "rule", half)}}, true, false, ""},
		{"open for some", matrix.Cell{Ways: []matrix.Way{way(filter.Open, "", half), way(filter.Blocked, "rule", all)}}, false, false, ""},
		{"not known", matrix.Cell{Verdict: filter.Unknown, Why: "of the cell"}, false, false, "from a: of the cell"},
		{"not known of a way", matrix.Cell{Verdict: filter.Blocked, Why: "of the cell", Ways: []matrix.Way{way(filter.Unknown, "", all)}}, false, false, "from a: of the way"},
	} {
		got := asked(t, func(*snapshot.Snapshot) {}, func(c *rule.Context) rule.Answer {
			v := ways.Of(c)
			v.Matrix = &matrix.Matrix{Sources: []matrix.Source{{Name: "a"}}, Targets: []matrix.Target{{Name: "b"}}, Cells: [][]matrix.Cell{{tt.cell}}}
			if p := v.Split(0, 0, false); p.All() != tt.all || p.None() != tt.none {
				t.Errorf("%s: all %t, none %t", tt.name, p.All(), p.None())
			}
			return c.Pass("known")
		})
		if gapsOf(got) != tt.gaps {
			t.Errorf("%s: %q is not known, want %q", tt.name, gapsOf(got), tt.gaps)
		}
	}
}
