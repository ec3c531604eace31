package composefile

import (
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"seawall/source/unresolved"
)

// reference is the first variable of a piece of text that the Compose specification
// interpolates: its name, and what follows it within the braces.
var reference = regexp.MustCompile(`^\$(?:([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)(.*)\})$`)

// substitute puts values in the place of variables. One that is not set, and for which
// the text names no default, is left open.
func substitute(text string, lookup template.Mapping) (string, error) {
	return template.SubstituteWithOptions(text, lookup, template.WithReplacementFunction(replace), template.WithoutLogging)
}

// substituteAny leaves open what is no template, too.
func substituteAny(text string, lookup template.Mapping) (string, error) {
	out, err := substitute(text, lookup)
	if err != nil {
		return unresolved.Value(text), nil
	}
	return out, nil
}

// replace replaces a variable, which other text may follow.
func replace(text string, lookup template.Mapping, cfg *template.Config) (string, error) {
	first, rest := cutReference(text)
	if rest != "" {
		after, err := substitute(rest, lookup)
		if err != nil {
			return "", err
		}
		before, err := replace(first, lookup, cfg)
		return before + after, err
	}
	m := reference.FindStringSubmatch(text)
	if m == nil {
		return template.DefaultReplacementFunc(text, lookup, cfg)
	}
	value, set := lookup(m[1] + m[2])
	operator := strings.TrimPrefix(m[3], ":")
	full := set && (value != "" || operator == m[3]) // with ":" an empty value counts as none
	switch {
	case operator == "" && m[3] == "", strings.HasPrefix(operator, "?"):
		if !full {
			return unresolved.Value(text), nil
		}
		return value, nil
	case strings.HasPrefix(operator, "-"):
		if !full {
			return substitute(operator[1:], lookup)
		}
		return value, nil
	case strings.HasPrefix(operator, "+"):
		if full {
			return substitute(operator[1:], lookup)
		}
		return "", nil
	}
	return template.DefaultReplacementFunc(text, lookup, cfg)
}

// cutReference cuts after the brace that closes the first reference.
func cutReference(text string) (first, rest string) {
	if !strings.HasPrefix(text, "${") {
		return text, ""
	}
	depth := 0
	for i, r := range text {
		switch r {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:i+1], text[i+1:]
			}
		}
	}
	return text, ""
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
