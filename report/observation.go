package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"seawall/lang"
	"seawall/observation"
	"seawall/report/monospace"
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
	for i, part := range monospace.Wrap(clean(text), t.width()-indent-2) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %s%s\n", monospace.Pad(label, indent), part)
	}
}

// list writes a labelled list, if it holds anything.
func (t observationText) list(label string, list []string) {
	if len(list) > 0 {
		t.line(label, lang.Comma(list))
	}
}

func (t observationText) head(o *observation.Observation) {
	var total time.Duration
	for _, w := range o.Watches {
		total += w.To.Sub(w.From)
	}
	number, host, span := containerCount(len(o.Containers)), clean(o.Host.Name), observation.Span(total.Seconds())
	text := lang.Sprintf("%s on %s, watched for %s", number, host, span)
	if len(o.Watches) > 1 {
		text = lang.Sprintf("%s on %s, watched for %s in %d watches", number, host, span, len(o.Watches))
	}
	fmt.Fprintf(t, "%s\n", t.paint(bold, text))
}

func (t observationText) container(c *observation.Container) {
	name := c.Name
	if name == "" {
		name = lang.Sprintf("%s (name not known)", c.ID[:min(12, len(c.ID))])
	}
	title := t.paint(bold, clean(name))
	if c.Image != "" {
		title += "  " + t.paint(dim, clean(c.Image))
	}
	fmt.Fprintf(t, "\n%s\n", title)
	t.line(lang.T("watched"), watchedText(c.Watched))
	used := c.Used()
	if used == 0 {
		t.line(lang.T("capabilities"), lang.T("none used"))
	}
	for _, one := range used.Names() {
		t.line(one, observation.Reason(c.Evidence(one)))
	}
	if refused := c.Refused(); refused != 0 {
		t.line(lang.C("capabilities", "refused"), refused.String())
	}
	if c.Bounding != nil {
		if idle := *c.Bounding &^ used; idle != 0 {
			t.line(lang.T("not used"), idle.String())
		}
	}
	for _, s := range c.Syscalls {
		t.line(callsLabel(s.Session), callsText(s, t.Verbose))
	}
	t.list(lang.T("listened on"), listeners(c))
	t.list(lang.T("connected to"), addresses(c, observation.Connect))
	t.list(lang.T("wrote in"), writers(c))
	if c.Lost.Any() {
		t.line(lang.T("lost"), lostText(c.Lost))
	}
	level, missing := c.Confidence()
	text := levelWord(level)
	if len(missing) > 0 {
		text += ": " + lang.Semicolon(missing)
	}
	t.line(lang.T("confidence"), text)
}

func (t observationText) foot(o *observation.Observation) {
	var notes []string
	if o.Lost.Any() {
		notes = append(notes, lang.Sprintf("lost: %s", lostText(o.Lost)))
	}
	for _, g := range o.Gaps {
		text := lang.Reword(g.Detail)
		if g.Remedy != "" {
			text = lang.Bracket(text, lang.Reword(g.Remedy))
		}
		notes = append(notes, text)
	}
	if len(notes) > 0 {
		fmt.Fprintln(t)
	}
	for _, n := range notes {
		for _, part := range monospace.Wrap(lang.Sprintf("note: %s", clean(n)), t.width()) {
			fmt.Fprintln(t, part)
		}
	}
}

func watchedText(w observation.Watched) string {
	parts := []string{observation.Span(w.Seconds)}
	if w.Starts > 0 {
		parts = append(parts, lang.Plural(w.Starts, "%d start seen", "%d starts seen", w.Starts))
	}
	if w.Joined > 0 {
		parts = append(parts, lang.T("ran before"))
	}
	if w.Execs > 0 {
		parts = append(parts, lang.Plural(w.Execs, "%d exec session", "%d exec sessions", w.Execs))
	}
	if w.Ends > 0 {
		parts = append(parts, lang.Plural(w.Ends, "%d end seen", "%d ends seen", w.Ends))
	}
	return lang.Comma(parts)
}

func callsLabel(s observation.Session) string {
	if s == observation.Exec {
		return lang.T("calls of execs")
	}
	return lang.T("system calls")
}

func callsText(s observation.Syscalls, verbose bool) string {
	text := itoa(len(s.Names))
	if verbose {
		text += ": " + strings.Join(s.Names, " ")
	}
	parts := []string{text}
	if s.Compat > 0 {
		parts = append(parts, lang.Sprintf("%d calls of 32-bit programs, not told apart", s.Compat))
	}
	if s.Unknown > 0 {
		parts = append(parts, lang.Sprintf("%d of unknown number", s.Unknown))
	}
	return lang.Semicolon(parts)
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
			out[i] = lang.Bracket(out[i], lang.Plural(int(accepted), "%d connection", "%d connections", accepted))
		}
	}
	return out
}

// writers are the directories in which something was changed, with who did so first.
func writers(c *observation.Container) []string {
	var out []string
	for _, w := range c.Written {
		text := lang.Sprintf("%s by %s", w.Directory, w.Process)
		if w.Session == observation.Exec {
			text = lang.Sprintf("%s by %s in an exec session", w.Directory, w.Process)
		}
		out = append(out, text)
	}
	return out
}

func lostText(l observation.Lost) string {
	var parts []string
	for _, p := range []struct {
		n    uint64
		text string
	}{
		{l.Containers, lang.Sprintf("%d containers", l.Containers)}, {l.Capabilities, lang.Sprintf("%d capability checks", l.Capabilities)},
		{l.Syscalls, lang.Sprintf("%d system calls", l.Syscalls)}, {l.Sockets, lang.Sprintf("%d sockets", l.Sockets)},
		{l.Sessions, lang.Sprintf("%d exec sessions", l.Sessions)}, {l.Files, lang.Sprintf("%d changes of files", l.Files)},
	} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	return lang.Comma(parts)
}

// levelWord is a level of confidence as people read it.
func levelWord(l observation.Level) string {
	switch l {
	case observation.Low:
		return lang.T("low")
	case observation.Medium:
		return lang.T("medium")
	case observation.High:
		return lang.T("high")
	}
	return string(l)
}
