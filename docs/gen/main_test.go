package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/attack/steps"
	"seawall/rules"
)

// TestPagesAreCurrent: docs/rules is what `make docs` writes.
func TestPagesAreCurrent(t *testing.T) {
	dir := filepath.Join("..", "rules")
	want := pages(rules.Book().Rules(), steps.All())
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want[e.Name()]; !ok {
			t.Errorf("%s belongs to no rule: run 'make docs'", e.Name())
		}
	}
	want["../coverage.md"] = coveragePage()
	want["../peers.md"] = peersPage(rules.Book().Rules())
	want["../cis.md"] = cisPage(rules.Book().Rules())
	if want["../snapshot.md"], err = factsPage(filepath.Join("..", "..", "snapshot")); err != nil {
		t.Fatal(err)
	}
	if want["../steps.md"], err = stepsPage(steps.All()); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v: run 'make docs'", err)
			continue
		}
		if diff := cmp.Diff(text, string(got)); diff != "" {
			t.Errorf("%s is stale: run 'make docs' (-rules +page):\n%s", name, diff)
		}
	}
}
