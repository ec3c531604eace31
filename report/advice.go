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
	"seawall/lang"
	"seawall/observation"
	"seawall/report/monospace"
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
		return lang.Errorf("write the advice: %w", err)
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
	for i, part := range monospace.Wrap(clean(text), t.width()-indent-2) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %s%s\n", monospace.Pad(clean(label), indent), part)
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
	t.setting(lang.T("user"), a.User.Setting)
	t.setting(lang.T("read-only"), a.ReadOnly.Setting)
	for _, p := range a.ReadOnly.Places {
		t.line("", placeText(p))
	}
	t.setting(lang.T("ports"), a.Ports.Setting)
	for _, p := range a.Ports.Idle {
		t.line("", lang.Sprintf("nobody listened on %s: do not publish it", advice.PortText(p)))
	}
	t.limit(lang.T("processes"), a.Pids, func(n int64) string { return fmt.Sprint(n) })
	t.limit(lang.T("memory"), a.Memory, func(n int64) string { return units.BytesSize(float64(n)) })
	t.seccomp(&a.Seccomp)
	t.appArmor(&a.AppArmor)
	for _, r := range a.Remarks {
		t.line(lang.T("note"), r)
	}
}

func (t adviceText) basis(b advice.Basis) {
	if !b.Observed {
		t.line(lang.T("rests on"), lang.Semicolon(append([]string{lang.T("settings and files only")}, b.Missing...)))
		return
	}
	t.line(lang.T("rests on"), watchedText(*b.Watched))
	text := lang.Sprintf("confidence %s", levelWord(b.Level))
	if len(b.Missing) > 0 {
		text += ": " + lang.Semicolon(b.Missing)
	}
	t.line("", text)
}

func (t adviceText) capabilities(c *advice.Capabilities) {
	text := adviceWord(c.Verdict)
	switch {
	case !c.Verdict.Advised():
	case c.HeldNow == 0: // not known
		text = lang.Sprintf("%s: %d", text, c.Set().Len())
	default:
		text = lang.Sprintf("%s: %d of the %d that it has", text, (c.Set() & c.HeldNow).Len(), c.HeldNow.Len())
	}
	t.line(lang.T("capabilities"), lang.Semicolon(append([]string{text}, c.Reasons...)))
	for _, x := range c.Add {
		t.line("  "+x.Name, x.Reason)
	}
	if c.Idle != 0 {
		t.line("  "+lang.T("not used"), c.Idle.String())
	}
	if c.ExecOnly != 0 {
		t.line("  "+lang.T("in execs only"), lang.Sprintf("%s: give them to the session that needs them, by docker exec --privileged, or add them", c.ExecOnly))
	}
	if c.Refused != 0 {
		t.line("  "+lang.C("capabilities", "refused"), c.Refused.String())
	}
}

// setting writes a verdict with its reasons.
func (t adviceText) setting(label string, s advice.Setting) {
	text := adviceWord(s.Verdict)
	if len(s.Reasons) > 0 {
		text += ": " + lang.Semicolon(s.Reasons)
	}
	t.line(label, text)
}

func (t adviceText) limit(label string, l advice.Limit, text func(int64) string) {
	if l.Verdict == advice.Tentative {
		l.Reasons = append([]string{lang.Sprintf("at most %s, now %s", text(l.Value), text(l.Now))}, l.Reasons[1:]...)
	}
	t.setting(label, l.Setting)
}

func (t adviceText) seccomp(s *advice.Seccomp) {
	if s.Profile != nil {
		s := *s
		s.Reasons = append([]string{lang.Sprintf("a profile of %d system calls, where the engine's own has %d; %d were seen", s.Allowed, s.Default, s.Seen)}, s.Reasons...)
		t.setting("seccomp", s.Setting)
		return
	}
	t.setting("seccomp", s.Setting)
}

func (t adviceText) appArmor(p *advice.AppArmor) {
	s := p.Setting
	if p.Profile != "" {
		about := []string{lang.Sprintf("a profile for sockets of %s and just these capabilities", lang.Comma(p.Families))}
		if p.Writable != nil {
			about = append(about, lang.Sprintf("files may be changed below %s", lang.Comma(p.Writable)))
		}
		s.Reasons = append(about, s.Reasons...)
	}
	t.setting("apparmor", s)
}

func placeText(p advice.Place) string {
	text := lang.Sprintf("volume on %s", p.Path)
	if p.Tmpfs {
		text = lang.Sprintf("tmpfs on %s", p.Path)
	}
	if len(p.Written) > 0 {
		return lang.Sprintf("%s: it wrote %s", text, lang.Comma(p.Written))
	}
	if p.Path == "/tmp" {
		return lang.Sprintf("%s: for files that are gone again", text)
	}
	return lang.Sprintf("%s: a directory of the image that would be hidden", text)
}

// flags writes the options to take over.
func (t adviceText) flags(a *advice.Advice, files advice.Files) {
	if remove := a.Remove; len(remove) > 0 {
		t.line(lang.C("options", "remove"), strings.Join(remove, " "))
	}
	flags := quoted(a.Flags(files))
	if len(flags) == 0 {
		return
	}
	if load := loading(a, files); load != "" {
		t.line(lang.T("first, as root"), load)
	}
	for i, part := range monospace.Wrap(strings.Join(flags, " "), t.width()-21) {
		label := "docker run"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %s%s\n", t.paint(cyan, fmt.Sprintf("%-19s", label)), part)
	}
}

// adviceWord is a verdict as people read it.
func adviceWord(v advice.Verdict) string {
	switch v {
	case advice.Holds:
		return lang.T("holds")
	case advice.Tentative:
		return lang.T("tentative")
	case advice.Fails:
		return lang.C("advice", "fails")
	case advice.Unknown:
		return lang.C("advice", "unknown")
	case advice.Already:
		return lang.T("already")
	}
	return string(v)
}

// levelWords says what advice rests on in a comment.
func levelWords(b advice.Basis) string {
	if !b.Observed {
		return lang.T("not watched: from settings and files only")
	}
	text := lang.Sprintf("%s; confidence %s", watchedText(*b.Watched), levelWord(b.Level))
	if b.Level != observation.High {
		text += ": " + lang.Semicolon(b.Missing)
	}
	return text
}
