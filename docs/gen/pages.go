package main

import (
	"fmt"
	"strings"

	"seawall/rule"
)

// pages are the generated files by name.
func pages(rules []*rule.Rule) map[string]string {
	out := map[string]string{"README.md": index(rules)}
	for _, r := range rules {
		out[r.ID+".md"] = page(r)
	}
	return out
}

// index lists the rules by the kind of subject they judge.
func index(rules []*rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rules\n\n%d rules, by what they judge. Generated from the rules by `make docs`.\n\n"+
		"Rules marked as *benchmark* ask what the CIS Docker Benchmark asks, to the letter. Their findings are no faults by themselves; they belong to the profiles of the benchmark ([table](../cis.md)) and to `all`.\nThose marked `--deep`, `--lists` or `--observation` are asked with that flag only, and those marked *Dockerfile* where one is judged.\n", len(rules))
	for _, kind := range rule.Kinds() {
		header := false
		for _, r := range rules {
			if r.Kind() != kind {
				continue
			}
			if !header {
				fmt.Fprintf(&b, "\n## %s\n\n| rule | severity | fault |\n| --- | --- | --- |\n", kind)
				header = true
			}
			severity := r.Severity.String()
			if r.Exact {
				severity = "benchmark"
			}
			if r.Deep {
				severity += " (`--deep`)"
			}
			if r.Lists {
				severity += " (`--lists`)"
			}
			if r.Observed {
				severity += " (`--observation`)"
			}
			if r.Dockerfile {
				severity += " (Dockerfile)"
			}
			fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", r.ID, r.ID, severity, cell(r.Title))
		}
	}
	return b.String()
}

// page says all that a rule says about itself, as `seawall explain` does.
func page(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n`%s` · severity %s", r.Title, r.ID, r.Severity)
	if r.Confined != 0 && r.Confined != r.Severity {
		fmt.Fprintf(&b, " (%s where root in the container is not root on the host)", r.Confined)
	}
	if r.Exact {
		b.WriteString(" · asked for a benchmark only")
	}
	if r.Deep {
		b.WriteString(" · asked with --deep")
	}
	if r.Lists {
		b.WriteString(" · asked with --lists")
	}
	if r.Observed {
		b.WriteString(" · asked with --observation")
	}
	if r.Dockerfile {
		b.WriteString(" · asked of Dockerfiles")
	}
	fmt.Fprintf(&b, " · judges each %s\n\n%s\n\n## Fix\n\n%s\n", r.Kind(), paragraph(r.Why), paragraph(r.Fix.Text))
	code(&b, "docker run", "sh", r.Fix.Run)
	code(&b, "Compose", "yaml", r.Fix.Compose)
	code(&b, "daemon.json", "json", r.Fix.Daemon)
	code(&b, "Shell", "sh", r.Fix.Shell)
	fmt.Fprintf(&b, "\nMay break: %s\n", paragraph(r.Fix.Breaks))
	edits(&b, r.Fix.Edits)
	examples(&b, "Fails", r.Bad)
	examples(&b, "Passes", r.Good)
	b.WriteString("\n## References\n\n")
	for _, ref := range r.Refs.List() {
		fmt.Fprintf(&b, "- %s\n", ref)
	}
	return b.String()
}

// edits says what 'audit --fix' changes in a service of a Compose file.
func edits(b *strings.Builder, e rule.Edits) {
	switch {
	case e.Not != "":
		fmt.Fprintf(b, "\n`audit --fix` leaves it: %s.\n", paragraph(e.Not))
		return
	case len(e.Do) == 0:
		return
	}
	words := make([]string, len(e.Do))
	for i, edit := range e.Do {
		words[i] = "`" + edit.String() + "`"
	}
	fmt.Fprintf(b, "\n`audit --fix=all` writes into a Compose file: %s.", strings.Join(words, "; "))
	if e.SafeWhen != "" {
		fmt.Fprintf(b, " `audit --fix` does, %s.", paragraph(e.SafeWhen))
	}
	b.WriteString("\n")
}

func examples(b *strings.Builder, title string, list []rule.Example) {
	fmt.Fprintf(b, "\n## %s\n", title)
	for _, e := range list {
		if e.Show != "" {
			fmt.Fprintf(b, "\n%s\n", paragraph(e.Show))
		}
		code(b, "", "sh", e.Run)
		code(b, "", "sh", e.Firewall)
		code(b, "daemon.json", "json", e.Daemon)
		code(b, "~/.docker/config.json", "json", e.Config)
	}
}

// code writes a fenced block under a label.
func code(b *strings.Builder, label, language, text string) {
	if text == "" {
		return
	}
	if label != "" {
		fmt.Fprintf(b, "\n%s:\n", label)
	}
	fmt.Fprintf(b, "\n```%s\n%s\n```\n", language, strings.Trim(text, "\n"))
}

func paragraph(s string) string { return strings.Join(strings.Fields(s), " ") }

func cell(s string) string { return strings.ReplaceAll(paragraph(s), "|", `\|`) }
