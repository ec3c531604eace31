package engine

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// TestUnstable: of Debian's unstable suite it is not known how long what runs is mended,
// and one gap says so of all parts.
func TestUnstable(t *testing.T) {
	r := judged(t, "engine-branch-unmaintained", func(s *snapshot.Snapshot) {
		example.Set(&s.Host.OS, snapshot.OS{ID: "debian"})
		programs, _ := s.Host.Software.Programs.Peek()
		changed := []snapshot.Program{}
		for _, p := range programs {
			pkg, _ := p.Package.Peek()
			pkg.Maintainer = "Debian Go Packaging Team <team+pkg-go@tracker.debian.org>"
			p.Package = snapshot.See(pkg, p.Package.Origin())
			changed = append(changed, p)
		}
		example.Set(&s.Host.Software.Programs, changed)
	}, nil)
	if r.Verdict != rule.Unknown || len(r.Gaps) != 1 {
		t.Fatalf("%s with %d gaps: %+v", r.Verdict, len(r.Gaps), r.Gaps)
	}
	gap := r.Gaps[0]
	for _, want := range []string{"engine 29.8.2", "containerd", "runc", "Debian testing or unstable has no time of support"} {
		if !strings.Contains(gap.Detail, want) {
			t.Errorf("the gap %q does not name %q", gap.Detail, want)
		}
	}
	if gap.Remedy == "" || strings.Contains(gap.Remedy, "data update") {
		t.Errorf("the remedy is %q: newer data tells nothing of unstable", gap.Remedy)
	}
}
