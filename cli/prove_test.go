package cli

import (
	"slices"
	"testing"

	"seawall/attack"
	"seawall/report"
	"seawall/source/prove"
)

// TestProveKinds: the source knows all kinds of checks that steps give.
func TestProveKinds(t *testing.T) {
	known := prove.Kinds()
	for _, k := range attack.CheckKinds() {
		if !slices.Contains(known, prove.Kind(k)) {
			t.Errorf("nobody looks at %q", k)
		}
	}
	if len(known) != len(attack.CheckKinds()) {
		t.Errorf("%v are looked at, %v are asked for", known, attack.CheckKinds())
	}
}

// TestJudge: what looks found makes a verdict.
func TestJudge(t *testing.T) {
	outcomes := []prove.Outcome{{State: prove.Holds, Tried: "a", Found: "x"}, {State: prove.Fails, Tried: "b", Found: "y"}, {State: prove.Untried, Found: "z"}}
	for _, tt := range []struct {
		checks    []int
		unchecked []string
		want      report.ProofVerdict
		detail    string
		tried     int
	}{
		{[]int{0}, nil, report.Proven, "", 1},
		{[]int{0, 1, 2}, []string{"w"}, report.Refuted, "b: y", 2},
		{[]int{0, 2}, nil, report.NotProvable, "z", 1},
		{[]int{0}, []string{"w"}, report.NotProvable, "nothing harmless shows this: w", 1},
		{nil, nil, report.NotProvable, "it follows from what was read, and to see more it would have to be done", 0},
	} {
		h := hopProof{checks: tt.checks, unchecked: tt.unchecked}
		h.judge(outcomes)
		if h.Verdict != tt.want || h.Detail != tt.detail || len(h.Tried) != tt.tried {
			t.Errorf("%v %v: %+v, want %s, %q", tt.checks, tt.unchecked, h.PathProof, tt.want, tt.detail)
		}
	}
}
