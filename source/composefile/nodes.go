package composefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/compose-spec/compose-go/v2/template"

	"seawall/lang"
)

// document is a file as YAML: where each part of its services stands.
type document struct {
	file  string
	roots []*yaml.Node
}

// place is where something stands in a file; lines and columns begin at 1.
type place struct {
	file         string
	line, column int
}

func (p place) String() string { return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column) }

// parse reads a file as YAML, without what its aliases stand for.
func parse(file string, content []byte) (*document, error) {
	d := &document{file: file}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return nil, errors.New(atLine.ReplaceAllString(file+": "+oneLine(strings.TrimPrefix(err.Error(), "yaml: ")), ":$1: "))
		}
		if line := ownAlias(&n, map[*yaml.Node]bool{}); line > 0 {
			return nil, lang.Errorf("%s:%d: an alias stands for what it is part of", file, line)
		}
		if err := d.bounded(&n); err != nil {
			return nil, err
		}
		d.roots = append(d.roots, &n)
	}
}

// ownAlias is the line of an alias that stands for a node which it is part of; 0 if there
// is none. The library takes minutes to refuse some of these.
func ownAlias(n *yaml.Node, within map[*yaml.Node]bool) int {
	if n.Kind == yaml.AliasNode {
		if within[n.Alias] {
			return n.Line
		}
		return 0
	}
	within[n] = true
	defer delete(within, n)
	for _, c := range n.Content {
		if line := ownAlias(c, within); line > 0 {
			return line
		}
	}
	return 0
}

// atLine is how the parser says where it stopped.
var atLine = regexp.MustCompile(`: line ([0-9]+): `)

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Value is what a node stands for, without alias and document.
func Value(n *yaml.Node) *yaml.Node {
	for n != nil {
		switch {
		case n.Kind == yaml.AliasNode:
			n = n.Alias
		case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
			n = n.Content[0]
		default:
			return n
		}
	}
	return nil
}

// each calls visit for the entries of a mapping, those of merge keys first: what
// stands in the mapping itself comes after them and counts.
func each(n *yaml.Node, visit func(key, value *yaml.Node)) { eachTo(n, visit, maxMerges) }

// maxMerges bounds merge keys that lead to others.
const maxMerges = 32

func eachTo(n *yaml.Node, visit func(key, value *yaml.Node), depth int) {
	n = Value(n)
	if n == nil || n.Kind != yaml.MappingNode || depth == 0 {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		merged := Value(n.Content[i+1])
		if merged != nil && merged.Kind == yaml.SequenceNode {
			for j := len(merged.Content) - 1; j >= 0; j-- {
				eachTo(merged.Content[j], visit, depth-1)
			}
			continue
		}
		eachTo(merged, visit, depth-1)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			visit(n.Content[i], n.Content[i+1])
		}
	}
}

// places are where the parts of a project stand: "services.web.privileged". Of several
// files and merges the last one counts, and the first for a service itself.
type places map[string]place

// add notes the places of the parts of services, networks and volumes.
func (p places) add(d *document) {
	at := func(path string, n *yaml.Node) { p[path] = place{d.file, n.Line, n.Column} }
	for _, root := range d.roots {
		each(root, func(section, members *yaml.Node) {
			at(section.Value, section)
			each(members, func(name, parts *yaml.Node) {
				path := section.Value + "." + name.Value
				if _, has := p[path]; !has {
					at(path, name)
				}
				each(parts, func(part, content *yaml.Node) {
					at(path+"."+part.Value, part)
					if list := Value(content); list != nil && list.Kind == yaml.SequenceNode {
						for i, element := range list.Content {
							at(fmt.Sprintf("%s.%s[%d]", path, part.Value, i), element)
						}
					}
				})
			})
		})
	}
}

// leaveOut takes those parts of services out of a document that hold an open value and
// have no place for it, and notes the text of the value by service and part.
func (d *document) leaveOut(lookup template.Mapping, found openParts) (changed bool) {
	search := opening{lookup: lookup, left: maxNodes}
	d.services(func(name string, service *yaml.Node) {
		each(service, func(part, content *yaml.Node) {
			if text, is := search.in(content, maxDepth); is && !textual[part.Value] {
				found.add(name, part.Value, text)
			}
		})
	})
	d.services(func(name string, service *yaml.Node) {
		for part := range found[name] {
			changed = drop(service, part, maxMerges) || changed
		}
	})
	return changed
}

// openParts are the texts of open values by service and part of it.
type openParts map[string]map[string]string

func (o openParts) add(service, part, text string) {
	if o[service] == nil {
		o[service] = map[string]string{}
	}
	o[service][part] = text
}

// services calls visit for each service of a document.
func (d *document) services(visit func(name string, service *yaml.Node)) {
	for _, root := range d.roots {
		each(root, func(section, members *yaml.Node) {
			if section.Value == "services" {
				each(members, func(name, service *yaml.Node) { visit(name.Value, service) })
			}
		})
	}
}

// drop takes a part out of a mapping and of those that it merges.
func drop(n *yaml.Node, part string, depth int) (changed bool) {
	n = Value(n)
	if n == nil || n.Kind != yaml.MappingNode || depth == 0 {
		return false
	}
	var kept []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, content := n.Content[i], n.Content[i+1]
		if name.Value == part {
			changed = true
			continue
		}
		if name.Tag == "!!merge" {
			changed = drop(content, part, depth-1) || changed
		}
		kept = append(kept, name, content)
	}
	n.Content = kept
	return changed
}

// Bounds of the search for open values: how deep it goes, and how many nodes of a
// document it looks at, those that aliases stand for each time anew.
const (
	maxDepth = 32
	maxNodes = 1_000_000
)

// opening looks for open values.
type opening struct {
	lookup template.Mapping
	left   int // nodes that may still be looked at
}

// in is the text of the first open value in a node.
func (o *opening) in(n *yaml.Node, depth int) (string, bool) {
	n = Value(n)
	if o.left--; n == nil || depth == 0 || o.left < 0 {
		return "", false
	}
	if n.Kind == yaml.ScalarNode {
		return open(n.Value, o.lookup)
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		if text, is := o.in(c, depth-1); is {
			return text, true
		}
	}
	return "", false
}

// encode writes a document back.
func (d *document) encode() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	for _, root := range d.roots {
		if err := e.Encode(root); err != nil {
			return nil, fmt.Errorf("%s: %w", d.file, err)
		}
	}
	err := e.Close()
	return b.Bytes(), err
}
