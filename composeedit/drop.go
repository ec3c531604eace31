package composeedit

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/source/composefile"
)

// Drop takes entries out of the parts of services that have them. A part that has no
// other is taken out as a whole, as is what holds nothing but it.
func (f *Files) Drop(entries []Entry) error {
	return f.Undo(func() error {
		for len(entries) > 0 {
			p := entries[0].part
			same, others := split(entries, func(e Entry) bool { return e.part.holder == p.holder && e.part.index == p.index })
			if err := f.dropFrom(p, same); err != nil {
				return err
			}
			entries = others
		}
		return nil
	})
}

func split(entries []Entry, is func(Entry) bool) (yes, no []Entry) {
	for _, e := range entries {
		if is(e) {
			yes = append(yes, e)
		} else {
			no = append(no, e)
		}
	}
	return yes, no
}

func (f *Files) dropFrom(p part, entries []Entry) error {
	if err := f.take(p.holder, p.key.Value); err != nil {
		return err
	}
	list := composefile.Value(p.value)
	step := 1
	if list.Kind == yaml.MappingNode {
		step = 2
	}
	if entries[0].Whole || len(entries)*step == len(list.Content) {
		for p.up != nil && len(p.holder.Content) == 2 {
			p = *p.up
		}
		return f.remove(p.text, p.holder, p.index, 2, 1)
	}
	indexes := make([]int, 0, len(entries))
	for _, e := range entries {
		indexes = append(indexes, e.index)
	}
	slices.Sort(indexes)
	for i := 0; i < len(indexes); {
		n := 1
		for i+n < len(indexes) && indexes[i+n] == indexes[i]+n*step {
			n++
		}
		if err := f.remove(p.text, list, indexes[i], step, n); err != nil {
			return err
		}
		i += n
	}
	return nil
}

// remove takes n elements out of a list (step 1) or mapping (step 2) that has others.
func (f *Files) remove(t *text, list *yaml.Node, index, step, n int) error {
	if len(list.Content) == n*step && list.Style&yaml.FlowStyle == 0 {
		return lang.Errorf("%s:%d:%d: nothing would be left there", t.name, list.Line, list.Column)
	}
	if list.Style&yaml.FlowStyle != 0 {
		return f.removeFlow(t, list, index, step*n)
	}
	for i := index; i < index+n*step; i += step {
		first, last := list.Content[i], list.Content[i+step-1]
		start, err := t.start(first)
		if err != nil {
			return err
		}
		if step == 1 {
			if start, err = t.dash(first); err != nil {
				return err
			}
		}
		if lead := t.content[t.lines[t.line(start)]:start]; strings.TrimSpace(string(lead)) != "" {
			return t.unclear(first)
		}
		end, err := t.end(last)
		if err != nil {
			return err
		}
		if step == 2 && isEmpty(last) {
			if end, err = t.colon(first); err != nil {
				return err
			}
		}
		if err := f.removeLines(t, start, end); err != nil {
			return err
		}
	}
	return nil
}

