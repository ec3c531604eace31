package ownrule

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/near"
)

// file is a file of rules that is being read.
type file struct {
	name   string
	source source
	faults Faults
}

// fault notes a mistake at a node.
func (f *file) fault(n *yaml.Node, format string, args ...any) {
	line, column := n.Line, n.Column
	if line > len(f.source) { // the parser's place of a value that is left out at the end
		line, column = len(f.source), 0
	}
	f.faults = append(f.faults, Fault{f.name, line, column, lang.Sprintf(format, args...)})
}

// faultIn notes a mistake inside a scalar, so many characters from its start.
func (f *file) faultIn(n *yaml.Node, offset int, text string) {
	line, column := f.source.place(n, offset)
	f.faults = append(f.faults, Fault{f.name, line, column, text})
}

// fields are the values of a mapping by their keys, and the mapping itself.
type fields struct {
	node   *yaml.Node
	values map[string]*yaml.Node
}

// mapping reads a mapping that may have these keys and no others.
func (f *file) mapping(n *yaml.Node, what string, keys ...string) (fields, bool) {
	out := fields{n, map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		f.fault(n, "want %s: a mapping with %s", what, strings.Join(keys, ", "))
		return out, false
	}
	ok := true
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(keys, key.Value):
			f.fault(key, "unknown key %q: %s", shorten(key.Value), meant(key.Value, what, keys))
			ok = false
		case out.values[key.Value] != nil:
			f.fault(key, "%s is given twice", key.Value)
			ok = false
		default:
			out.values[key.Value] = value
		}
	}
	return out, ok
}

func meant(key, what string, keys []string) string {
	if n := near.Match(key, keys); n != "" {
		return lang.Sprintf("did you mean %q?", n)
	}
	return lang.Sprintf("%s has %s", what, strings.Join(keys, ", "))
}

// shorten keeps a foreign text short enough for a message.
func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// text reads a scalar as text; "" if there is none.
func (f *file) text(m fields, key string) string {
	n := m.values[key]
	switch {
	case n == nil || n.Tag == "!!null":
		return ""
	case n.Kind == yaml.AliasNode:
		f.fault(n, "%s is an alias: write the text out", key)
		return ""
	case n.Kind != yaml.ScalarNode:
		f.fault(n, "%s must be a text", key)
		return ""
	}
	return strings.TrimRight(n.Value, "\n")
}

// need reads a text that must be there.
func (f *file) need(m fields, key, example string) string {
	before := len(f.faults)
	s := f.text(m, key)
	if s == "" && len(f.faults) == before {
		f.fault(m.node, "no %s: add '%s: %s'", key, key, example)
	}
	return s
}

// texts reads a text or a list of texts.
func (f *file) texts(m fields, key string) []string {
	n := m.values[key]
	if n == nil || n.Kind != yaml.SequenceNode {
		if s := f.text(m, key); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Value == "" {
			f.fault(item, "%s must be a text or a list of texts", key)
			continue
		}
		out = append(out, item.Value)
	}
	return out
}

// list reads a list of at most so many elements.
func (f *file) list(n *yaml.Node, what string, most int) []*yaml.Node {
	switch {
	case n.Kind != yaml.SequenceNode:
		f.fault(n, "%s must be a list", what)
	case len(n.Content) > most:
		f.fault(n, "%d %s: at most %d are read", len(n.Content), what, most)
	default:
		return n.Content
	}
	return nil
}
