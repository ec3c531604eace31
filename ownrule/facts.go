package ownrule

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
)

// fact is a value that an example sets: container.process.uid: 1000.
type fact struct {
	path  string
	steps []step
	value json.RawMessage // null: the fact does not exist
	key   *yaml.Node
}

// step is one step of a path: a field's or key's name, or an element's number.
type step struct {
	name  string
	index int // -1: a name
}

var (
	firstStep = regexp.MustCompile(`^[A-Za-z]\w*`)
	nextStep  = regexp.MustCompile(`^(?:\.([A-Za-z]\w*)|\[(\d{1,4})\]|\["([^"[:cntrl:]]+)"\])`)
)

// facts reads the facts of an example.
func (f *file) facts(m fields, kind string) []fact {
	n := m.values["facts"]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		f.fault(n, "facts must be a mapping from names, such as container.process.uid, to values")
		return nil
	}
	var out []fact
	for i := 0; i+1 < len(n.Content); i += 2 {
		one := fact{path: n.Content[i].Value, key: n.Content[i]}
		steps, err := parsePath(one.path)
		if err != nil {
			f.fault(one.key, "%v", err)
			continue
		}
		one.steps = steps
		if one.value, err = asJSON(n.Content[i+1]); err != nil {
			f.fault(n.Content[i+1], "%v", err)
			continue
		}
		out = append(out, one)
	}
	return out
}

// asJSON is a YAML value as JSON.
func asJSON(n *yaml.Node) (json.RawMessage, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return nil, lang.Error("anchors and aliases are not read: write the value out")
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, lang.Errorf("not a value: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, lang.Error("not a value: keys must be texts")
	}
	return data, nil
}

// parsePath reads a path as expressions write it.
func parsePath(path string) ([]step, error) {
	head := firstStep.FindString(path)
	steps := []step{{head, -1}}
	for rest := path[len(head):]; rest != ""; {
		m := nextStep.FindStringSubmatch(rest)
		if m == nil || head == "" {
			return nil, lang.Errorf("%q is no path: write it as in expressions, such as engine.networks[1].driver", shorten(path))
		}
		s := step{m[1] + m[3], -1}
		if m[2] != "" {
			s.index, _ = strconv.Atoi(m[2])
		}
		steps = append(steps, s)
		rest = rest[len(m[0]):]
	}
	if len(steps) < 2 {
		return nil, lang.Errorf("%q names no fact: write it as in expressions, such as engine.networks[1].driver", shorten(path))
	}
	return steps, nil
}