// removeLines takes the lines out that hold the text between two offsets, but for those
// that are comments.
func (f *Files) removeLines(t *text, start, end int) error {
	first, last := t.line(start), t.line(max(end-1, start))
	for from := first; from <= last; from++ {
		if t.comment(from) {
			continue
		}
		to := from
		for to < last && !t.comment(to+1) {
			to++
		}
		if err := f.removeWhole(t, from, to); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// comment reports whether a line is one.
func (t *text) comment(line int) bool {
	return strings.HasPrefix(strings.TrimSpace(t.lineText(line)), "#")
}

func (f *Files) removeWhole(t *text, first, last int) error {
	from := t.lines[first]
	if last+1 < len(t.lines) {
		return f.change(t, from, t.lines[last+1], "")
	}
	if first > 0 {
		from = t.lineEnd(first - 1) // the file had no line end, and has none
	}
	return f.change(t, from, len(t.content), "")
}

// removeFlow takes n nodes out of a list in brackets or braces: with their lines, where
// they are alone on these.
func (f *Files) removeFlow(t *text, list *yaml.Node, index, n int) error {
	start, err := t.start(list.Content[index])
	if err != nil {
		return err
	}
	last := list.Content[index+n-1]
	if list.Kind == yaml.MappingNode && isEmpty(last) {
		last = list.Content[index+n-2]
	}
	end, err := t.end(last)
	if err != nil {
		return err
	}
	if t.aloneOnLines(start, end) {
		return f.removeLines(t, start, end)
	}
	switch {
	case index+n < len(list.Content):
		end, err = t.start(list.Content[index+n])
	case index > 0:
		before := list.Content[index-1]
		if list.Kind == yaml.MappingNode && isEmpty(before) {
			before = list.Content[index-2]
		}
		start, err = t.end(before)
	}
	if err != nil {
		return err
	}
	if strings.ContainsAny(string(t.content[start:end]), "#\r\n") && t.line(start) != t.line(end) {
		return t.unclear(list)
	}
	return f.change(t, start, end, "")
}

// aloneOnLines reports whether the lines of some text hold nothing else, but for a comma
// and a comment behind it.
func (t *text) aloneOnLines(start, end int) bool {
	before := string(t.content[t.lines[t.line(start)]:start])
	after := strings.TrimSpace(string(t.content[end:max(t.lineEnd(t.line(end)), end)]))
	after, comma := strings.CutPrefix(after, ",")
	after = strings.TrimSpace(after)
	return comma && strings.TrimSpace(before) == "" && (after == "" || strings.HasPrefix(after, "#"))
}

// Rewrite gives entries of lists another text, or, where an entry is a mapping, one of
// its parts a value (YAML on one line).
func (f *Files) Rewrite(entries []Entry, short func(string) (string, error), path, yamlValue string) error {
	return f.Undo(func() error {
		taken := map[slot]bool{}
		for _, e := range entries {
			if s := (slot{e.part.holder, e.part.key.Value}); !taken[s] {
				if err := f.take(s.holder, s.key); err != nil {
					return err
				}
				taken[s] = true
			}
			if err := f.rewrite(e, short, path, yamlValue); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *Files) rewrite(e Entry, short func(string) (string, error), path, yamlValue string) error {
	t := e.part.text
	n := e.part.value
	if !e.Whole {
		n = composefile.Value(e.part.value).Content[e.index]
	}
	switch {
	case n.Kind == yaml.MappingNode && path != "":
		return f.rewriteMapping(part{text: t, value: n, own: true}, path, yamlValue)
	case n.Kind != yaml.ScalarNode || n.Anchor != "" || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) != 0:
		return t.unclear(n)
	}
	text, err := short(n.Value)
	if err != nil {
		return fmt.Errorf("%s:%d:%d: %w", t.name, n.Line, n.Column, err)
	}
	start, err := t.start(n)
	if err != nil {
		return err
	}
	end, err := t.end(n)
	if err != nil {
		return err
	}
	return f.change(t, start, end, quoted(text, n.Style))
}

// rewriteMapping gives a part of an entry in the long form a value.
func (f *Files) rewriteMapping(entry part, path, yamlValue string) error {
	keys := strings.Split(path, ".")
	way := lookup(entry, path)
	if len(way) < len(keys) {
		return f.insert(entry, way, keys, yamlValue)
	}
	return f.replace(way[len(way)-1], yamlValue)
}

// quoted writes a text with the quotes that the one before it had.
func quoted(text string, style yaml.Style) string {
	switch {
	case style&yaml.SingleQuotedStyle != 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case style&yaml.DoubleQuotedStyle == 0 && isPlain(text):
		return text
	}
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
	out, err := yaml.Marshal(&n)
	if err != nil {
		return `""`
	}
	return strings.TrimSuffix(string(out), "\n")
}

// isPlain reports whether a text needs no quotes, also within brackets.
func isPlain(text string) bool {
	var n []yaml.Node
	if strings.ContainsAny(text, "[]{},\n") || yaml.Unmarshal([]byte("["+text+"]"), &n) != nil || len(n) != 1 {
		return false
	}
	return n[0].Kind == yaml.ScalarNode && n[0].Value == text && (n[0].Tag == "!!str" || n[0].Tag == "!!int")
}
