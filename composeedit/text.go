package composeedit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
)

// text is a file that was read: its YAML, and where its lines begin.
type text struct {
	file    int
	name    string
	content []byte
	lines   []int // offsets
	newline string
	roots   []*yaml.Node
}

const byteOrderMark = "\ufeff"

var atLine = regexp.MustCompile(`: line ([0-9]+): `)

func parse(file int, in File) (*text, error) {
	t := &text{file: file, name: in.Name, content: in.Content, newline: "\n"}
	if !utf8.Valid(in.Content) {
		return nil, lang.Errorf("%s: it is not in UTF-8", in.Name)
	}
	t.index()
	decoder := yaml.NewDecoder(bytes.NewReader(in.Content))
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, errors.New(atLine.ReplaceAllString(in.Name+": "+strings.TrimPrefix(err.Error(), "yaml: "), ":$1: "))
		}
		t.roots = append(t.roots, &n)
	}
}

// index finds where lines begin, by the breaks that the YAML parser counts.
func (t *text) index() {
	first := 0
	if bytes.HasPrefix(t.content, []byte(byteOrderMark)) {
		first = len(byteOrderMark)
	}
	t.lines = []int{first}
	for i := first; i < len(t.content); {
		r, size := utf8.DecodeRune(t.content[i:])
		i += size
		switch r {
		case '\r':
			if i < len(t.content) && t.content[i] == '\n' {
				i++
			}
		case '\n', '\u0085', '\u2028', '\u2029':
		default:
			continue
		}
		if len(t.lines) == 1 && strings.HasSuffix(string(t.content[:i]), "\r\n") {
			t.newline = "\r\n"
		}
		t.lines = append(t.lines, i)
	}
}

// line is the number of the line that holds an offset, from 0.
func (t *text) line(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset }) - 1
}

// place is where an offset is, for messages: "compose.yaml:3:5".
func (t *text) place(offset int) string {
	line, column := t.position(offset)
	return fmt.Sprintf("%s:%d:%d", t.name, line, column)
}

// position is the line and the column of an offset; both begin at 1.
func (t *text) position(offset int) (line, column int) {
	n := max(t.line(offset), 0)
	return n + 1, utf8.RuneCount(t.content[t.lines[n]:max(offset, t.lines[n])]) + 1
}

// Position is the line and the column of an offset of a file; both begin at 1.
func (f *Files) Position(file, offset int) (line, column int) { return f.texts[file].position(offset) }

// lineEnd is where the text of a line ends, without its break.
func (t *text) lineEnd(line int) int {
	if line+1 >= len(t.lines) {
		return len(t.content)
	}
	end := t.lines[line+1]
	_, size := utf8.DecodeLastRune(t.content[:end])
	if strings.HasSuffix(string(t.content[max(end-2, 0):end]), "\r\n") {
		size = 2
	}
	return end - size
}

// lineText is a line without its break.
func (t *text) lineText(line int) string {
	return string(t.content[t.lines[line]:max(t.lineEnd(line), t.lines[line])])
}

// blank reports whether a line has nothing but white space.
func (t *text) blank(line int) bool { return strings.TrimSpace(t.lineText(line)) == "" }

// start is where a node begins, with anchor and tag.
func (t *text) start(n *yaml.Node) (int, error) {
	if n.Line < 1 || n.Line > len(t.lines) {
		return 0, t.unclear(n)
	}
	at := t.lines[n.Line-1]
	for range n.Column - 1 {
		if at >= len(t.content) {
			return at, nil // an empty value at the end
		}
		_, size := utf8.DecodeRune(t.content[at:])
		at += size
	}
	return at, nil
}

// unclear is that the form of a part leaves open where it ends.
func (t *text) unclear(n *yaml.Node) error {
	return lang.Errorf("%s:%d:%d: it is written in a form that is not edited", t.name, n.Line, n.Column)
}

