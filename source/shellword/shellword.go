// Package shellword reads the words of shell text as a shell would, without running
// anything.
package shellword

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Parse reads a piece of shell text, in the grammar of Bash, which holds that of the
// POSIX shell.
func Parse(text string) (*syntax.File, error) {
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
}

// Text is what a word stands for, without its quotes and backslashes. What only a
// running shell knows, such as an expansion, is what open makes of it.
func Text(w *syntax.Word, open func(syntax.Node) string) string { return Parts(w.Parts, open) }

// Parts is [Text] for some parts of a word.
func Parts(parts []syntax.WordPart, open func(syntax.Node) string) string {
	var b strings.Builder
	for _, p := range parts {
		write(&b, p, false, open)
	}
	return b.String()
}

func write(b *strings.Builder, part syntax.WordPart, quoted bool, open func(syntax.Node) string) {
	switch p := part.(type) {
	case *syntax.Lit:
		if quoted {
			b.WriteString(unescapeQuoted(p.Value))
		} else {
			b.WriteString(Unescape(p.Value))
		}
	case *syntax.SglQuoted:
		if p.Dollar && strings.Contains(p.Value, `\`) {
			b.WriteString(open(p))
			return
		}
		b.WriteString(p.Value)
	case *syntax.DblQuoted:
		for _, inner := range p.Parts {
			write(b, inner, true, open)
		}
	default:
		b.WriteString(open(p))
	}
}

// Source is the text of a part of a script.
func Source(node syntax.Node) string {
	var b strings.Builder
	if err := syntax.NewPrinter().Print(&b, node); err != nil {
		return "$?"
	}
	return b.String()
}

// Unescape takes the backslashes out of unquoted text, and joins lines that
// end in one.
func Unescape(s string) string { return stripBackslashes(s, func(byte) bool { return true }) }

// unescapeQuoted does it between double quotes, where the backslash quotes
// four characters only (POSIX, 2.2.3).
func unescapeQuoted(s string) string {
	return stripBackslashes(s, func(c byte) bool { return strings.IndexByte("$`\"\\", c) >= 0 })
}

func stripBackslashes(s string, quotes func(byte) bool) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch next := s[i+1]; {
		case next == '\n':
			i++
		case quotes(next):
			b.WriteByte(next)
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}
