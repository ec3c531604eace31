package ownrule

import (
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/ownrule/expr"
)

// maxMessage bounds a finding's message, in characters.
const maxMessage = 500

// message is a text with expressions in it.
type message []part

// part is a piece of text, or an expression whose value stands there.
type part struct {
	text  string
	value *expr.Program
}

// message reads a text in which {expression} stands for a value; {{ and }} are
// braces.
func (f *file) message(n *yaml.Node, kind string) message {
	var out message
	runes := []rune(n.Value)
	var text strings.Builder
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case (r == '{' || r == '}') && i+1 < len(runes) && runes[i+1] == r:
			text.WriteRune(r)
			i++
		case r == '}':
			f.faultIn(n, i, lang.T("a } without {: write }} for a brace"))
			return nil
		case r == '{':
			end := closing(runes, i+1)
			if end < 0 {
				f.faultIn(n, i, lang.T("a { without }: write {{ for a brace"))
				return nil
			}
			p, faults := expr.Value(kind, string(runes[i+1:end]))
			for _, fault := range faults {
				f.faultIn(n, i+1+fault.Offset, fault.Text)
			}
			out = append(out, part{text: text.String()}, part{value: p})
			text.Reset()
			i = end
		default:
			text.WriteRune(r)
		}
	}
	return append(out, part{text: text.String()})
}

// closing finds the brace that ends an expression, past braces and strings
// inside it; -1 if there is none.
func closing(runes []rune, from int) int {
	depth, quote := 0, rune(0)
	for i := from; i < len(runes); i++ {
		switch r := runes[i]; {
		case quote != 0 && r == '\\':
			i++
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '{':
			depth++
		case r == '}' && depth == 0:
			return i
		case r == '}':
			depth--
		}
	}
	return -1
}

// say writes the message about a subject. A value that could not be read is
// said to be so.
func (m message) say(s expr.Subject, r *expr.Reader) string {
	var b strings.Builder
	for _, p := range m {
		b.WriteString(p.text)
		if p.value == nil {
			continue
		}
		value, err := p.value.Text(s, r)
		if err != nil {
			value = lang.T("(not known)")
		}
		b.WriteString(value)
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, b.String())
	text = strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
	if runes := []rune(text); len(runes) > maxMessage {
		text = string(runes[:maxMessage-1]) + "…"
	}
	return text
}