// end is where a node ends.
func (t *text) end(n *yaml.Node) (int, error) {
	at, err := t.start(n)
	if err != nil {
		return 0, err
	}
	switch n.Kind {
	case yaml.AliasNode:
		return at + 1 + len(n.Value), nil
	case yaml.ScalarNode:
		if at, err = t.body(n, at); err != nil {
			return 0, err
		}
		return t.scalarEnd(n, at)
	case yaml.SequenceNode, yaml.MappingNode:
		if n.Style&yaml.FlowStyle != 0 {
			return t.flowEnd(n, at)
		}
		if len(n.Content) > 0 {
			end, err := t.end(n.Content[len(n.Content)-1])
			if err != nil {
				return 0, err
			}
			return max(end, at), nil
		}
	}
	return 0, t.unclear(n)
}

// body is where a node begins behind its anchor and tag.
func (t *text) body(n *yaml.Node, at int) (int, error) {
	for at < len(t.content) && (t.content[at] == '&' && n.Anchor != "" || t.content[at] == '!' && n.Style&yaml.TaggedStyle != 0) {
		for at < len(t.content) && !isSpace(t.content[at]) {
			at++
		}
		for at < len(t.content) && (t.content[at] == ' ' || t.content[at] == '\t') {
			at++
		}
	}
	return at, nil
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

func (t *text) scalarEnd(n *yaml.Node, at int) (int, error) {
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(n, at)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := at + 1; i < len(t.content); i++ {
			switch t.content[i] {
			case '\\':
				i++
			case '"':
				return i + 1, nil
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := at + 1; i < len(t.content); i++ {
			if t.content[i] != '\'' {
				continue
			}
			if i+1 < len(t.content) && t.content[i+1] == '\'' {
				i++
				continue
			}
			return i + 1, nil
		}
	case bytes.HasPrefix(t.content[at:], []byte(n.Value)):
		return at + len(n.Value), nil
	}
	return 0, t.unclear(n)
}

// blockEnd is where a literal or folded value ends: before the first line that is
// indented less than its first one.
func (t *text) blockEnd(n *yaml.Node, at int) (int, error) {
	line := t.line(at)
	header, _, _ := strings.Cut(string(t.content[at:t.lineEnd(line)]), "#")
	if strings.ContainsAny(header, "123456789") {
		return 0, t.unclear(n)
	}
	indent, last := -1, line
	for i := line + 1; i < len(t.lines); i++ {
		if t.blank(i) {
			if strings.Contains(header, "+") && indent >= 0 && i+1 < len(t.lines) {
				last = i
			}
			continue
		}
		deep := len(t.lineText(i)) - len(strings.TrimLeft(t.lineText(i), " "))
		if strings.TrimSpace(n.Value) == "" || deep < indent {
			break
		}
		if indent < 0 {
			indent = deep
		}
		last = i
	}
	return t.lineEnd(last), nil
}

// flowEnd is where a list in brackets, or a mapping in braces, ends.
func (t *text) flowEnd(n *yaml.Node, at int) (int, error) {
	at, err := t.body(n, at)
	if err != nil {
		return 0, err
	}
	at++ // the bracket
	if len(n.Content) > 0 {
		if at, err = t.flowLast(n); err != nil {
			return 0, err
		}
	}
	return t.closing(n, at)
}

// flowLast is where the last element of a list in brackets ends.
func (t *text) flowLast(n *yaml.Node) (int, error) {
	last := n.Content[len(n.Content)-1]
	if n.Kind == yaml.MappingNode && isEmpty(last) {
		last = n.Content[len(n.Content)-2]
	}
	return t.end(last)
}

// isEmpty reports whether a value has no text.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null" && n.Anchor == ""
}

// closing finds the bracket that closes, behind the last element.
func (t *text) closing(n *yaml.Node, at int) (int, error) {
	for at < len(t.content) {
		switch b := t.content[at]; {
		case isSpace(b) || b == ',' || b == ':':
			at++
		case b == '#' && isSpace(t.content[at-1]):
			at = t.lineEnd(t.line(at))
		case b == ']' || b == '}':
			return at + 1, nil
		default:
			return 0, t.unclear(n)
		}
	}
	return 0, t.unclear(n)
}
