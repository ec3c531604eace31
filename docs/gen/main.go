// Command gen writes the generated part of the documentation from the rules
// themselves: one page a rule and their index, in docs/rules, the table of the
// CIS Docker Benchmark, the fields that own rules see, the steps of attack
// paths, and where they tell what other tools look for or ask of declarations.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"seawall/attack/steps"
	"seawall/rules"
)

func main() {
	if err := write("docs"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write replaces the pages in the documentation's directory.
func write(docs string) error {
	dir := filepath.Join(docs, "rules")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range pages(rules.Book().Rules(), steps.All()) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	facts, err := factsPage("snapshot")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "snapshot.md"), []byte(facts), 0o644); err != nil {
		return err
	}
	attackSteps, err := stepsPage(steps.All())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "steps.md"), []byte(attackSteps), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "coverage.md"), []byte(coveragePage()), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "peers.md"), []byte(peersPage(rules.Book().Rules())), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "cis.md"), []byte(cisPage(rules.Book().Rules())), 0o644)
}
