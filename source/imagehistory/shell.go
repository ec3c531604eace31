package imagehistory

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"seawall/source/shellword"
)

// command is one simple command of a script.
type command struct {
	// words are the program and its arguments, without quotes; expansions stay as they
	// are written, or ${…}.
	words []string
	// assigned are the assignments before it, or those of export: NAME=value.
	assigned []string
	// fed is what it reads by a pipe of a program that fetches.
	fed fetched
	// given is what the shell puts in the place of a whole word, by the number of the word
	// from the end, -1 for the last.
	given map[int]fetched
	// here is the text that the script itself feeds it.
	here string
	// sudo: sudo runs it.
	sudo bool
}

// fetched is what a program gets from the network; program is "" where none does.
type fetched struct {
	program string
	plain   bool // over HTTP without TLS
}

// program is the command's name without its directory.
func (c command) program() string {
	if len(c.words) == 0 {
		return ""
	}
	return path.Base(c.words[0])
}

// has reports whether one of the words after the program is among these.
func (c command) has(words ...string) bool {
	return len(c.words) > 0 && slices.ContainsFunc(c.words[1:], func(w string) bool { return slices.Contains(words, w) })
}

// fetches is what the command gets from the network.
func (c command) fetches() fetched {
	if !slices.Contains(fetchers, c.program()) {
		return fetched{}
	}
	return fetched{c.program(), slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "http://") })}
}

// maxShells bounds scripts that are words of scripts: sh -c "sh -c …".
const maxShells = 4

// commands are the simple commands of a script, in their order: those of its
// substitutions and of scripts that it hands to a shell, too. False where the script
// is not one of a shell.
func commands(script string) ([]command, bool) {
	r := reader{}
	ok := r.script(script, fetched{}, maxShells)
	return r.out, ok
}

// reader collects the commands of a script.
type reader struct{ out []command }

func (r *reader) script(text string, input fetched, shells int) bool {
	if notShell.MatchString(text) {
		return false
	}
	file, err := shellword.Parse(text)
	if err != nil {
		return false
	}
	r.stmts(file.Stmts, input, shells)
	return true
}

// notShell is how the scripts of other shells begin in a history.
var notShell = regexp.MustCompile(`(?i)^\s*(?:\S*[\\/])?(?:powershell|pwsh|cmd)(?:\.exe)?\s`)

// stmts reads commands that share an input, and gives what they fetch and print.
func (r *reader) stmts(list []*syntax.Stmt, input fetched, shells int) fetched {
	var out fetched
	for _, s := range list {
		if got := r.stmt(s, input, shells); got.program != "" {
			out = got
		}
	}
	return out
}

func (r *reader) stmt(s *syntax.Stmt, input fetched, shells int) fetched {
	toFile, from, here := false, len(r.out), ""
	for _, redirect := range s.Redirs {
		inner := fetched{}
		if redirect.Word != nil {
			inner = r.word(redirect.Word, shells)
		}
		if redirect.Hdoc != nil {
			r.inside(redirect.Hdoc, shells)
			here += shellword.Text(redirect.Hdoc, expansion)
		}
		switch redirect.Op {
		case syntax.WordHdoc, syntax.RdrIn: // sh <<< "$(curl …)", sh < <(curl …)
			input = first(inner, input)
		case syntax.Hdoc, syntax.DashHdoc:
			input = fetched{}
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			toFile = toFile || redirect.N == nil || redirect.N.Value == "1"
		}
	}
	out := r.command(s.Cmd, input, shells)
	if here != "" && len(r.out) > from {
		r.out[from].here = here
		if c := r.out[from]; shells > 0 && isShell.MatchString(c.program()) && c.readsScript() { // sh <<EOF
			r.script(here, fetched{}, shells-1)
		}
	}
	if toFile {
		return fetched{}
	}
	return out
}

// command reads a command of any kind.
func (r *reader) command(c syntax.Command, input fetched, shells int) fetched {
	switch c := c.(type) {
	case nil:
	case *syntax.CallExpr:
		return r.call(c, input, shells)
	case *syntax.DeclClause:
		var assigned []string
		for _, a := range c.Args {
			assigned = append(assigned, r.assignment(a))
			r.inside(a, shells)
		}
		r.out = append(r.out, command{words: []string{c.Variant.Value}, assigned: assigned})
	case *syntax.BinaryCmd:
		left := r.stmt(c.X, input, shells)
		if c.Op != syntax.Pipe && c.Op != syntax.PipeAll {
			return first(r.stmt(c.Y, input, shells), left)
		}
		return r.stmt(c.Y, first(left, input), shells)
	case *syntax.Block:
		return r.stmts(c.Stmts, input, shells)
	case *syntax.Subshell:
		return r.stmts(c.Stmts, input, shells)
	case *syntax.FuncDecl:
		r.stmt(c.Body, fetched{}, shells)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return r.stmt(c.Stmt, input, shells)
		}
	default:
		return r.compound(c, input, shells)
	}
	return fetched{}
}

// compound reads loops and branches.
func (r *reader) compound(c syntax.Command, input fetched, shells int) fetched {
	switch c := c.(type) {
	case *syntax.IfClause:
		var out fetched
		for ; c != nil; c = c.Else {
			out = first(r.stmts(c.Cond, input, shells), out)
			out = first(r.stmts(c.Then, input, shells), out)
		}
		return out
	case *syntax.WhileClause:
		return first(r.stmts(c.Cond, input, shells), r.stmts(c.Do, input, shells))
	case *syntax.ForClause:
		r.inside(c.Loop, shells)
		return r.stmts(c.Do, input, shells)
	case *syntax.CaseClause:
		var out fetched
		for _, item := range c.Items {
			out = first(r.stmts(item.Stmts, input, shells), out)
		}
		return out
	}
	return fetched{}
}

