package ways

import (
	"net/netip"
	"testing"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/reach/matrix"
)

// TestReached: a way for all addresses before one for some; what is not known counts
// where there is no way, the cell's reason first.
func TestReached(t *testing.T) {
	way := func(to string, verdict filter.Verdict) matrix.Way {
		return matrix.Way{To: netip.MustParseAddrPort(to), Answer: reach.Answer{Verdict: verdict, Why: "of the way"}}
	}
	const one, two = "192.0.2.1:80", "192.0.2.2:80"
	for _, tt := range []struct {
		name    string
		cell    matrix.Cell
		way     int // of the cell, from 1; 0 for none
		partly  bool
		unknown string
	}{
		{"blocked", matrix.Cell{Verdict: filter.Blocked, Why: "blocked", Ways: []matrix.Way{way(one, filter.Blocked)}}, 0, false, ""},
		{"not known", matrix.Cell{Verdict: filter.Unknown, Why: "of the cell"}, 0, false, "of the cell"},
		{"not known of a way", matrix.Cell{Verdict: filter.Blocked, Ways: []matrix.Way{way(one, filter.Unknown)}}, 0, false, "of the way"},
		{"not known of both", matrix.Cell{Verdict: filter.Unknown, Why: "of the cell", Ways: []matrix.Way{way(one, filter.Unknown)}}, 0, false, "of the cell"},
		{"open", matrix.Cell{Verdict: filter.Open, Ways: []matrix.Way{way(one, filter.Open)}}, 1, false, ""},
		{"open for some", matrix.Cell{Verdict: filter.Open, Ways: []matrix.Way{way(one, filter.Open), way(one, filter.Blocked)}}, 1, true, ""},
		{"open for some, and for all elsewhere", matrix.Cell{Verdict: filter.Open, Ways: []matrix.Way{way(one, filter.Open), way(two, filter.Open), way(one, filter.Blocked)}}, 2, false, ""},
		{"open for all, and for some elsewhere", matrix.Cell{Verdict: filter.Open, Ways: []matrix.Way{way(one, filter.Open), way(two, filter.Open), way(two, filter.Blocked)}}, 1, false, ""},
	} {
		got, unknown := Asked{Open: Open}.reached(&matrix.Source{}, &tt.cell)
		var want *matrix.Way
		if tt.way > 0 {
			want = &tt.cell.Ways[tt.way-1]
		}
		if got.Way != want || got.Partly != tt.partly || unknown != tt.unknown {
			t.Errorf("%s: %+v, %q", tt.name, got, unknown)
		}
	}
	counts := Asked{Open: Open, Counts: func(*matrix.Source, *matrix.Way) bool { return false }}
	if got, _ := counts.reached(&matrix.Source{}, &matrix.Cell{Ways: []matrix.Way{way(one, filter.Open)}}); got.Way != nil {
		t.Error("a way that does not count")
	}
}
