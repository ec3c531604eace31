package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"seawall/attack"
	"seawall/lang"
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
	m.add("\n" + lang.Sentence("Seawall "+mdText(p.Tool)) + "\n")
	if _, err := io.WriteString(w, m.String()); err != nil {
		return lang.Errorf("write Markdown: %w", err)
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
		return lang.Sprintf("no certain path, %d possible", possible)
	case m.Certain() == 0:
		return lang.T("no path was found")
	}
	worst := &m.Paths.Paths[0]
	return lang.Sprintf("%s for %s, with effort %d", mdText(m.name(worst.To)), mdText(m.together(worst.From)), worst.Cost)
}

func (m *pathsMarkdown) assumed() string {
	if len(m.Assumed) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>" + lang.T("Assumed, for files do not tell") + "</summary>\n\n")
	for _, a := range m.Assumed {
		fmt.Fprintf(&b, "- %s\n", mdText(lang.T(a)))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func (m *pathsMarkdown) made() string {
	var b strings.Builder
	for _, c := range m.Made {
		b.WriteString("\n" + lang.Sprintf("As if done: %s", mdText(c.Text)) + "\n")
	}
	return b.String()
}

// baseline tells what is new and what is gone.
func (m *pathsMarkdown) baseline() string {
	if m.Baseline == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n**" + lang.Sprintf("Since the baseline: %d new, %d gone", len(m.Baseline.New), len(m.Baseline.Gone)) + "**\n\n")
	for _, p := range m.Baseline.New {
		b.WriteString("- " + lang.Sprintf("new: %s → %s, effort %d", mdCode(p.From), mdCode(p.To), p.Cost) + "\n")
	}
	for _, p := range m.Baseline.Gone {
		b.WriteString("- " + lang.Sprintf("gone: %s → %s", mdCode(p.From), mdCode(p.To)) + "\n")
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
	b.WriteString("\n| " + lang.T("effort from") + " | " + mdNames(m.pathNames, targets) + " |\n|" + strings.Repeat(" --- |", len(targets)+1) + "\n")
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
	title := "\n### " + lang.T("What to change first") + "\n\n"
	switch {
	case m.Certain() == 0:
		return nil
	case !m.Cut.Possible:
		var b strings.Builder
		b.WriteString(title + lang.T("No set of the changes that may be made ends all paths. This one stays:") + "\n\n")
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
	b.WriteString("- [ ] " + mdText(c.said()) + "<br>" + lang.Sprintf("%s, %s. May break: %s", mdCode(c.ID), mdText(c.about(m.Certain())), mdText(c.Breaks)) + "\n")
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
			b.WriteString("   - " + lang.T("seen: ") + mdCode(evidenceText(e, false)) + "\n")
		}
		for _, missing := range h.Missing {
			b.WriteString("   - " + lang.T("not seen: ") + mdText(missingText(missing)) + "\n")
		}
		if len(h.Ends) > 0 {
			b.WriteString("   - " + lang.T("ended by: ") + mdText(h.changes()) + "\n")
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
	return fold(lang.Plural(len(groups), "Possible, if what was not seen is so: %d path", "Possible, if what was not seen is so: %d paths", len(groups)), b.String())
}

func (m *pathsMarkdown) gaps() string {
	if len(m.Gaps) == 0 {
		return ""
	}
	var b strings.Builder
	for _, g := range m.Gaps {
		fmt.Fprintf(&b, "- %s\n", mdText(missingText(g)))
	}
	return fold(lang.T("Not read: there may be more paths"), b.String())
}

// mdSummary is a text of any origin in a line of HTML, which is what a summary is:
// without markup, links, or mentions of people.
func mdSummary(s string) string {
	return strings.ReplaceAll(html.EscapeString(mdApart(clean(oneParagraph(s)))), "`", "&#96;")
}
