package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"seawall/attack"
)

// PathsMarkdown writes attack paths as a comment on a merge request or an issue:
// who gets where in a table, what to change as a list of tasks, the paths folded.
func PathsMarkdown(w io.Writer, p *Paths) error {
	m := &pathsMarkdown{Paths: p, pathNames: p.names()}
	m.add(mdHead(p.head(), m.headline()))
	m.add(m.assumed())
	m.add(m.made())
	m.add(m.baseline())
	m.add(m.grid())
	for _, section := range m.tasks() {
		m.add(section)
	}
	for i, g := range p.groups(m.pathNames, false) {
		m.add(m.path(i+1, g))
	}
	m.add(m.possible())
	m.add(m.gaps())
	m.add(fmt.Sprintf("\nSeawall %s.\n", mdText(p.Tool)))
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

// pathsMarkdown is a comment being written.
type pathsMarkdown struct {
	comment
	*Paths
	pathNames
}

// headline says the worst in a few words.
func (m *pathsMarkdown) headline() string {
	switch possible := len(m.groups(m.pathNames, true)); {
	case m.Certain() == 0 && possible > 0:
		return "no certain path, " + itoa(possible) + " possible"
	case m.Certain() == 0:
		return "no path was found"
	}
	worst := &m.Paths.Paths[0]
	return fmt.Sprintf("%s for %s, with effort %d", mdText(m.name(worst.To)), mdText(m.all(worst.From, " together with ")), worst.Cost)
}

func (m *pathsMarkdown) assumed() string {
	if len(m.Assumed) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>Assumed, for files do not tell</summary>\n\n")
	for _, a := range m.Assumed {
		fmt.Fprintf(&b, "- %s\n", mdText(a))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func (m *pathsMarkdown) made() string {
	var b strings.Builder
	for _, c := range m.Made {
		fmt.Fprintf(&b, "\nAs if done: %s\n", mdText(c.Text))
	}
	return b.String()
}

// baseline tells what is new and what is gone.
func (m *pathsMarkdown) baseline() string {
	if m.Baseline == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n**Since the baseline: %d new, %d gone**\n\n", len(m.Baseline.New), len(m.Baseline.Gone))
	for _, p := range m.Baseline.New {
		fmt.Fprintf(&b, "- new: %s → %s, effort %d\n", mdCode(p.From), mdCode(p.To), p.Cost)
	}
	for _, p := range m.Baseline.Gone {
		fmt.Fprintf(&b, "- gone: %s → %s\n", mdCode(p.From), mdCode(p.To))
	}
	return b.String()
}

// grid is the table of who gets where.
func (m *pathsMarkdown) grid() string {
	targets := m.reached()
	if len(targets) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| effort from | " + mdNames(m.pathNames, targets) + " |\n|" + strings.Repeat(" --- |", len(targets)+1) + "\n")
	for _, r := range m.rows(targets) {
		fmt.Fprintf(&b, "| %s | %s |\n", mdText(m.entry(r)), strings.Join(r.cells, " | "))
	}
	return b.String()
}

func mdNames(names pathNames, ids []string) string {
	var cells []string
	for _, id := range ids {
		cells = append(cells, mdText(names.name(id)))
	}
	return strings.Join(cells, " | ")
}

// tasks are the changes of the cut, each a section.
func (m *pathsMarkdown) tasks() []string {
	const title = "\n### What to change first\n\n"
	switch {
	case m.Certain() == 0:
		return nil
	case !m.Cut.Possible:
		var b strings.Builder
		b.WriteString(title + "No set of the changes that may be made ends all paths. This one stays:\n\n")
		m.hops(&b, m.Cut.Uncut)
		return []string{b.String()}
	}
	out := []string{title + mdText(m.verdict()) + "\n\n"}
	for i := range m.Cut.Changes {
		out = append(out, m.task(&m.Cut.Changes[i]))
	}
	return out
}

func (m *pathsMarkdown) task(c *PathChange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- [ ] %s<br>%s, %s. May break: %s\n", mdText(c.said()), mdCode(c.ID), mdText(c.about(m.Certain())), mdText(c.Breaks))
	for _, f := range c.forms() {
		fmt.Fprintf(&b, "\n  %s:\n\n%s\n", f.label, indent(mdBlock(f.text), "  "))
	}
	return b.String()
}

// indent puts a text below an item of a list.
func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}

// path is a path behind a summary.
func (m *pathsMarkdown) path(n int, g *pathGroup) string {
	var b strings.Builder
	m.hops(&b, g.Hops)
	return fold(mdSummary(fmt.Sprintf("%d. %s", n, g.heading(m.pathNames, mdSubjects))), b.String())
}

// hops are moves as a numbered list.
func (m *pathsMarkdown) hops(b *strings.Builder, hops []PathHop) {
	n := 0
	for i := range hops {
		h := &hops[i]
		if h.Step == attack.TakenOverID {
			continue
		}
		n++
		fmt.Fprintf(b, "%d. %s → %s (%s, ATT&CK %s)\n", n, mdText(h.does(h.What)), mdText(m.name(h.To)), mdCode(h.Step), mdText(h.ATTACK))
		for _, e := range h.Evidence[:min(len(h.Evidence), mdEvidence)] {
			fmt.Fprintf(b, "   - seen: %s\n", mdCode(evidenceText(e, false)))
		}
		for _, missing := range h.Missing {
			fmt.Fprintf(b, "   - not seen: %s\n", mdText(missingText(missing)))
		}
		if len(h.Ends) > 0 {
			fmt.Fprintf(b, "   - ended by: %s\n", mdText(h.changes()))
		}
	}
}

// possible are the paths that rest on what was not seen.
func (m *pathsMarkdown) possible() string {
	groups := m.groups(m.pathNames, true)
	if len(groups) == 0 {
		return ""
	}
	var b strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&b, "\n**%s**\n\n", mdText(g.heading(m.pathNames, mdSubjects)))
		m.hops(&b, g.Hops)
	}
	return fold("Possible, if what was not seen is so: "+plural(len(groups), "path"), b.String())
}

func (m *pathsMarkdown) gaps() string {
	if len(m.Gaps) == 0 {
		return ""
	}
	var b strings.Builder
	for _, g := range m.Gaps {
		fmt.Fprintf(&b, "- %s\n", mdText(missingText(g)))
	}
	return fold("Not read: there may be more paths", b.String())
}

// mdSummary is a text of any origin in a line of HTML, which is what a summary is:
// without markup, links, or mentions of people.
func mdSummary(s string) string {
	return strings.ReplaceAll(html.EscapeString(mdApart(clean(oneParagraph(s)))), "`", "&#96;")
}
