package imagehistory

import (
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// ran looks at a script, or the words of a command, and at the build arguments that it
// was given.
func (s Step) ran(note noter) {
	for _, a := range s.Assigned {
		secretAssignment(note, a)
		switched(note, a)
	}
	text := s.Script
	if len(s.Exec) > 0 {
		text = strings.Join(s.Exec, " ")
	}
	for _, name := range snapshot.SecretArgs([]string{" " + text}) {
		note(snapshot.BuildSecret, name)
	}
	list, ok := s.commands()
	if !ok {
		note(snapshot.BuildUnread, "a script that is none of a shell")
	}
	for _, c := range list {
		for _, a := range c.assigned {
			switched(note, a)
		}
		if from, runs := c.runsFetched(); runs {
			note(from.kind(), from.what)
		}
		noVerify(note, c)
		unsigned(note, c)
		extraIndex(note, c)
		modes(note, c)
		rights(note, c)
	}
	if program := updatedAlone(list); program != "" {
		note(snapshot.BuildUpdate, program)
	}
}

// commands are those of the step.
func (s Step) commands() ([]command, bool) {
	if len(s.Exec) == 0 {
		return commands(s.Script)
	}
	c := command{words: s.Exec}
	if script, is := c.scriptWord(); is {
		return commands(script)
	}
	c.words = slices.Clone(c.words)
	c.unwrap()
	return []command{c}, !notShell.MatchString(strings.Join(s.Exec, " ") + " ")
}

var (
	fetchers     = []string{"curl", "wget", "fetch"}
	interpreters = regexp.MustCompile(`^(?:ba|da|a|z|k)?sh$|^(?:python|perl|ruby|node|php)[0-9.]*$`)
	// inlineScript is an option of an interpreter that is followed by a script or a
	// module: what it reads is no script then.
	inlineScript = regexp.MustCompile(`^-[a-zA-Z]*[cem]$`)
)

// run is something fetched that is run.
type run struct {
	what  string
	plain bool
}

func (r run) kind() snapshot.BuildKind {
	if r.plain {
		return snapshot.BuildPlainHTTP
	}
	return snapshot.BuildScript
}

// runsFetched tells whether the command runs what was fetched, without a look at it: by
// a pipe, or as the output of a command that the shell puts into its place.
func (c command) runsFetched() (run, bool) {
	program := c.program()
	if c.fed.program != "" && interpreters.MatchString(program) && c.readsScript() {
		return run{c.fed.program + " | " + program, c.fed.plain}, true
	}
	for i := 1; i < len(c.words); i++ {
		f := c.given[i-len(c.words)]
		switch {
		case f.program == "":
			continue
		case program == "eval", (program == "source" || program == ".") && i == 1:
		case isShell.MatchString(program) && (i == c.scriptAt() || c.firstWord() == i):
		case interpreters.MatchString(program) && inlineScript.MatchString(c.words[i-1]):
		default:
			continue
		}
		return run{"sh $(" + f.program + ")", f.plain}, true
	}
	return run{}, false
}

// readsScript reports whether an interpreter takes its script from its input.
func (c command) readsScript() bool {
	if c.has("-s", "-", "/dev/stdin") {
		return true
	}
	return c.firstWord() == 0 && !slices.ContainsFunc(c.words[1:], inlineScript.MatchString)
}

// firstWord is the number of the first argument that is no option; 0 if there is none.
func (c command) firstWord() int {
	for i, w := range c.words[1:] {
		if !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "+") {
			return i + 1
		}
	}
	return 0
}
