package main

import (
	"strings"
	"testing"

	"seawall/rules"
)

// TestPeers: each rule of another tool has one here or a reason why not, no rule here
// names one that is not in the list, and no rule is in it twice. Where a reason names a
// rule, that exists.
func TestPeers(t *testing.T) {
	same := peersOf(rules.Book().Rules())
	listed := map[string]bool{}
	for _, p := range peers {
		for _, r := range p.rules {
			if listed[r.id] {
				t.Errorf("%s is in the list twice", r.id)
			}
			listed[r.id] = true
			if len(same[r.id]) == 0 && r.why == "" {
				t.Errorf("%s of %s (%s) has no rule here, and no reason says why", r.id, p.name, r.what)
			}
			for i, word := range strings.Split(r.why, "`") {
				if _, err := rules.Book().Lookup(word); i%2 == 1 && strings.Contains(word, "-") && err != nil {
					t.Errorf("%s: %v", r.id, err)
				}
			}
		}
		for _, id := range strings.Fields(p.style) {
			if listed[id] || len(same[id]) > 0 {
				t.Errorf("%s of %s is among those that are not about security, and it is elsewhere", id, p.name)
			}
			listed[id] = true
		}
	}
	for id, names := range same {
		if !listed[id] {
			t.Errorf("%s, which %s names, is in no list", id, strings.Join(names, " and "))
		}
	}
}

// TestPeerCounts: the lists are as long as those of the tools.
func TestPeerCounts(t *testing.T) {
	for name, want := range map[string]int{
		"Trivy": 28, "Checkov": 28, "KICS, Dockerfile": 50, "hadolint": 71, "dockle": 20, "KICS, Compose": 22, "compose-lint": 27, "DockSec": 17,
	} {
		found := false
		for _, p := range peers {
			if p.name == name {
				found = true
				if got := len(p.rules) + len(strings.Fields(p.style)); got != want {
					t.Errorf("%s: %d rules, want %d", name, got, want)
				}
			}
		}
		if !found {
			t.Errorf("%s is not in the list", name)
		}
	}
}
