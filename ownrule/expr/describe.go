package expr

import (
	"reflect"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// Type describes a structure of the snapshot, for documentation.
type Type struct {
	Name   string
	Fields []TypeField
}

// TypeField is a field of a structure.
type TypeField struct {
	Name string // in expressions
	Go   string // in the structure that declares it
	In   string // that structure: the type itself, or one that is part of it
	Type string // in expressions: "list(Mount)"
	// Fact: it is a fact, which may be absent or not known.
	Fact bool
}

// Types describes all structures by name.
func Types() []Type {
	var out []Type
	for t, s := range snapshotTypes().byType {
		one := Type{Name: s.name}
		for _, name := range s.names() {
			f := s.fields[name]
			field := t.FieldByIndex(f.index)
			one.Fields = append(one.Fields, TypeField{
				Name: name, Go: field.Name, In: declaring(t, f.index).Name(),
				Type: cel.FormatCELType(f.cel), Fact: f.fact || f.bulky && f.goType.Kind() == reflect.Map,
			})
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Type) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// declaring is the structure that declares the field, which may be embedded.
func declaring(t reflect.Type, index []int) reflect.Type {
	for _, i := range index[:len(index)-1] {
		t = t.Field(i).Type
	}
	return t
}

// Subjects are the kinds of subjects with the names of their types.
func Subjects() map[string]string {
	out := map[string]string{}
	for kind, t := range subjects {
		out[kind] = t.Name()
	}
	return out
}
