package report

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPathsBaseline compares every container by itself, whatever it is alike to.
func TestPathsBaseline(t *testing.T) {
	was := &Paths{Format: PathsFormat,
		States: []PathState{{ID: "container:a", IDs: []string{"container:a", "container:b"}}},
		Pairs:  []PathPair{{From: "container:a", To: "host-root", Cost: 1}, {From: "user:x", To: "host-root", Cost: 1, Possible: true}},
	}
	now := &Paths{Format: PathsFormat, Pairs: []PathPair{
		{From: "container:b", To: "host-root", Cost: 2}, {From: "user:x", To: "host-root", Cost: 1}, {From: "user:y", To: "engine", Possible: true},
	}}
	var saved bytes.Buffer
	if err := PathsJSON(&saved, was); err != nil {
		t.Fatal(err)
	}
	read, err := DecodePaths(&saved)
	if err != nil {
		t.Fatal(err)
	}
	now.CompareWith(read, func(string, string) bool { return true })
	want := &PathsBaseline{New: []PathPair{{From: "user:x", To: "host-root", Cost: 1}}, Gone: []PathPair{{From: "container:a", To: "host-root", Cost: 1}}}
	if diff := cmp.Diff(want, now.Baseline); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	now.CompareWith(read, func(from, _ string) bool { return from != "container:a" })
	if len(now.Baseline.Gone) != 0 {
		t.Errorf("gone: %v", now.Baseline.Gone)
	}
	for _, text := range []string{"", "{}", `{"format": "seawall.paths/2"}`, `{"format": "seawall.paths/1"} x`} {
		if _, err := DecodePaths(bytes.NewReader([]byte(text))); err == nil {
			t.Errorf("%q is taken for paths", text)
		}
	}
}
