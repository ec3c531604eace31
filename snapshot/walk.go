package snapshot

import (
	"reflect"
	"slices"
	"sort"
	"strconv"
)

// AnyFact is a fact whatever its type.
type AnyFact interface {
	State() State
	Origin() Origin
	Gap() Gap
	// Blind makes the fact unreadable.
	Blind(Gap)
	// Trim leaves out the elements of a list that drop is true of, and says why.
	Trim(drop func(element reflect.Value) bool, g Gap)
	// Place says where the fact was read.
	Place(Origin)

	inner() reflect.Value
}

// Blind makes the fact unreadable, as if the gap had kept it from being read.
func (f *Fact[T]) Blind(g Gap) { *f = Lost[T](g, f.origin) }

// Trim leaves out the elements of a list that drop is true of: the rest was read, and
// there may be more (see [Part]). A fact that is no list, or was not seen, stays as it is.
func (f *Fact[T]) Trim(drop func(element reflect.Value) bool, g Gap) {
	list := reflect.ValueOf(&f.value).Elem()
	if f.state != Seen || list.Kind() != reflect.Slice {
		return
	}
	kept := reflect.Zero(list.Type())
	for i := range list.Len() {
		if !drop(list.Index(i)) {
			kept = reflect.Append(kept, list.Index(i))
		}
	}
	if kept.Len() < list.Len() {
		list.Set(kept)
		f.gap = &g
	}
}

// Place says where the fact was read.
func (f *Fact[T]) Place(o Origin) { f.origin = o }

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
	w := &walker{visit: visit}
	w.walk(reflect.ValueOf(root).Elem(), "")
}

// BlindEach makes every fact unreadable, one at a time, and calls try while it
// is. It goes the way of [Walk].
func BlindEach(root any, g Gap, try func(path string)) {
	w := &walker{}
	w.visit = func(path string, f AnyFact) {
		fact := reflect.ValueOf(f).Elem()
		saved := reflect.New(fact.Type()).Elem()
		saved.Set(fact)
		f.Blind(g)
		w.settle()
		try(path)
		fact.Set(saved)
		w.settle()
	}
	w.walk(reflect.ValueOf(root).Elem(), "")
}

// walker walks the facts. Values of maps are copies on the way; unsettled puts
// those that are being visited back, inner ones first.
type walker struct {
	visit     func(string, AnyFact)
	unsettled []func()
}

func (w *walker) settle() {
	for _, put := range slices.Backward(w.unsettled) {
		put()
	}
}

func (w *walker) walk(v reflect.Value, path string) {
	if v.CanAddr() {
		if f, ok := v.Addr().Interface().(AnyFact); ok {
			w.visit(path, f)
			if f.State() == Seen {
				w.walk(f.inner(), path)
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		w.fields(v, path)
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(v.Index(i), path+"["+strconv.Itoa(i)+"]")
		}
	case reflect.Map:
		w.values(v, path)
	}
}

func (w *walker) fields(v reflect.Value, path string) {
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() {
			name := field.Name
			if path != "" {
				name = path + "." + name
			}
			w.walk(v.Field(i), name)
		}
	}
}

// values visits the values of maps of facts; other maps hold none.
func (w *walker) values(v reflect.Value, path string) {
	if !reflect.PointerTo(v.Type().Elem()).Implements(reflect.TypeFor[AnyFact]()) {
		return
	}
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		put := func() { v.SetMapIndex(key, value) }
		w.unsettled = append(w.unsettled, put)
		w.walk(value, path+"["+key.String()+"]")
		put()
		w.unsettled = w.unsettled[:len(w.unsettled)-1]
	}
}