func first(a, b fetched) fetched {
	if a.program != "" {
		return a
	}
	return b
}

// call reads a simple command.
func (r *reader) call(c *syntax.CallExpr, input fetched, shells int) fetched {
	made := command{fed: input, given: map[int]fetched{}}
	for _, a := range c.Assigns {
		made.assigned = append(made.assigned, r.assignment(a))
		r.inside(a, shells)
	}
	for i, w := range c.Args {
		made.words = append(made.words, shellword.Text(w, expansion))
		if got := r.word(w, shells); got.program != "" {
			made.given[i-len(c.Args)] = got
		}
	}
	made.unwrap()
	r.out = append(r.out, made)
	if script, has := made.scriptWord(); has && shells > 0 {
		r.script(script, input, shells-1)
	}
	return first(made.fetches(), input)
}

// word reads the commands in a word, and gives what is fetched where the shell puts the
// output of one in the place of the whole word.
func (r *reader) word(w *syntax.Word, shells int) fetched {
	parts := w.Parts
	if len(parts) == 1 {
		if quoted, is := parts[0].(*syntax.DblQuoted); is {
			parts = quoted.Parts
		}
	}
	if len(parts) == 1 {
		switch p := parts[0].(type) {
		case *syntax.CmdSubst:
			return r.stmts(p.Stmts, fetched{}, shells)
		case *syntax.ProcSubst:
			return r.stmts(p.Stmts, fetched{}, shells)
		}
	}
	r.inside(w, shells)
	return fetched{}
}

// assignment is NAME=value; NAME alone where it has none.
func (r *reader) assignment(a *syntax.Assign) string {
	switch {
	case a.Name == nil && a.Value != nil: // an option or a word of export
		return shellword.Text(a.Value, expansion)
	case a.Name == nil:
		return ""
	case a.Value == nil:
		return a.Name.Value
	}
	return a.Name.Value + "=" + shellword.Text(a.Value, expansion)
}

// expansion is what stands for a part of a word that only a running shell knows. What it
// is made of is not told, which may be long and deep.
func expansion(node syntax.Node) string {
	if p, is := node.(*syntax.ParamExp); is && p.Short && p.Param != nil {
		return "$" + p.Param.Value
	}
	return "${…}"
}

// inside reads the commands of substitutions in a part of a script.
func (r *reader) inside(node syntax.Node, shells int) {
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CmdSubst:
			r.stmts(n.Stmts, fetched{}, shells)
			return false
		case *syntax.ProcSubst:
			r.stmts(n.Stmts, fetched{}, shells)
			return false
		}
		return true
	})
}

// shellOption is an option of a shell that is followed by a script.
var shellOption = regexp.MustCompile(`^-[a-z]*c$`)

// scriptWord is the script that a shell is given as a word: sh -c 'script'.
func (c command) scriptWord() (string, bool) {
	i := c.scriptAt()
	if i == 0 || c.given[i-len(c.words)].program != "" {
		return "", false
	}
	return c.words[i], true
}

// scriptAt is the number of the word that is a script; 0 if none is.
func (c command) scriptAt() int {
	if !isShell.MatchString(c.program()) && c.program() != "su" {
		return 0
	}
	i := slices.IndexFunc(c.words, shellOption.MatchString)
	if i < 1 || i+1 >= len(c.words) {
		return 0
	}
	return i + 1
}

var isShell = regexp.MustCompile(`^(?:ba|da|a|z|k)?sh$`)

// carriers are programs that run the command in their words; for each its options
// that take a word as value.
var carriers = map[string]string{
	"sudo": "ughpCrtUDT", "env": "uSC", "exec": "a", "command": "", "nice": "n", "nohup": "", "time": "fo", "builtin": "", "xargs": "IniPdsELa", "doas": "uC",
}

// unwrap takes away what only runs the command: sudo, env and the like, with their
// options and assignments.
func (c *command) unwrap() {
	for len(c.words) > 1 {
		program := c.program()
		if strings.HasPrefix(program, "python") && len(c.words) > 2 && c.words[1] == "-m" {
			c.words = c.words[2:]
			return
		}
		withValue, is := carriers[program]
		if !is {
			break
		}
		rest := c.words[1:]
		for len(rest) > 0 {
			name, _, assigned := strings.Cut(rest[0], "=")
			switch {
			case rest[0] == "--":
				rest = rest[1:]
			case strings.HasPrefix(rest[0], "-") && len(rest[0]) == 2 && strings.Contains(withValue, rest[0][1:]):
				rest = rest[min(2, len(rest)):]
				continue
			case strings.HasPrefix(rest[0], "-"):
				rest = rest[1:]
				continue
			case assigned && isName(name) && (program == "env" || program == "sudo"):
				c.assigned = append(c.assigned, rest[0])
				rest = rest[1:]
				continue
			}
			break
		}
		c.sudo = c.sudo || program == "sudo"
		if program == "xargs" { // it reads words, and not the program that it runs
			c.fed = fetched{}
		}
		c.words = rest
	}
	c.sudo = c.sudo || c.program() == "sudo"
}
