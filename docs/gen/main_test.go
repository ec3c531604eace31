package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPagesAreCurrent: the generated pages are what `make docs` writes, and docs/rules
// has no others.
func TestPagesAreCurrent(t *testing.T) {
	root := filepath.Join("..", "..")
	want, err := generated(root)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join("..", "rules"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want["rules/"+e.Name()]; !ok {
			t.Errorf("%s belongs to no rule: run 'make docs'", e.Name())
		}
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Errorf("%v: run 'make docs'", err)
			continue
		}
		if diff := cmp.Diff(text, string(got)); diff != "" {
			t.Errorf("%s is stale: run 'make docs' (-rules +page):\n%s", name, diff)
		}
	}
}
