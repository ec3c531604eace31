package ownrule

import (
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// source is the text of a file, to find places inside its values.
type source []string // lines

// lineBreak is what ends a line in YAML 1.1.
var lineBreak = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

func newSource(data []byte) source { return lineBreak.Split(string(data), -1) }

// place finds a character of a scalar's value in the file: the line and column,
// from 1. Value and source are walked side by side; white space, which YAML
// folds, is skipped in both.
func (s source) place(n *yaml.Node, offset int) (line, column int) {
	c := cursor{source: s, line: n.Line, column: n.Column, style: n.Style}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.line, c.column = n.Line+1, 1
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		c.column++
	}
	value := []rune(n.Value)
	offset = min(offset, len(value))
	for _, r := range value[:offset] {
		if !unicode.IsSpace(r) {
			c.skipSpace()
			c.next()
		}
	}
	if offset < len(value) {
		c.skipSpace()
	}
	return c.line, c.column
}

// cursor is a place in a source.
type cursor struct {
	source       source
	line, column int // from 1
	style        yaml.Style
}

// rest is what is left of the line.
func (c *cursor) rest() []rune {
	if c.line < 1 || c.line > len(c.source) {
		return nil
	}
	line := []rune(c.source[c.line-1])
	return line[min(max(c.column-1, 0), len(line)):]
}

// skipSpace goes to the next character that is none, if there is one.
func (c *cursor) skipSpace() {
	for c.line <= len(c.source) {
		rest := c.rest()
		switch {
		case len(rest) == 0 && c.line == len(c.source):
			return
		case len(rest) == 0, c.style&yaml.DoubleQuotedStyle != 0 && len(rest) == 1 && rest[0] == '\\':
			c.line, c.column = c.line+1, 1
		case unicode.IsSpace(rest[0]):
			c.column++
		case c.style&yaml.DoubleQuotedStyle != 0 && len(rest) > 1 && rest[0] == '\\' && strings.ContainsRune("nrt ", rest[1]):
			c.column += 2
		default:
			return
		}
	}
}

// next goes past one character of the value: an escape is one.
func (c *cursor) next() {
	rest := c.rest()
	width := 1
	switch {
	case len(rest) < 2:
	case c.style&yaml.SingleQuotedStyle != 0 && rest[0] == '\'' && rest[1] == '\'':
		width = 2
	case c.style&yaml.DoubleQuotedStyle != 0 && rest[0] == '\\':
		width = 2 + map[rune]int{'x': 2, 'u': 4, 'U': 8}[rest[1]]
	}
	c.column += width
}
