// Command gen writes the generated part of the documentation from the rules
// themselves: one page a rule and their indexes, in docs/rules, the table of the
// CIS Docker Benchmark, the fields that own rules see, the steps of attack
// paths, where they tell what other tools look for or ask of declarations, the
// formats, and the list of decisions.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"seawall/attack/steps"
	"seawall/rules"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write replaces the generated pages of a repository.
func write(root string) error {
	pages, err := generated(root)
	if err != nil {
		return err
	}
	docs := filepath.Join(root, "docs")
	if err := os.RemoveAll(filepath.Join(docs, "rules")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(docs, "rules"), 0o755); err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generated are the generated pages by their path below docs.
func generated(root string) (map[string]string, error) {
	book, docs := rules.Book().Rules(), filepath.Join(root, "docs")
	out := map[string]string{"coverage.md": coveragePage(), "peers.md": peersPage(book), "cis.md": cisPage(book)}
	for name, text := range pages(book, steps.All()) {
		out["rules/"+name] = text
	}
	formats, err := schemaPages(filepath.Join(docs, "schema"))
	if err != nil {
		return nil, err
	}
	for name, text := range formats {
		out["schema/"+name] = text
	}
	single := map[string]func() (string, error){
		"snapshot.md":   func() (string, error) { return factsPage(filepath.Join(root, "snapshot")) },
		"steps.md":      func() (string, error) { return stepsPage(steps.All()) },
		"adr/README.md": func() (string, error) { return decisionsPage(filepath.Join(docs, "adr")) },
	}
	for name, page := range single {
		if out[name], err = page(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
