package clientconfig

import "strings"

// Setting is a variable as a profile file leaves it.
type Setting struct {
	// Value is what it is set to; "" if the file unsets it.
	Value string
	// Line is where; 0 if the file does neither.
	Line int
}

// DockerHost finds what a profile file sets DOCKER_HOST to (see [Variable]).
func DockerHost(text string, shell bool) Setting { return Variable("DOCKER_HOST", text, shell) }

// Variable finds what a profile file sets a variable to. In a shell's file it
// counts when it is exported; in a file of plain assignments
// (/etc/environment, environment.d) always. Conditions are not evaluated: what
// stands in an if counts. The value may hold variables, see [Expand].
func Variable(name, text string, shell bool) Setting {
	var set, assigned Setting
	for _, s := range statements(text) {
		words := s.words
		for len(words) > 0 && isKeyword(words[0]) {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		value, isAssignment := strings.CutPrefix(words[0], name+"=")
		switch {
		case words[0] == "export" || words[0] == "declare" || words[0] == "typeset":
			for _, w := range words[1:] {
				if v, ok := strings.CutPrefix(w, name+"="); ok {
					set = Setting{v, s.line}
				} else if w == name && assigned.Line > 0 {
					set = assigned
				}
			}
		case words[0] == "unset" && contains(words[1:], name):
			set, assigned = Setting{Line: s.line}, Setting{}
		case words[0] == "setenv" && len(words) > 2 && words[1] == name:
			set = Setting{words[2], s.line}
		case isAssignment && len(words) == 1: // with words after it, it is for one command
			assigned = Setting{value, s.line}
			if !shell || set.Line > 0 {
				set = assigned
			}
		}
	}
	return set
}

func isKeyword(w string) bool {
	switch w {
	case "then", "do", "else", "{", "if", "&&", "||":
		return true
	}
	return false
}

func contains(words []string, want string) bool {
	for _, w := range words {
		if w == want {
			return true
		}
	}
	return false
}

// Expand replaces $NAME, ${NAME} and $(id -u) by what is known of the user.
// What is not known stays as it is.
func Expand(value string, vars map[string]string) string {
	pairs := make([]string, 0, 4*len(vars)+2)
	for _, name := range [...]string{"XDG_RUNTIME_DIR", "HOME", "UID", "EUID", "USER"} {
		if v, ok := vars[name]; ok {
			pairs = append(pairs, "${"+name+"}", v, "$"+name, v)
		}
	}
	if uid, ok := vars["UID"]; ok {
		pairs = append(pairs, "$(id -u)", uid, "`id -u`", uid)
	}
	return strings.NewReplacer(pairs...).Replace(value)
}

// statement is a simple command of a shell script.
type statement struct {
	words []string
	line  int
}

// statements splits a script into its simple commands. It knows quotes,
// escapes, comments and $(…), and takes here-documents and functions for
// ordinary text.
func statements(text string) []statement {
	var out []statement
	l := lexer{text: text, line: 1}
	now := statement{line: 1}
	for {
		word, kind := l.next()
		switch {
		case kind == aWord:
			if len(now.words) == 0 {
				now.line = l.start
			}
			now.words = append(now.words, word)
			continue
		case len(now.words) > 0:
			out = append(out, now)
			now = statement{}
		}
		if kind == atEnd {
			return out
		}
	}
}

type token uint8

const (
	atEnd token = iota
	aWord
	aBreak // ends a command
)

type lexer struct {
	text  string
	at    int
	line  int
	start int // line of the word
}

// next returns the next word without its quotes.
func (l *lexer) next() (string, token) {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; c {
		case ' ', '\t', '\r':
			l.at++
		case '\n', ';', '&', '|', '(', ')':
			l.skip(1)
			return "", aBreak
		case '#':
			for l.at < len(l.text) && l.text[l.at] != '\n' {
				l.at++
			}
		case '\\':
			if !strings.HasPrefix(l.text[l.at:], "\\\n") {
				return l.word(), aWord
			}
			l.skip(2)
		default:
			return l.word(), aWord
		}
	}
	return "", atEnd
}

// skip passes n bytes and counts their lines.
func (l *lexer) skip(n int) {
	for range n {
		if l.at < len(l.text) {
			if l.text[l.at] == '\n' {
				l.line++
			}
			l.at++
		}
	}
}

// word reads up to an unquoted blank or operator.
func (l *lexer) word() string {
	l.start = l.line
	var out strings.Builder
	var quote byte
	depth := 0 // of $(…)
	for l.at < len(l.text) {
		c := l.text[l.at]
		switch {
		case c == '\\' && quote != '\'':
			if l.at+1 < len(l.text) && l.text[l.at+1] != '\n' {
				out.WriteByte(l.text[l.at+1])
			}
			l.skip(2)
			continue
		case quote != 0 && c == quote:
			quote = 0
			l.skip(1)
			continue
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
			l.skip(1)
			continue
		case c == '(' && l.at > 0 && l.text[l.at-1] == '$' && quote != '\'':
			depth++
		case c == ')' && depth > 0:
			depth--
		case quote == 0 && depth == 0 && strings.IndexByte(" \t\r\n;&|()", c) >= 0:
			return out.String()
		}
		out.WriteByte(c)
		l.skip(1)
	}
	return out.String()
}
