package runline

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/shellword"
	"seawall/source/unresolved"
)

// Environment is what the shell that runs the line would put into it.
type Environment struct {
	// Dir is the working directory; relative paths of -v start there. If it is
	// empty, they are unresolved.
	Dir string
	// Lookup finds a variable's value. If it is nil, no variable is known.
	Lookup func(name string) (string, bool)
}

// mayBeWords reports whether a word is an unknown value without quotes, which
// can stand for any number of words, and returns its shell text.
func mayBeWords(word string) (string, bool) {
	text, found := unresolved.In(word)
	return text, found && word == unresolved.Value(unresolved.Split+text)
}

// commandWords returns the words of the one docker run or docker create
// command in a piece of shell text, expanded as far as the environment is
// known. Redirections, pipes and other commands around it play no part.
func commandWords(text string, env Environment) ([]string, error) {
	found, err := commands("docker run line", text, env)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, lang.Errorf("docker run line: no docker run or docker create command in %q", shorten(text))
	case len(found) > 1:
		return nil, lang.Errorf("docker run line: %d docker run commands in one line", len(found))
	}
	return found[0].words, nil
}

// command is a docker run command in a piece of shell text.
type command struct {
	words        []string // after "run"
	line, column uint
}

// commands are all docker run and docker create commands in a piece of shell text.
// Errors begin with what it is.
func commands(what, text string, env Environment) ([]command, error) {
	if strings.ContainsAny(text, unresolved.Reserved+unresolved.Split) {
		return nil, lang.Errorf("%s: characters U+0000, U+E000 and U+E001 are not allowed", what)
	}
	file, err := shellword.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	var found []command
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok {
			return true
		}
		words := make([]string, 0, len(call.Args))
		for _, arg := range call.Args {
			words = append(words, env.words(arg)...)
		}
		if args, ok := runArguments(words); ok {
			found = append(found, command{args, call.Pos().Line(), call.Pos().Col()})
		}
		return false
	})
	return found, nil
}

// Script tells which containers the docker run and docker create commands of a shell
// script would make, in their order. The facts of each name the command's place as
// their source: "deploy.sh:12:1". A command that cannot be read is an error that
// begins with its place.
func Script(name, text string, env Environment) ([]snapshot.Container, error) {
	found, err := commands(name, text, env)
	if err != nil {
		return nil, err
	}
	var out []snapshot.Container
	for _, c := range found {
		source := fmt.Sprintf("%s:%d:%d", name, c.line, c.column)
		container, err := fromArgs(c.words, env, source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", source, err)
		}
		out = append(out, container)
	}
	return out, nil
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// words expands a word of the line. The shell splits an expansion that is not
// quoted at its spaces; here that is done where it is the whole word.
func (e Environment) words(w *syntax.Word) []string {
	text := e.word(w)
	if len(w.Parts) != 1 {
		return []string{text}
	}
	switch w.Parts[0].(type) {
	case *syntax.ParamExp, *syntax.CmdSubst:
		if open, found := unresolved.In(text); found {
			return []string{unresolved.Value(unresolved.Split + open)}
		}
		return strings.Fields(text)
	}
	return []string{text}
}

// word expands a word of the line without splitting it.
func (e Environment) word(w *syntax.Word) string {
	if len(w.Parts) == 0 {
		return ""
	}
	if lit, ok := w.Parts[0].(*syntax.Lit); ok && strings.HasPrefix(lit.Value, "~") {
		return e.tilde(lit.Value) + shellword.Parts(w.Parts[1:], e.open)
	}
	return shellword.Text(w, e.open)
}

// tilde expands ~/x; the home of another user (~name) is not known.
func (e Environment) tilde(s string) string {
	user, rest, _ := strings.Cut(s, "/")
	if user != "~" {
		return unresolved.Value(user) + shellword.Unescape(s[len(user):])
	}
	if rest != "" {
		rest = "/" + shellword.Unescape(rest)
	}
	return e.variable("HOME", "~") + rest
}

// open is what stands for a part of a word that is no plain text.
func (e Environment) open(part syntax.Node) string {
	switch p := part.(type) {
	case *syntax.ParamExp:
		return e.parameter(p)
	case *syntax.CmdSubst:
		return e.substitution(p)
	}
	return unresolved.Value(shellword.Source(part))
}

// parameter expands $NAME and ${NAME}; anything finer is unknown.
func (e Environment) parameter(p *syntax.ParamExp) string {
	text := shellword.Source(p)
	if p.Param == nil || text != "$"+p.Param.Value && text != "${"+p.Param.Value+"}" {
		return unresolved.Value(text)
	}
	return e.variable(p.Param.Value, text)
}

func (e Environment) variable(name, text string) string {
	if name == "PWD" && e.Dir != "" {
		return e.Dir
	}
	if e.Lookup != nil {
		if v, ok := e.Lookup(name); ok {
			return v
		}
	}
	return unresolved.Value(text)
}

// substitution knows one command: pwd.
func (e Environment) substitution(p *syntax.CmdSubst) string {
	text := shellword.Source(p)
	if e.Dir != "" && len(p.Stmts) == 1 && strings.TrimSpace(shellword.Source(p.Stmts[0])) == "pwd" {
		return e.Dir
	}
	return unresolved.Value(text)
}
