package composefile

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/source/unresolved"
)

// Waiver is a finding that a Compose file itself accepts: in a comment, or below
// x-seawall. Its fields are not checked here but for their form.
type Waiver struct {
	// Section and Name are what it is about: "services" and the service, "networks" and
	// the network, …; both are empty for the whole project.
	Section, Name string
	// Subject is the container, network or volume that Name becomes.
	Subject string
	// Fields are the keys and values of a waiver in a file of waivers.
	Fields map[string]string
	Where  string // file:line
}

// extension is the field of a project, service, network or volume that is ours.
const extension = "x-seawall"

// inComment is a waiver as a comment has it: "seawall: waive RULE until DATE: reason",
// with "by OWNER" before the colon if somebody is named.
var inComment = regexp.MustCompile(`^waive\s+(\S+)\s+until\s+(\S+?)(?:\s+by\s+([^:]+?))?\s*:\s*(\S.*)$`)

// commentForm is how people are told of it.
const commentForm = "# seawall: waive RULE until YYYY-MM-DD: reason"

// waivers are those of a document.
func (d *document) waivers() ([]Waiver, error) {
	w := &waiverSearch{file: d.file}
	for _, root := range d.roots {
		top := value(root)
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
	found []Waiver
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
		text, ours := strings.CutPrefix(strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(text), "#")), "seawall:")
		if !ours {
			continue
		}
		where := fmt.Sprintf("%s:%d", w.file, line+i)
		m := inComment.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			w.fail(where, "a comment for seawall is of the form %s", commentForm)
			return
		}
		fields := map[string]string{"rule": m[1], "until": m[2], "reason": m[4]}
		if m[3] != "" {
			fields["owner"] = m[3]
		}
		w.found = append(w.found, Waiver{Section: section, Name: name, Fields: fields, Where: where})
	}
}

// extension takes the waivers below x-seawall.
func (w *waiverSearch) extension(n *yaml.Node, section, name string) {
	if value(n) == nil || value(n).Kind != yaml.MappingNode {
		w.fail(fmt.Sprintf("%s:%d", w.file, n.Line), "%s has a list of waivers as 'waive'", extension)
		return
	}
	each(n, func(key, list *yaml.Node) {
		where := fmt.Sprintf("%s:%d", w.file, key.Line)
		switch list = value(list); {
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
	if n = value(n); n == nil || n.Kind != yaml.MappingNode {
		w.fail(where, "want a waiver with rule, reason and until")
		return
	}
	each(n, func(key, content *yaml.Node) {
		if content = value(content); content == nil || content.Kind != yaml.ScalarNode {
			w.fail(fmt.Sprintf("%s:%d", w.file, key.Line), "%s must be a text", key.Value)
			return
		}
		fields[key.Value] = content.Value
	})
	w.found = append(w.found, Waiver{Section: section, Name: name, Fields: fields, Where: where})
}

func (w *waiverSearch) fail(where, format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
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
