package snapshot_test

import (
	"testing"

	"seawall/snapshot"
)

// counter counts what a witness is told.
type counter struct{ saw, missed int }

func (c *counter) Saw(snapshot.Origin, any)             { c.saw++ }
func (c *counter) Missed(snapshot.Origin, snapshot.Gap) { c.missed++ }
func (c *counter) Stop()                                {}

func TestLookLeavesNoEvidenceAndHidesNoGap(t *testing.T) {
	o := snapshot.At("list", "test")
	tests := []struct {
		name string
		fact snapshot.Fact[[]int]
		ok   bool
		want counter
	}{
		{"seen", snapshot.See([]int{1}, o), true, counter{}},
		{"absent", snapshot.None[[]int](o), true, counter{}},
		{"unreadable", snapshot.Lost[[]int](snapshot.Gap{Reason: snapshot.ReasonPermission}, o), false, counter{missed: 1}},
		{"not collected", snapshot.Fact[[]int]{}, false, counter{missed: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got counter
			if _, ok := tt.fact.Look(&got); ok != tt.ok || got != tt.want {
				t.Errorf("Look says %t, witness %+v; want %t, %+v", ok, got, tt.ok, tt.want)
			}
		})
	}
}
