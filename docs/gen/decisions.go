package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// decisionsPage lists the decisions, whose files are in a directory, by their numbers.
func decisionsPage(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "[0-9]*.md"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Decisions\n\nWhat a newcomer may question, and why it is so. Listed by `make docs`.\n\n")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		base := filepath.Base(name)
		fmt.Fprintf(&b, "- [%s](%s)\n", title, base)
	}
	return b.String(), nil
}
