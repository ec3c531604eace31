package ownrule

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/rule"
)

// MaxFile is the size of a file of rules that is read, in bytes.
const MaxFile = 1 << 20

// The limits of what is in it.
const (
	maxRules    = 200
	maxExamples = 20 // of a rule, bad or good
)

// Parse reads a file of rules. The name is used in messages; taken says where an
// id stands already, "" if nowhere. An error is of type [Faults].
func Parse(name string, data []byte, taken func(id string) string) ([]*rule.Rule, error) {
	f := &file{name: name}
	if len(data) > MaxFile {
		return nil, Faults{{File: name, Text: lang.Sprintf("more than %d bytes", MaxFile)}}
	}
	f.source = newSource(data)
	top, err := f.document(data)
	if err != nil {
		return nil, Faults{*err}
	}
	m, ok := f.mapping(top, lang.T("a file of rules"), "rules")
	list := m.values["rules"]
	if ok && (list == nil || list.Kind == yaml.SequenceNode && len(list.Content) == 0) {
		f.fault(top, "no rules: add 'rules:' and a list")
	}
	var rules []*rule.Rule
	if ok && list != nil {
		seen := map[string]string{}
		for _, n := range f.list(list, "rules", maxRules) {
			r := f.rule(n, func(id string) string {
				if where := seen[id]; where != "" {
					return where
				}
				return taken(id)
			})
			if r != nil {
				seen[r.ID] = r.Where
				rules = append(rules, r)
			}
		}
	}
	if len(f.faults) > 0 {
		return nil, f.faults.sorted()
	}
	return rules, nil
}

// yamlLine finds the line in a message of the YAML parser.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document parses the YAML of one document.
func (f *file) document(data []byte) (*yaml.Node, *Fault) {
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == "!!null") {
		return nil, &Fault{File: f.name, Text: lang.T("the file is empty: want 'rules:' and a list")}
	}
	if err == nil {
		if err = dec.Decode(&more); errors.Is(err, io.EOF) {
			return doc.Content[0], nil
		}
		if err == nil {
			return nil, &Fault{f.name, more.Line, more.Column, lang.T("a second document: a file of rules is one")}
		}
	}
	text := strings.Join(strings.Fields(err.Error()), " ")
	line := 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	return nil, &Fault{File: f.name, Line: line, Text: lang.Sprintf("not YAML: %s", text)}
}
