package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLicenseOf: known licences are told apart, and an unknown one is an error.
func TestLicenseOf(t *testing.T) {
	const two = "Redistributions of source code must retain…\nRedistributions in binary form\nmust reproduce the above…"
	for text, want := range map[string]string{
		"\n   Apache License\n   Version 2.0, January 2004\n":                         "Apache-2.0",
		"MIT License\n\nPermission is hereby granted, free of\ncharge, to any person": "MIT",
		two:                                  "BSD-2-Clause",
		two + "\n   * Neither the name of X": "BSD-3-Clause",
		"// Permission is hereby granted, free of charge\n---\nApache License\nVersion 2.0, January 2004": "Apache-2.0 AND MIT",
		"GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007":                                             "",
	} {
		got, err := licenseOf(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, err, want)
		}
	}
}

// TestModule: a module without a known licence is refused by name.
func TestModule(t *testing.T) {
	dir := t.TempDir()
	m := &module{path: "example.org/x"}
	if err := m.read(dir); err == nil || !strings.Contains(err.Error(), "example.org/x") {
		t.Errorf("without a licence: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "COPYING"), []byte("All rights reserved."), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := m.read(dir); err == nil || !strings.Contains(err.Error(), "COPYING") {
		t.Errorf("with an unknown licence: %v", err)
	}
}
