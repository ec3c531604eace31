package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shape is a JSON schema, as far as those of docs/schema go. Other keywords are an error,
// for a page would be silent about them.
type shape struct {
	Schema      string   `json:"$schema"`
	ID          string   `json:"$id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Ref         string   `json:"$ref"`
	Format      string   `json:"format"`
	Pattern     string   `json:"pattern"`
	Const       any      `json:"const"`
	Enum        []any    `json:"enum"`
	Required    []string `json:"required"`
	Items       *shape   `json:"items"`
	Properties  members  `json:"properties"`
	Defs        members  `json:"$defs"`
	// PropertyNames and Additional are those of an object whose fields have no fixed names.
	PropertyNames *shape `json:"propertyNames"`
	Additional    *shape `json:"additionalProperties"`
	Minimum       *int64 `json:"minimum"`
	Maximum       *int64 `json:"maximum"`
	MinItems      *int64 `json:"minItems"`
	MinLength     *int64 `json:"minLength"`
	UniqueItems   bool   `json:"uniqueItems"`
}

// UnmarshalJSON implements [json.Unmarshaler]. Of the schemas true and false, which allow
// anything and nothing, it makes an empty one.
func (s *shape) UnmarshalJSON(data []byte) error {
	if string(data) == "true" || string(data) == "false" {
		return nil
	}
	type plain shape
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode((*plain)(s))
}

// members are schemas by name, in the order of the file.
type members []member

type member struct {
	name string
	*shape
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *members) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		one := member{name: fmt.Sprint(name), shape: &shape{}}
		if err := dec.Decode(one.shape); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		*m = append(*m, one)
	}
	return nil
}

// schemaPages are the pages of all schemas of a directory and their list, by name.
func schemaPages(dir string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var list strings.Builder
	list.WriteString("# Formats\n\nWhat Seawall writes and reads as JSON or YAML, field by field. The number of a format grows when a reader of the old one would misread the new one. Made of the JSON schemas by `make docs`.\n\n| format | |\n| --- | --- |\n")
	out := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var s shape
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		base := strings.TrimSuffix(filepath.Base(name), ".json")
		out[base+".md"] = schemaPage(&s, filepath.Base(name))
		fmt.Fprintf(&list, "| [%s](%s.md) | %s |\n", s.ID, base, cell(s.Description))
	}
	out["README.md"] = list.String()
	return out, nil
}

// schemaPage tells of one format.
func schemaPage(s *shape, file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n`%s`. %s Made of [its JSON schema](%s) by `make docs`.\n", s.Title, s.ID, s.Description, file)
	fields(&b, "The document", s)
	for _, d := range s.Defs {
		fields(&b, d.name, d.shape)
	}
	return b.String()
}

// fields tells of an object, or of whatever else a name of the schema stands for.
func fields(b *strings.Builder, title string, s *shape) {
	fmt.Fprintf(b, "\n## %s\n", title)
	if title != "The document" && s.Description != "" {
		fmt.Fprintf(b, "\n%s%s.\n", strings.ToUpper(s.Description[:1]), strings.TrimSuffix(s.Description[1:], "."))
	}
	if len(s.Properties) == 0 {
		fmt.Fprintf(b, "\nType: %s.\n", typeText(s))
		return
	}
	b.WriteString("\n| field | type | |\n| --- | --- | --- |\n")
	rows(b, "", s)
}

// rows tells of the fields of an object, those of objects without a name included.
func rows(b *strings.Builder, prefix string, s *shape) {
	for _, p := range s.Properties {
		optional := ""
		if !slices.Contains(s.Required, p.name) {
			optional = ", optional"
		}
		name := prefix + p.name
		fmt.Fprintf(b, "| `%s` | %s%s | %s |\n", name, typeText(p.shape), optional, cell(p.Description))
		inner := p.shape
		for inner.Items != nil {
			name, inner = name+"[]", inner.Items
		}
		rows(b, name+".", inner)
	}
}

// typeText says what a value may be.
func typeText(s *shape) string {
	switch {
	case s.Ref != "":
		name := strings.ReplaceAll(strings.TrimPrefix(s.Ref, "#/$defs/"), "/properties/", ".")
		object, _, _ := strings.Cut(name, ".")
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(object))
	case s.Const != nil:
		return quoted(s.Const)
	case len(s.Enum) > 0:
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			values[i] = quoted(v)
		}
		return strings.Join(values, ", ")
	case s.Items != nil:
		return "list of " + typeText(s.Items) + limits(s)
	case s.Additional != nil && (s.Additional.Type != "" || s.Additional.Ref != ""):
		by := "name"
		if s.PropertyNames != nil {
			by = typeText(s.PropertyNames)
		}
		return fmt.Sprintf("map of %s by %s", typeText(s.Additional), by)
	case s.Type == "":
		return "anything"
	}
	return s.Type + limits(s)
}

// limits says what a value of its type must keep to.
func limits(s *shape) string {
	var b strings.Builder
	if s.Format != "" {
		b.WriteString(", " + s.Format)
	}
	if s.Pattern != "" {
		b.WriteString(", `" + strings.ReplaceAll(s.Pattern, "|", `\|`) + "`")
	}
	for _, l := range []struct {
		text  string
		value *int64
	}{{"at least", s.Minimum}, {"at most", s.Maximum}, {"of at least", s.MinItems}, {"not shorter than", s.MinLength}} {
		if l.value != nil {
			fmt.Fprintf(&b, ", %s %d", l.text, *l.value)
		}
	}
	if s.UniqueItems {
		b.WriteString(", each once")
	}
	return b.String()
}

func quoted(v any) string { return fmt.Sprintf("`%q`", fmt.Sprint(v)) }
