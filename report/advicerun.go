package report

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"seawall/advice"
	"seawall/lang"
)

// AdviceRun writes advice as options of docker run, one a line, with what it rests on
// as comments of a shell.
func AdviceRun(w io.Writer, a *Advice) error {
	var b bytes.Buffer
	for i, one := range a.Containers {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "# %s\n", clean(one.Container))
		for _, c := range adviceComments(one, a.files()) {
			fmt.Fprintf(&b, "# %s\n", c)
		}
		if len(one.Remove) > 0 {
			b.WriteString("# " + lang.Sprintf("remove: %s", clean(strings.Join(one.Remove, " "))) + "\n")
		}
		b.WriteString(strings.Join(quoted(one.Flags(a.files())), " \\\n"))
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// adviceComments say what a list of settings leaves open, a line each.
func adviceComments(a *advice.Advice, files advice.Files) []string {
	out := []string{lang.Sprintf("rests on: %s", levelWords(a.Basis))}
	for _, s := range []struct {
		name string
		advice.Setting
	}{
		{lang.T("capabilities"), a.Capabilities.Setting}, {"no-new-privileges", a.NoNewPrivileges}, {lang.T("read-only"), a.ReadOnly.Setting},
		{lang.T("pids limit"), a.Pids.Setting}, {"seccomp", a.Seccomp.Setting},
	} {
		if s.Verdict != advice.Holds && s.Verdict != advice.Already {
			out = append(out, lang.Comma([]string{s.name, adviceWord(s.Verdict)})+": "+lang.Semicolon(s.Reasons))
		}
	}
	if load := loading(a, files); load != "" {
		out = append(out, lang.Sprintf("load the AppArmor profile first, as root: %s", load), lang.Comma([]string{"apparmor", adviceWord(a.AppArmor.Verdict)})+": "+lang.Semicolon(a.AppArmor.Reasons))
	}
	if a.User.Verdict == advice.Tentative {
		out = append(out, lang.T("user")+": "+lang.Semicolon(a.User.Reasons))
	}
	for i, r := range out {
		out[i] = clean(r)
	}
	return out
}

// plainWord is a word that means itself to a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`)

// quoted are words as a shell takes them. A word that no shell can be given (with a
// zero byte in it) cannot come from an engine.
func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if plainWord.MatchString(w) {
			out[i] = w
			continue
		}
		q, err := syntax.Quote(w, syntax.LangBash)
		if err != nil {
			q = "'" + clean(strings.ReplaceAll(w, "'", "")) + "'"
		}
		out[i] = q
	}
	return out
}
