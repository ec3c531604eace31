package composefile

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/source/accepted"
	"seawall/source/unresolved"
)

// extension is the field of a project, service, network or volume that is ours.
const extension = "x-seawall"

// waivers are those of a document.
func (d *document) waivers() ([]accepted.Waiver, error) {
	w := &waiverSearch{file: d.file}
	for _, root := range d.roots {
		top := Value(root)
		w.comments(root, "", "", false)
		w.comments(top, "", "", false)
		each(top, func(key, members *yaml.Node) {
			w.comments(key, "", "", false)
			if key.Value == extension {
				w.extension(members, "", "")
				return
			}
			if !subjects[key.Value] {
				w.comments(members, "", "", true)
				return
			}
			w.comments(members, "", "", false)
			each(members, func(name, parts *yaml.Node) {
				w.comments(name, key.Value, name.Value, false)
				w.comments(parts, key.Value, name.Value, true)
				each(parts, func(part, content *yaml.Node) {
					if part.Value == extension {
						w.extension(content, key.Value, name.Value)
					}
				})
			})
		})
	}
	return w.found, w.err
}

// subjects are the sections whose members rules judge.
var subjects = map[string]bool{"services": true, "networks": true, "volumes": true}

// waiverSearch collects waivers up to the first mistake.
type waiverSearch struct {
	file  string
	found []accepted.Waiver
	err   error
}

// comments takes the comments of a node, and with deep those of all below it. What
// aliases stand for has its comments where it is written.
func (w *waiverSearch) comments(n *yaml.Node, section, name string, deep bool) {
	if n == nil {
		return
	}
	head := strings.Count(n.HeadComment, "\n") + 1
	w.text(n.HeadComment, max(n.Line-head, 1), section, name)
	w.text(n.LineComment, n.Line, section, name)
	w.text(n.FootComment, n.Line+1, section, name)
	if !deep || n.Kind == yaml.AliasNode {
		return
	}
	for _, c := range n.Content {
		w.comments(c, section, name, true)
	}
}

// text takes the waivers of a comment that begins at a line.
func (w *waiverSearch) text(comment string, line int, section, name string) {
	if comment == "" {
		return
	}
	for i, text := range strings.Split(comment, "\n") {
		waiver, ours, err := accepted.Comment(text, fmt.Sprintf("%s:%d", w.file, line+i))
		if err != nil && w.err == nil {
			w.err = err
		}
		if ours && err == nil {
			waiver.Section, waiver.Name = section, name
			w.found = append(w.found, waiver)
		}
	}
}

// extension takes the waivers below x-seawall.
func (w *waiverSearch) extension(n *yaml.Node, section, name string) {
	if Value(n) == nil || Value(n).Kind != yaml.MappingNode {
		w.fail(fmt.Sprintf("%s:%d", w.file, n.Line), "%s has a list of waivers as 'waive'", extension)
		return
	}
	each(n, func(key, list *yaml.Node) {
		where := fmt.Sprintf("%s:%d", w.file, key.Line)
		switch list = Value(list); {
		case key.Value != "waive":
			w.fail(where, "unknown field %q: %s has 'waive'", key.Value, extension)
			return
		case list == nil || list.Kind != yaml.SequenceNode:
			w.fail(where, "waive is a list of waivers")
			return
		}
		for _, element := range list.Content {
			w.element(element, section, name)
		}
	})
}

// element takes one waiver below x-seawall.
func (w *waiverSearch) element(n *yaml.Node, section, name string) {
	where := fmt.Sprintf("%s:%d", w.file, n.Line)
	fields := map[string]string{}
	if n = Value(n); n == nil || n.Kind != yaml.MappingNode {
		w.fail(where, "want a waiver with rule, reason and until")
		return
	}
	each(n, func(key, content *yaml.Node) {
		if content = Value(content); content == nil || content.Kind != yaml.ScalarNode {
			w.fail(fmt.Sprintf("%s:%d", w.file, key.Line), "%s must be a text", key.Value)
			return
		}
		fields[key.Value] = content.Value
	})
	w.found = append(w.found, accepted.Waiver{Section: section, Name: name, Fields: fields, Where: where})
}

func (w *waiverSearch) fail(where, format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%s: %s", where, lang.Sprintf(format, args...))
	}
}

// subject is what a section's member is called on an engine.
func (c converter) subject(section, name string) string {
	switch section {
	case "services":
		return unresolved.Text(c.containerName(name))
	case "networks":
		return c.networkName(name)
	case "volumes":
		return c.volumeName(name)
	}
	return ""
}
