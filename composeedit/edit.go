package composeedit

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/source/composefile"
)

// errNoService is that no file has the service as a mapping of its own.
var errNoService = lang.Sentinel("the files do not declare the service themselves")

// Set gives a part of a service a value, which is YAML on one line: the part of the last
// file that has it, or else one more of the first file that has the service.
func (f *Files) Set(service, path, yamlValue string) error {
	return f.write(service, path, yamlValue, func(s, last part) error {
		if v := composefile.Value(last.value); v.Kind == yaml.ScalarNode && v.Value == plainValue(yamlValue) {
			return nil
		}
		if !last.own && last.up == nil {
			return f.insert(s, nil, []string{path}, yamlValue) // counts before what is merged
		}
		return f.replace(last, yamlValue)
	})
}

// Add appends a value, YAML on one line, to a list of a service, unless the list has it.
func (f *Files) Add(service, path, yamlValue string) error {
	wanted := plainValue(yamlValue)
	if slices.ContainsFunc(f.Entries(service, path), func(e Entry) bool { return e.Text == wanted }) {
		return nil
	}
	return f.write(service, path, "["+yamlValue+"]", func(_, last part) error { return f.append(last, yamlValue) })
}

// write puts a part that is missing into a service, or changes the one that is there.
func (f *Files) write(service, path, missing string, change func(service, there part) error) error {
	return f.Undo(func() error {
		s, way, err := f.deepest(service, path)
		if err != nil {
			return err
		}
		if keys := strings.Split(path, "."); len(way) < len(keys) {
			return f.insert(s, way, keys, missing)
		}
		return change(s, way[len(way)-1])
	})
}

// deepest is the mapping of the service to change, and the parts on the way of the path
// that it has: of the last file that has the first of them, or else the first file's.
func (f *Files) deepest(service, path string) (part, []part, error) {
	var first *part
	for _, s := range slices.Backward(f.services(service)) {
		if v := composefile.Value(s.value); v == nil || v.Kind != yaml.MappingNode {
			continue
		}
		if way := lookup(s, path); len(way) > 0 {
			return s, way, nil
		}
		first = &s
	}
	if first == nil {
		return part{}, nil, errNoService
	}
	return *first, nil, nil
}

// replace gives a part that has a single value another one.
func (f *Files) replace(p part, yamlValue string) error {
	if err := f.take(p.holder, p.key.Value); err != nil {
		return err
	}
	n := p.value
	if n.Kind != yaml.AliasNode {
		if n.Kind != yaml.ScalarNode {
			return p.text.unclear(n)
		}
		if n.Anchor != "" {
			return lang.Errorf("%s:%d:%d: others refer to its value by the anchor &%s", p.text.name, n.Line, n.Column, n.Anchor)
		}
		if strings.Contains(n.Value, "$") {
			return lang.Errorf("%s:%d:%d: its value comes from a variable: %s", p.text.name, n.Line, n.Column, n.Value)
		}
	}
	if isEmpty(n) {
		return f.fill(p, yamlValue)
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return p.text.unclear(n)
	}
	start, end, err := p.text.span(n)
	if err != nil {
		return err
	}
	return f.change(p.text, start, end, yamlValue)
}

// fill gives a part that has no value one.
func (f *Files) fill(p part, yamlValue string) error {
	colon, err := p.text.colon(p.key)
	if err != nil {
		return err
	}
	return f.change(p.text, colon, colon, " "+yamlValue)
}

// span is where a node begins and ends.
func (t *text) span(n *yaml.Node) (start, end int, err error) {
	if start, err = t.start(n); err == nil {
		end, err = t.end(n)
	}
	return start, end, err
}

// colon is the place behind the colon of a key.
func (t *text) colon(key *yaml.Node) (int, error) {
	at, err := t.end(key)
	if err != nil {
		return 0, err
	}
	for at < len(t.content) && (t.content[at] == ' ' || t.content[at] == '\t') {
		at++
	}
	if at >= len(t.content) || t.content[at] != ':' {
		return 0, t.unclear(key)
	}
	return at + 1, nil
}

// insert puts the keys that are missing, and the value, into the deepest mapping that
// there is.
func (f *Files) insert(s part, way []part, keys []string, yamlValue string) error {
	into := s.value
	if len(way) > 0 {
		last := way[len(way)-1]
		into = last.value
		if isEmpty(composefile.Value(into)) {
			if err := f.take(last.holder, last.key.Value); err != nil {
				return err
			}
			return f.fill(last, nested(keys[len(way):], yamlValue))
		}
	}
	m := composefile.Value(into)
	if m.Kind != yaml.MappingNode || len(m.Content) == 0 {
		return s.text.unclear(m)
	}
	keys = keys[len(way):]
	if err := f.take(m, keys[0]); err != nil {
		return err
	}
	if m.Style&yaml.FlowStyle != 0 {
		at, err := s.text.flowLast(m)
		if err != nil {
			return err
		}
		return f.change(s.text, at, at, ", "+flowKeys(m, keys, yamlValue))
	}
	return f.insertLines(s.text, m, keys, yamlValue)
}

