package composefile

import (
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"seawall/source/unresolved"
)

// reference is a variable as the Compose Specification writes it: its name, and what
// follows it within the braces.
var reference = regexp.MustCompile(`(?i)^\$(?:([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)(|:?[-+?].*)\})$`)

// maxDefaults bounds variables in the defaults of others.
const maxDefaults = 32

// substitute puts values in the place of variables. One that is not set, and for which
// the text names no default, is left open. Its time grows with the length of the text, as
// that of the library's own does not.
func substitute(text string, lookup template.Mapping) (string, error) {
	return substituteIn(text, lookup, maxDefaults)
}

func substituteIn(text string, lookup template.Mapping, depth int) (string, error) {
	var b strings.Builder
	for rest := text; ; {
		i := strings.IndexByte(rest, '$')
		if i < 0 {
			b.WriteString(rest)
			return b.String(), nil
		}
		b.WriteString(rest[:i])
		length := referenceLength(rest[i:])
		first := rest[i : i+length]
		rest = rest[i+length:]
		switch {
		case first == "$": // no variable follows
			b.WriteString(first)
			continue
		case first == "$$":
			b.WriteByte('$')
			continue
		case depth == 0:
			return "", &template.InvalidTemplateError{Template: text}
		}
		value, err := replace(first, lookup, depth-1)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
	}
}

// referenceLength is the length of what begins with a dollar sign: it alone, two of them,
// a name, or braces to the one that closes them on their line.
func referenceLength(text string) int {
	switch {
	case strings.HasPrefix(text, "$$"):
		return len("$$")
	case strings.HasPrefix(text, "${"):
		return braces(text)
	}
	n := 1
	for n < len(text) && (text[n] == '_' || 'a' <= text[n]|0x20 && text[n]|0x20 <= 'z' || n > 1 && '0' <= text[n] && text[n] <= '9') {
		n++
	}
	return n
}

// braces is the length up to the brace that closes the first one; where none does, up to
// the last one of the line, or the dollar sign and the first brace alone.
func braces(text string) int {
	depth, last := 0, len("${")
	for i := 0; i < len(text) && text[i] != '\n'; i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			last = i + 1
			if depth--; depth == 0 {
				return last
			}
		}
	}
	return last
}

// substituteAny leaves open what is no template, too.
func substituteAny(text string, lookup template.Mapping) (string, error) {
	out, err := substitute(text, lookup)
	if err != nil {
		return unresolved.Value(text), nil
	}
	return out, nil
}

// replace is what a variable stands for.
func replace(text string, lookup template.Mapping, depth int) (string, error) {
	m := reference.FindStringSubmatch(text)
	if m == nil {
		return "", &template.InvalidTemplateError{Template: text}
	}
	value, set := lookup(m[1] + m[2])
	operator := strings.TrimPrefix(m[3], ":")
	full := set && (value != "" || operator == m[3]) // with ":" an empty value counts as none
	switch {
	case operator == "", operator[0] == '?':
		if !full {
			return unresolved.Value(text), nil
		}
	case operator[0] == '-' && !full:
		return substituteIn(operator[1:], lookup, depth)
	case operator[0] == '+':
		if full {
			return substituteIn(operator[1:], lookup, depth)
		}
		return "", nil
	}
	return value, nil
}

// open is the text of the first value of a piece of text that is left open.
func open(text string, lookup template.Mapping) (string, bool) {
	if !strings.Contains(text, "$") {
		return "", false
	}
	value, err := substitute(text, lookup)
	if err != nil {
		return "", false
	}
	return unresolved.In(value)
}
