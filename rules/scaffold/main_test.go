package main

import (
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScaffold(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "container")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	listFile := filepath.Join(dir, "rules.go")
	if err := os.WriteFile(listFile, []byte("package container\n\nfunc Rules() []*rule.Rule {\n\treturn []*rule.Rule{\n\t\tfirst(),\n\t}\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path, err := scaffold(root, "container-has-a-fault")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := format.Source(text); err != nil {
		t.Errorf("the scaffold does not parse: %v", err)
	}
	listed, err := os.ReadFile(listFile)
	if err != nil || !strings.Contains(string(listed), "containerHasAFault(),\n\t\tfirst()") {
		t.Errorf("the list is %s (%v)", listed, err)
	}
	if _, err := scaffold(root, "container-has-a-fault"); err == nil {
		t.Error("an existing rule was written over")
	}
}

func TestScaffoldRefuses(t *testing.T) {
	for _, id := range []string{"", "x", "Container-Bad", "teapot-is-short"} {
		if _, err := scaffold(t.TempDir(), id); err == nil {
			t.Errorf("%q was accepted", id)
		}
	}
}
