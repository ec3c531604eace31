package outline_test

import (
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/trial/outline"
)

// TestOutlines: of every step it can be said from where to where it leads, what it
// needs, and what ends it, unless nothing does.
func TestOutlines(t *testing.T) {
	for _, s := range steps.All().Steps() {
		o, err := outline.Of(s)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(o.From) == 0 || len(o.To) == 0 || len(o.Changes) == 0 && s.Permanent == "" {
			t.Errorf("%s: %+v", s.ID, o)
		}
		for _, text := range append(append(o.Needs, o.From...), o.To...) {
			if text == "" || strings.Contains(text, "*") {
				t.Errorf("%s: %q", s.ID, text)
			}
		}
	}
}

// TestOf: names are left out, and what stands twice is told once.
func TestOf(t *testing.T) {
	o, err := outline.Of(steps.All().Lookup("privileged-container"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(o.From, "") != "root in a container" || strings.Join(o.To, "") != "root on the host" {
		t.Errorf("from %q to %q", o.From, o.To)
	}
	found := false
	for _, c := range o.Changes {
		found = found || c.ID == "unprivileged:NAME" && strings.HasPrefix(c.Text, "Run NAME without --privileged")
	}
	if !found || len(o.Needs) != 2 {
		t.Errorf("%+v", o)
	}
	if _, err := outline.Of(&attack.Step{ID: "no-step"}); err == nil {
		t.Error("an invalid step has an outline")
	}
}
