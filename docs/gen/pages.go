package main

import (
	"fmt"
	"strings"

	"seawall/attack"
	"seawall/rule"
)

// pages are the generated files about rules by name.
func pages(rules []*rule.Rule, book *attack.Book) map[string]string {
	out := map[string]string{"README.md": index(rules), "by-severity.md": bySeverity(rules)}
	steps := stepsOf(book)
	for _, r := range rules {
		out[r.ID+".md"] = page(r, steps[r.ID])
	}
	return out
}

// page says all that a rule says about itself, as `seawall explain` does.
func page(r *rule.Rule, steps []*attack.Step) string {
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
	if len(steps) > 0 {
		b.WriteString("\n## Attack steps\n\nThe same fault opens these steps of attack paths:\n\n")
		for _, s := range steps {
			fmt.Fprintf(&b, "- [%s](../steps.md#%s): %s\n", s.ID, s.ID, s.Title)
		}
	}
	fmt.Fprintf(&b, "\n## References\n\n%s", references(r.Refs))
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
