package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/docker/go-units"

	"seawall/advice"
	"seawall/observation"
)

// Advice is advice on some containers of a host; its schema is
// docs/schema/advice-1.json.
type Advice struct {
	Format     string           `json:"format"`
	Tool       string           `json:"tool"` // version of Seawall
	TakenAt    time.Time        `json:"takenAt"`
	Host       string           `json:"host"`
	Containers []*advice.Advice `json:"containers"`
	// SeccompProfile is the file that a profile was written to; empty if none was.
	SeccompProfile string `json:"seccompProfile,omitempty"`
	// AppArmorProfile is the file that a profile was written to; empty if none was.
	AppArmorProfile string `json:"appArmorProfile,omitempty"`
}

// AdviceJSON writes advice in the format described by docs/schema/advice-1.json.
func AdviceJSON(w io.Writer, a *Advice) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return fmt.Errorf("write the advice: %w", err)
	}
	return nil
}

// files are those that profiles were written to.
func (a *Advice) files() advice.Files {
	return advice.Files{Seccomp: a.SeccompProfile, AppArmor: a.AppArmorProfile}
}

// loading is the command that loads a container's AppArmor profile; empty if none was
// written.
func loading(a *advice.Advice, files advice.Files) string {
	if files.AppArmor == "" || !a.AppArmor.Verdict.Advised() {
		return ""
	}
	return strings.Join(quoted([]string{"apparmor_parser", "-r", "-W", files.AppArmor}), " ")
}

// AdviceText writes advice for a person: what to give a container, and why.
func AdviceText(w io.Writer, a *Advice, style Style) error {
	var b bytes.Buffer
	t := adviceText{&b, style}
	for i, one := range a.Containers {
		if i > 0 {
			b.WriteByte('\n')
		}
		t.container(one)
		t.flags(one, a.files())
	}
	_, err := w.Write(b.Bytes())
	return err
}

type adviceText struct {
	*bytes.Buffer
	Style
}

// line writes a labelled line, broken under its label.
func (t adviceText) line(label, text string) {
	const indent = 19
	for i, part := range wrap(clean(text), t.width()-indent-2) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %-*s%s\n", indent, clean(label), part)
	}
}

func (t adviceText) container(a *advice.Advice) {
	title := t.paint(bold, clean(a.Container))
	if a.Image != "" {
		title += "  " + t.paint(dim, clean(a.Image))
	}
	fmt.Fprintln(t, title)
	t.basis(a.Basis)
	t.capabilities(&a.Capabilities)
	t.setting("no-new-privileges", a.NoNewPrivileges)
	t.setting("user", a.User.Setting)
	t.setting("read-only", a.ReadOnly.Setting)
	for _, p := range a.ReadOnly.Places {
		t.line("", placeText(p))
	}
	t.setting("ports", a.Ports.Setting)
	for _, p := range a.Ports.Idle {
		t.line("", "nobody listened on "+advice.PortText(p)+": do not publish it")
	}
	t.limit("processes", a.Pids, func(n int64) string { return fmt.Sprint(n) })
	t.limit("memory", a.Memory, func(n int64) string { return units.BytesSize(float64(n)) })
	t.seccomp(&a.Seccomp)
	t.appArmor(&a.AppArmor)
	for _, r := range a.Remarks {
		t.line("note", r)
	}
}

func (t adviceText) basis(b advice.Basis) {
	if !b.Observed {
		t.line("rests on", "settings and files only; "+strings.Join(b.Missing, "; "))
		return
	}
	t.line("rests on", watchedText(*b.Watched))
	text := "confidence " + string(b.Level)
	if len(b.Missing) > 0 {
		text += ": " + strings.Join(b.Missing, "; ")
	}
	t.line("", text)
}

func (t adviceText) capabilities(c *advice.Capabilities) {
	text := string(c.Verdict)
	switch {
	case !c.Verdict.Advised():
	case c.HeldNow == 0: // not known
		text += fmt.Sprintf(": %d", c.Set().Len())
	default:
		text += fmt.Sprintf(": %d of the %d that it has", (c.Set() & c.HeldNow).Len(), c.HeldNow.Len())
	}
	for _, r := range c.Reasons {
		text += "; " + r
	}
	t.line("capabilities", text)
	for _, x := range c.Add {
		t.line("  "+x.Name, x.Reason)
	}
	if c.Idle != 0 {
		t.line("  not used", c.Idle.String())
	}
	if c.ExecOnly != 0 {
		t.line("  in execs only", c.ExecOnly.String()+": give them to the session that needs them, by docker exec --privileged, or add them")
	}
	if c.Refused != 0 {
		t.line("  refused", c.Refused.String())
	}
}

// setting writes a verdict with its reasons.
func (t adviceText) setting(label string, s advice.Setting) {
	text := string(s.Verdict)
	if len(s.Reasons) > 0 {
		text += ": " + strings.Join(s.Reasons, "; ")
	}
	t.line(label, text)
}

func (t adviceText) limit(label string, l advice.Limit, text func(int64) string) {
	if l.Verdict == advice.Tentative {
		l.Reasons = append([]string{"at most " + text(l.Value) + ", now " + text(l.Now)}, l.Reasons[1:]...)
	}
	t.setting(label, l.Setting)
}

func (t adviceText) seccomp(s *advice.Seccomp) {
	if s.Profile != nil {
		s := *s
		s.Reasons = append([]string{fmt.Sprintf("a profile of %d system calls, where the engine's own has %d; %d were seen", s.Allowed, s.Default, s.Seen)}, s.Reasons...)
		t.setting("seccomp", s.Setting)
		return
	}
	t.setting("seccomp", s.Setting)
}

func (t adviceText) appArmor(p *advice.AppArmor) {
	s := p.Setting
	if p.Profile != "" {
		text := "a profile for sockets of " + strings.Join(p.Families, ", ") + " and just these capabilities"
		if p.Writable != nil {
			text += "; files may be changed below " + strings.Join(p.Writable, ", ")
		}
		s.Reasons = append([]string{text}, s.Reasons...)
	}
	t.setting("apparmor", s)
}

func placeText(p advice.Place) string {
	text := "volume on " + p.Path
	if p.Tmpfs {
		text = "tmpfs on " + p.Path
	}
	if len(p.Written) > 0 {
		return text + ": it wrote " + strings.Join(p.Written, ", ")
	}
	if p.Path == "/tmp" {
		return text + ": for files that are gone again"
	}
	return text + ": a directory of the image that would be hidden"
}

// flags writes the options to take over.
func (t adviceText) flags(a *advice.Advice, files advice.Files) {
	if remove := a.Remove; len(remove) > 0 {
		t.line("remove", strings.Join(remove, " "))
	}
	flags := quoted(a.Flags(files))
	if len(flags) == 0 {
		return
	}
	if load := loading(a, files); load != "" {
		t.line("first, as root", load)
	}
	for i, part := range wrap(strings.Join(flags, " "), t.width()-21) {
		label := "docker run"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %s%s\n", t.paint(cyan, fmt.Sprintf("%-19s", label)), part)
	}
}

// levelWords says what advice rests on in a comment.
func levelWords(b advice.Basis) string {
	if !b.Observed {
		return "not watched: from settings and files only"
	}
	text := watchedText(*b.Watched) + "; confidence " + string(b.Level)
	if b.Level != observation.High {
		text += ": " + strings.Join(b.Missing, "; ")
	}
	return text
}