// insertLines puts keys at the end of a mapping in block style.
func (f *Files) insertLines(t *text, m *yaml.Node, keys []string, yamlValue string) error {
	end, err := t.end(m)
	if err != nil {
		return err
	}
	first, err := t.start(m.Content[0])
	if err != nil {
		return err
	}
	if lead := t.content[t.lines[t.line(first)]:first]; strings.Trim(string(lead), " -") != "" {
		return t.unclear(m)
	}
	indent := strings.Repeat(" ", m.Content[0].Column-1)
	var lines []string
	for i, key := range keys[:len(keys)-1] {
		lines = append(lines, indent+strings.Repeat("  ", i)+key+":")
	}
	indent += strings.Repeat("  ", len(keys)-1)
	lines = append(lines, blockLines(indent, keys[len(keys)-1], yamlValue)...)
	return f.addLines(t, end, lines)
}

// blockLines are an entry of a mapping; a list gets a line for each element.
func blockLines(indent, key, yamlValue string) []string {
	if list, is := strings.CutPrefix(yamlValue, "["); is {
		return []string{indent + key + ":", indent + "  - " + strings.TrimSuffix(list, "]")}
	}
	return []string{indent + key + ": " + yamlValue}
}

// addLines puts lines behind the one that holds an offset.
func (f *Files) addLines(t *text, offset int, lines []string) error {
	at := t.lineEnd(t.line(offset))
	return f.change(t, at, at, t.newline+strings.Join(lines, t.newline))
}

// nested is a value below keys, in braces.
func nested(keys []string, yamlValue string) string {
	for _, key := range slices.Backward(keys) {
		yamlValue = "{" + key + ": " + yamlValue + "}"
	}
	return yamlValue
}

// flowKeys is an entry of a mapping in braces, quoted as its others are.
func flowKeys(m *yaml.Node, keys []string, yamlValue string) string {
	key := keys[0]
	if m.Content[0].Style&yaml.DoubleQuotedStyle != 0 {
		key = `"` + key + `"`
	}
	return key + ": " + nested(keys[1:], yamlValue)
}

// append puts an element at the end of a list.
func (f *Files) append(p part, yamlValue string) error {
	if err := f.take(p.holder, p.key.Value); err != nil {
		return err
	}
	list, t := composefile.Value(p.value), p.text
	switch {
	case isEmpty(list):
		return f.fill(p, "["+yamlValue+"]")
	case list.Kind == yaml.ScalarNode && p.value.Kind == yaml.ScalarNode: // one text where a list may stand
		start, end, err := t.span(list)
		if err != nil {
			return err
		}
		if list.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || list.Anchor != "" {
			return t.unclear(list)
		}
		return f.change(t, start, end, "["+string(t.content[start:end])+", "+yamlValue+"]")
	case list.Kind != yaml.SequenceNode:
		return t.unclear(list)
	case len(list.Content) == 0:
		start, end, err := t.span(list)
		if err != nil {
			return err
		}
		if list.Anchor != "" {
			return t.unclear(list)
		}
		return f.change(t, start, end, "["+yamlValue+"]")
	case list.Style&yaml.FlowStyle != 0:
		at, err := t.flowLast(list)
		if err != nil {
			return err
		}
		return f.change(t, at, at, ", "+yamlValue)
	}
	dash, err := t.dash(list.Content[len(list.Content)-1])
	if err != nil {
		return err
	}
	end, err := t.end(list)
	if err != nil {
		return err
	}
	return f.addLines(t, end, []string{string(t.content[t.lines[t.line(dash)]:dash]) + "- " + yamlValue})
}

// dash is the place of the dash of an element of a list in block style, which must be
// the first thing on its line.
func (t *text) dash(element *yaml.Node) (int, error) {
	at, err := t.start(element)
	if err != nil {
		return 0, err
	}
	line := t.line(at)
	lead := len(t.lineText(line)) - len(strings.TrimLeft(t.lineText(line), " "))
	dash := t.lines[line] + lead
	if dash >= at || t.content[dash] != '-' || strings.TrimSpace(string(t.content[dash+1:at])) != "" {
		return 0, t.unclear(element)
	}
	return dash, nil
}

// plainValue is what YAML on one line stands for.
func plainValue(yamlValue string) string {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(yamlValue), &n); err != nil {
		return yamlValue
	}
	return scalarText(&n)
}
