package expr

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/traits"

	"seawall/snapshot"
)

// structType is a structure of the snapshot as expressions see it.
type structType struct {
	name   string
	cel    *types.Type
	fields map[string]*field
}

// field is a field of a structure, by its name in JSON.
type field struct {
	name  string
	index []int
	// fact: it is a fact; goType is then the type of its value.
	fact   bool
	goType reflect.Type
	cel    *types.Type
	// bulky: its value holds facts of its own, which leave their own evidence.
	bulky bool
}

// names lists the fields in order.
func (t *structType) names() []string { return slices.Sorted(maps.Keys(t.fields)) }

// catalog holds the structures that can be reached from a snapshot.
type catalog struct {
	byType map[reflect.Type]*structType
	byName map[string]*structType
}

// snapshotTypes is the catalog of this version's snapshot.
var snapshotTypes = sync.OnceValue(func() *catalog {
	c := &catalog{byType: map[reflect.Type]*structType{}, byName: map[string]*structType{}}
	c.add(reflect.TypeFor[snapshot.Snapshot]())
	return c
})

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	capsType     = reflect.TypeFor[snapshot.CapSet]()
	modeType     = reflect.TypeFor[snapshot.Mode]()
	anyFact      = reflect.TypeFor[snapshot.AnyFact]()
)

// factType is the type of a fact's value, if the type is a fact's.
func factType(t reflect.Type) (reflect.Type, bool) {
	if !reflect.PointerTo(t).Implements(anyFact) {
		return nil, false
	}
	f, _ := reflect.New(t).Interface().(snapshot.AnyFact)
	return snapshot.Inside(f).Type(), true
}

// add registers a structure and all that it holds.
func (c *catalog) add(t reflect.Type) *structType {
	if known := c.byType[t]; known != nil {
		return known
	}
	s := &structType{name: t.Name(), fields: map[string]*field{},
		cel: types.NewObjectType(t.Name(), traits.FieldTesterType, traits.IndexerType)}
	c.byType[t], c.byName[s.name] = s, s
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "" || name == "-" {
			continue
		}
		out := &field{name: name, index: f.Index, goType: f.Type}
		if inner, ok := factType(f.Type); ok {
			out.fact, out.goType = true, inner
		}
		out.cel, out.bulky = c.celType(out.goType), holdsFacts(out.goType)
		s.fields[name] = out
	}
	return s
}

// celType is the type of a value in expressions; nil for one that has none.
func (c *catalog) celType(t reflect.Type) *types.Type {
	if inner, ok := factType(t); ok {
		return c.celType(inner)
	}
	switch t {
	case timeType:
		return types.TimestampType
	case durationType:
		return types.DurationType
	case capsType:
		return types.NewListType(types.StringType)
	case modeType:
		return types.StringType
	}
	switch t.Kind() {
	case reflect.Bool:
		return types.BoolType
	case reflect.String:
		return types.StringType
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return types.IntType
	case reflect.Pointer:
		return c.celType(t.Elem())
	case reflect.Slice:
		return types.NewListType(c.celType(t.Elem()))
	case reflect.Map:
		return types.NewMapType(types.StringType, c.celType(t.Elem()))
	case reflect.Struct:
		return c.add(t).cel
	}
	return nil
}

// holdsFacts reports whether there are facts inside values of a type. The types
// on the way to it are within themselves.
func holdsFacts(t reflect.Type, within ...reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer, reflect.Map:
		return holdsFacts(t.Elem(), within...)
	case reflect.Struct:
		if _, ok := factType(t); ok {
			return true
		}
		if slices.Contains(within, t) {
			return false
		}
		for i := range t.NumField() {
			if holdsFacts(t.Field(i).Type, append(within, t)...) {
				return true
			}
		}
	}
	return false
}

// Field is a field of a structure of the snapshot by its name in JSON, and
// whether there is one.
func Field(structure reflect.Value, name string) (reflect.Value, bool) {
	s := snapshotTypes().byType[structure.Type()]
	if s == nil || s.fields[name] == nil {
		return reflect.Value{}, false
	}
	return structure.FieldByIndex(s.fields[name].index), true
}
