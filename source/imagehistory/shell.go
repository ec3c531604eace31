package imagehistory

import (
	"path"
	"strings"
)

// command is one simple command of a script.
type command struct {
	words []string
	// piped: its input is the output of the command before it.
	piped bool
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
	for i, w := range c.words {
		for _, want := range words {
			if i > 0 && w == want {
				return true
			}
		}
	}
	return false
}

// commands splits a script at its operators, quotes respected. It knows no
// more of the shell than that: what is inside of $( ) stays part of a word.
func commands(script string) []command {
	p := splitter{}
	for i := 0; i < len(script); i++ {
		i += p.take(script[i], script[i+1:])
	}
	p.endCommand(false)
	return p.out
}

// splitter is the state between two characters.
type splitter struct {
	out    []command
	words  []string
	word   strings.Builder
	inWord bool
	quote  byte // the quote that is open
	piped  bool
	depth  int // of $( )
}

// take reads one character and tells how many of the next it has used.
func (p *splitter) take(ch byte, next string) int {
	switch {
	case p.quote != 0:
		if ch == p.quote {
			p.quote = 0
			return 0
		}
		p.add(ch)
	case ch == '\\':
		if next == "" || next[0] == '\n' {
			return min(1, len(next))
		}
		p.add(next[0])
		return 1
	case ch == '\'' || ch == '"':
		p.quote, p.inWord = ch, true
	case ch == '$' && strings.HasPrefix(next, "("):
		p.depth++
		p.add(ch)
		p.add('(')
		return 1
	case p.depth > 0:
		if ch == ')' {
			p.depth--
		}
		p.add(ch)
	case strings.IndexByte("\n;&|", ch) >= 0:
		used := 0
		if ch != '\n' && strings.HasPrefix(next, string(ch)) {
			used = 1
		}
		p.endCommand(ch == '|' && used == 0)
		return used
	case ch == ' ' || ch == '\t':
		p.endWord()
	default:
		p.add(ch)
	}
	return 0
}

func (p *splitter) add(ch byte) {
	p.word.WriteByte(ch)
	p.inWord = true
}

func (p *splitter) endWord() {
	if p.inWord {
		p.words = append(p.words, p.word.String())
	}
	p.word.Reset()
	p.inWord = false
}

// leading are words before a command that are none: keywords of the shell, and
// programs that run another.
var leading = map[string]bool{
	"{": true, "(": true, "!": true, "if": true, "then": true, "else": true, "elif": true, "do": true, "while": true, "until": true,
	"time": true, "exec": true, "sudo": true, "command": true, "nice": true, "env": true,
}

func notProgram(word string) bool {
	name, _, assigned := strings.Cut(word, "=")
	return leading[word] || assigned && isName(name) || strings.Trim(word, "(") == ""
}

// endCommand keeps the command read so far, without assignments and words
// before it; pipes tells that its output goes to the next.
func (p *splitter) endCommand(pipes bool) {
	p.endWord()
	words := p.words
	for len(words) > 0 && notProgram(words[0]) {
		words = words[1:]
		for len(words) > 0 && strings.HasPrefix(words[0], "-") {
			words = words[1:] // sudo -E
		}
	}
	if len(words) > 0 {
		words[0] = strings.TrimLeft(words[0], "(")
	}
	p.out = append(p.out, command{words: words, piped: p.piped})
	p.words, p.piped = nil, pipes
}
