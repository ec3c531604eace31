package ownrule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"seawall/lang"
	"seawall/ownrule/expr"
	"seawall/snapshot"
)

// set sets the fact in a snapshot.
func (f fact) set(s *snapshot.Snapshot, kind string) error {
	root, err := f.root(s, kind)
	if err != nil {
		return err
	}
	return f.put(root, f.steps[1:])
}

// root is what the first name of the path means: the variables of expressions,
// with the first of the example's subjects.
func (f fact) root(s *snapshot.Snapshot, kind string) (reflect.Value, error) {
	e := &s.Engines[0]
	name := f.steps[0].name
	if name != kind && name != "snapshot" && name != "host" && (name != "engine" || expr.OfHost(kind)) {
		return reflect.Value{}, lang.Errorf("unknown name %q: facts of an example about a %s begin with %s", name, kind, strings.Join(expr.Names(kind), ", "))
	}
	lists := map[string]any{
		"container": &e.Containers, "image": &e.Images, "network": &e.Networks, "volume": &e.Volumes,
		"listener": &e.Listeners, "client": &s.Clients, "user": &s.Host.Users,
	}
	switch name {
	case "snapshot":
		return reflect.ValueOf(s).Elem(), nil
	case "host":
		return reflect.ValueOf(&s.Host).Elem(), nil
	case "engine":
		return reflect.ValueOf(e).Elem(), nil
	case "swarm":
		return reflect.ValueOf(&e.Swarm).Elem(), nil
	}
	list, _ := lists[name].(snapshot.AnyFact)
	items := snapshot.Inside(list)
	if items.Len() == 0 {
		return reflect.Value{}, lang.Errorf("the example has no %s: add one with run", name)
	}
	return items.Index(0), nil
}

// put walks the path and sets what is at its end.
func (f fact) put(v reflect.Value, steps []step) error {
	if v.CanAddr() {
		if to, ok := v.Addr().Interface().(snapshot.AnyFact); ok {
			return f.putFact(to, steps)
		}
	}
	if len(steps) == 0 {
		return decode(f.value, v.Addr().Interface(), f.path)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return f.put(v.Elem(), steps)
	case reflect.Struct:
		field, ok := expr.Field(v, steps[0].name)
		if !ok {
			return lang.Errorf("%s: a %s has no field %q", f.path, v.Type().Name(), steps[0].name)
		}
		return f.put(field, steps[1:])
	case reflect.Slice:
		if i := steps[0].index; i >= 0 && i < v.Len() {
			return f.put(v.Index(i), steps[1:])
		}
		return lang.Errorf("%s: the list is shorter, its length is %d", f.path, v.Len())
	case reflect.Map:
		return f.putKey(v, steps)
	}
	return lang.Errorf("%s: there is nothing inside a %s", f.path, v.Type())
}

// putFact sets a fact, or what is inside it.
func (f fact) putFact(to snapshot.AnyFact, steps []step) error {
	if len(steps) == 0 {
		return f.assign(to)
	}
	if to.State() != snapshot.Seen {
		if err := open(to); err != nil {
			return lang.Errorf("%s: it is not there yet: set it as a whole first", f.path)
		}
	}
	return f.put(snapshot.Inside(to), steps)
}

// putKey sets an element of a map, or what is inside it.
func (f fact) putKey(v reflect.Value, steps []step) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	element := reflect.New(v.Type().Elem()).Elem()
	key := reflect.ValueOf(steps[0].name).Convert(v.Type().Key())
	if old := v.MapIndex(key); old.IsValid() {
		element.Set(old)
	}
	if err := f.put(element, steps[1:]); err != nil {
		return err
	}
	v.SetMapIndex(key, element)
	return nil
}

// assign makes a fact seen with the value, or absent.
func (f fact) assign(to snapshot.AnyFact) error {
	path := to.Origin().Path
	if path == "" {
		path = f.path
	}
	encoded := map[string]any{"path": path, "source": "example"}
	if string(f.value) == "null" {
		encoded["absent"] = true
	} else {
		probe := reflect.New(snapshot.Inside(to).Type())
		if err := decode(f.value, probe.Interface(), f.path); err != nil {
			return err
		}
		encoded["value"] = f.value
	}
	data, err := json.Marshal(encoded)
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return json.Unmarshal(data, to)
}

// open makes a structure that does not exist one with nothing in it.
func open(f snapshot.AnyFact) error {
	if snapshot.Inside(f).Kind() != reflect.Struct {
		return lang.Error("not a structure")
	}
	return json.Unmarshal([]byte(`{"value": {}, "source": "example"}`), f)
}

// decode reads a value strictly.
func decode(data []byte, into any, path string) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var mismatch *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mismatch):
		return lang.Errorf("%s: a %s does not fit", path, mismatch.Value)
	}
	return fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "json: "))
}
