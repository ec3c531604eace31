package composeedit

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/source/composefile"
)

// maxMerges bounds merge keys that lead to others.
const maxMerges = 32

// part is an entry of a mapping.
type part struct {
	text       *text
	holder     *yaml.Node // the mapping that has it, which may be one that is merged
	index      int        // of the key in the holder
	key, value *yaml.Node // the value may be an alias
	own        bool       // the mapping that was asked has it itself
	up         *part      // the part of the service that it is part of; nil: none
}

// find is the entry of a mapping, or of one that it merges, by its key.
func find(t *text, n *yaml.Node, key string) (part, bool) { return findIn(t, n, key, maxMerges) }

func findIn(t *text, n *yaml.Node, key string, depth int) (part, bool) {
	n = composefile.Value(n)
	if n == nil || n.Kind != yaml.MappingNode || depth == 0 {
		return part{}, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; k.Value == key && k.Tag != "!!merge" {
			return part{text: t, holder: n, index: i, key: k, value: n.Content[i+1], own: true}, true
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		merged := []*yaml.Node{n.Content[i+1]}
		if list := composefile.Value(n.Content[i+1]); list != nil && list.Kind == yaml.SequenceNode {
			merged = list.Content
		}
		for _, m := range merged {
			if p, has := findIn(t, m, key, depth-1); has {
				p.own = false
				return p, true
			}
		}
	}
	return part{}, false
}

// services are the mappings of a service, in the order of files and documents.
func (f *Files) services(name string) []part {
	var out []part
	for _, t := range f.texts {
		for _, root := range t.roots {
			services, has := find(t, root, "services")
			if !has {
				continue
			}
			if p, has := find(t, services.value, name); has {
				out = append(out, p)
			}
		}
	}
	return out
}

// lookup goes down a path, "logging.options.mode", as far as it exists: the parts on the
// way, the service's first.
func lookup(service part, path string) []part {
	var out []part
	at := service.value
	for key := range strings.SplitSeq(path, ".") {
		p, has := find(service.text, at, key)
		if !has {
			break
		}
		if len(out) > 0 {
			up := out[len(out)-1]
			p.own, p.up = p.own && up.own, &up
		}
		out = append(out, p)
		at = p.value
	}
	return out
}

// An Entry is an element of a part of a service: of a list, of a mapping, or the part
// itself where it is neither.
type Entry struct {
	// Text is the element: a text of a list, "KEY=VALUE" of a mapping, the value of the
	// part; "" for what has parts of its own.
	Text string
	// ID tells elements of a part apart by what they say.
	ID string
	// Whole: it is the part itself.
	Whole bool

	part  part
	index int // in the content of the part's value
}

// Place is where an entry is: "compose.yaml:3:5".
func (e Entry) Place() string {
	n := e.part.key
	if !e.Whole {
		n = composefile.Value(e.part.value).Content[e.index]
	}
	at, err := e.part.text.start(n)
	if err != nil {
		return e.part.text.name
	}
	return e.part.text.place(at)
}

// Entries are the elements of a part of a service, of all files.
func (f *Files) Entries(service, path string) []Entry {
	var out []Entry
	for _, s := range f.services(service) {
		way := lookup(s, path)
		if len(way) != strings.Count(path, ".")+1 {
			continue
		}
		out = append(out, entriesOf(way[len(way)-1])...)
	}
	return out
}

func entriesOf(p part) []Entry {
	var out []Entry
	v := composefile.Value(p.value)
	switch v.Kind {
	case yaml.SequenceNode:
		for i, element := range v.Content {
			out = append(out, Entry{Text: scalarText(element), ID: identity(element), part: p, index: i})
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(v.Content); i += 2 {
			if v.Content[i].Tag == "!!merge" {
				continue
			}
			text := v.Content[i].Value + "=" + scalarText(v.Content[i+1])
			out = append(out, Entry{Text: text, ID: text, part: p, index: i})
		}
	default:
		out = append(out, Entry{Text: v.Value, ID: v.Value, Whole: true, part: p})
	}
	return out
}

func scalarText(n *yaml.Node) string {
	if v := composefile.Value(n); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

// identity is what an element of a list says.
func identity(n *yaml.Node) string {
	n = composefile.Value(n)
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	out, err := yaml.Marshal(n)
	if err != nil {
		return fmt.Sprintf("%d:%d", n.Line, n.Column)
	}
	return string(out)
}
