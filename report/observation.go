package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"seawall/observation"
)

// ObservationText writes what containers were seen to use, for a person.
func ObservationText(w io.Writer, o *observation.Observation, style Style) error {
	var b bytes.Buffer
	t := observationText{&b, style}
	t.head(o)
	for i := range o.Containers {
		t.container(&o.Containers[i])
	}
	t.foot(o)
	_, err := w.Write(b.Bytes())
	return err
}

type observationText struct {
	*bytes.Buffer
	Style
}

// line writes a labelled line, broken under its label.
func (t observationText) line(label, text string) {
	const indent = 15
	for i, part := range wrap(clean(text), t.width()-indent-2) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %-*s%s\n", indent, label, part)
	}
}

// list writes a labelled list, if it holds anything.
func (t observationText) list(label string, list []string) {
	if len(list) > 0 {
		t.line(label, strings.Join(list, ", "))
	}
}

func (t observationText) head(o *observation.Observation) {
	var total time.Duration
	for _, w := range o.Watches {
		total += w.To.Sub(w.From)
	}
	text := fmt.Sprintf("%s on %s, watched for %s", plural(len(o.Containers), "container"), clean(o.Host.Name), observation.Span(total.Seconds()))
	if len(o.Watches) > 1 {
		text += " in " + itoa(len(o.Watches)) + " watches"
	}
	fmt.Fprintf(t, "%s\n", t.paint(bold, text))
}

func (t observationText) container(c *observation.Container) {
	name := c.Name
	if name == "" {
		name = c.ID[:min(12, len(c.ID))] + " (name not known)"
	}
	title := t.paint(bold, clean(name))
	if c.Image != "" {
		title += "  " + t.paint(dim, clean(c.Image))
	}
	fmt.Fprintf(t, "\n%s\n", title)
	t.line("watched", watchedText(c.Watched))
	used := c.Used()
	if used == 0 {
		t.line("capabilities", "none used")
	}
	for _, one := range used.Names() {
		t.line(one, observation.Reason(c.Evidence(one)))
	}
	if refused := c.Refused(); refused != 0 {
		t.line("refused", refused.String())
	}
	if c.Bounding != nil {
		if idle := *c.Bounding &^ used; idle != 0 {
			t.line("not used", idle.String())
		}
	}
	for _, s := range c.Syscalls {
		t.line(callsLabel(s.Session), callsText(s, t.Verbose))
	}
	t.list("listened on", listeners(c))
	t.list("connected to", addresses(c, observation.Connect))
	t.list("wrote in", writers(c))
	if c.Lost.Any() {
		t.line("lost", lostText(c.Lost))
	}
	level, missing := c.Confidence()
	text := string(level)
	if len(missing) > 0 {
		text += ": " + strings.Join(missing, "; ")
	}
	t.line("confidence", text)
}

func (t observationText) foot(o *observation.Observation) {
	var notes []string
	if o.Lost.Any() {
		notes = append(notes, "lost: "+lostText(o.Lost))
	}
	for _, g := range o.Gaps {
		text := g.Detail
		if g.Remedy != "" {
			text += " (" + g.Remedy + ")"
		}
		notes = append(notes, text)
	}
	if len(notes) > 0 {
		fmt.Fprintln(t)
	}
	for _, n := range notes {
		for _, part := range wrap("note: "+clean(n), t.width()) {
			fmt.Fprintln(t, part)
		}
	}
}

func watchedText(w observation.Watched) string {
	parts := []string{observation.Span(w.Seconds)}
	if w.Starts > 0 {
		parts = append(parts, plural(w.Starts, "start")+" seen")
	}
	if w.Joined > 0 {
		parts = append(parts, "ran before")
	}
	if w.Execs > 0 {
		parts = append(parts, plural(w.Execs, "exec session"))
	}
	if w.Ends > 0 {
		parts = append(parts, plural(w.Ends, "end")+" seen")
	}
	return strings.Join(parts, ", ")
}

func callsLabel(s observation.Session) string {
	if s == observation.Exec {
		return "calls of execs"
	}
	return "system calls"
}

func callsText(s observation.Syscalls, verbose bool) string {
	text := itoa(len(s.Names))
	if verbose {
		text += ": " + strings.Join(s.Names, " ")
	}
	if s.Compat > 0 {
		text += fmt.Sprintf("; %d calls of 32-bit programs, not told apart", s.Compat)
	}
	if s.Unknown > 0 {
		text += fmt.Sprintf("; %d of unknown number", s.Unknown)
	}
	return text
}

func addresses(c *observation.Container, kind observation.Kind) []string {
	var out []string
	for _, s := range c.Sockets {
		if s.Kind == kind {
			out = append(out, s.Protocol+" "+s.Address)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// listeners are the addresses that were listened on, with how many connections came in.
func listeners(c *observation.Container) []string {
	out := addresses(c, observation.Listen)
	for i, at := range out {
		var accepted uint64
		for _, s := range c.Sockets {
			if s.Kind == observation.Listen && s.Protocol+" "+s.Address == at {
				accepted += s.Accepted
			}
		}
		if accepted > 0 {
			out[i] += fmt.Sprintf(" (%s)", plural(int(accepted), "connection"))
		}
	}
	return out
}

// writers are the directories in which something was changed, with who did so first.
func writers(c *observation.Container) []string {
	var out []string
	for _, w := range c.Written {
		text := w.Directory + " by " + w.Process
		if w.Session == observation.Exec {
			text += " in an exec session"
		}
		out = append(out, text)
	}
	return out
}

func lostText(l observation.Lost) string {
	var parts []string
	for _, p := range []struct {
		n    uint64
		what string
	}{
		{l.Containers, "containers"}, {l.Capabilities, "capability checks"}, {l.Syscalls, "system calls"},
		{l.Sockets, "sockets"}, {l.Sessions, "exec sessions"}, {l.Files, "changes of files"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}
