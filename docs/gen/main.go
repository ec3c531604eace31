// Command gen writes the generated part of the documentation: one page a rule
// and their index, in docs/rules, from the rules themselves.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"seawall/rules"
)

func main() {
	if err := write(filepath.Join("docs", "rules")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write replaces the pages in dir.
func write(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range pages(rules.Book().Rules()) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
