package snapshot

import (
	"fmt"
	"reflect"
	"sort"
)

// AnyFact is a fact whatever its type.
type AnyFact interface {
	State() State
	Origin() Origin
	Gap() Gap
	// Blind makes the fact unreadable.
	Blind(Gap)

	inner() reflect.Value
}

// Blind makes the fact unreadable, as if the gap had kept it from being read.
func (f *Fact[T]) Blind(g Gap) { *f = Lost[T](g, f.origin) }

// Inside is the value of a fact of any type, in its place. It is the zero value
// where the fact has none, and reading it leaves no evidence: whoever reads it
// asks the fact's state first and tells a witness.
func Inside(f AnyFact) reflect.Value { return f.inner() }

func (f *Fact[T]) inner() reflect.Value { return reflect.ValueOf(&f.value).Elem() }

// Walk calls visit for every fact of a part of a snapshot, outer facts before
// the facts in their values, in a fixed order. The path names the place in the
// model: "Engines[0].Containers[2].Privileged". What visit changes in a fact
// is kept; the facts inside one that visit made unreadable are not visited.
// The root must be a pointer.
func Walk(root any, visit func(path string, f AnyFact)) {
	walk(reflect.ValueOf(root).Elem(), "", visit)
}

func walk(v reflect.Value, path string, visit func(string, AnyFact)) {
	if v.CanAddr() {
		if f, ok := v.Addr().Interface().(AnyFact); ok {
			visit(path, f)
			if f.State() == Seen {
				walk(f.inner(), path, visit)
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		walkStruct(v, path, visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	case reflect.Map:
		walkMap(v, path, visit)
	}
}

func walkStruct(v reflect.Value, path string, visit func(string, AnyFact)) {
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() {
			name := field.Name
			if path != "" {
				name = path + "." + name
			}
			walk(v.Field(i), name, visit)
		}
	}
}

// walkMap visits the values of maps of facts; other maps hold none.
func walkMap(v reflect.Value, path string, visit func(string, AnyFact)) {
	if !reflect.PointerTo(v.Type().Elem()).Implements(reflect.TypeFor[AnyFact]()) {
		return
	}
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		walk(value, fmt.Sprintf("%s[%s]", path, key), visit)
		v.SetMapIndex(key, value)
	}
}
