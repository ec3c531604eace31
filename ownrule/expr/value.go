package expr

import (
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"seawall/snapshot"
)

// place is where a value stands: what reads it, the engine it belongs to, and
// the fact it is of.
type place struct {
	reader *Reader
	engine *snapshot.Engine
	at     snapshot.Origin
	// absent: the fact does not exist; its value is the zero value.
	absent bool
}

// fact reads a fact: its value, the zero value if it is absent, else an error.
func (p place) fact(f snapshot.AnyFact, bulky bool) ref.Val {
	p.at, p.absent = f.Origin(), f.State() == snapshot.Absent
	inside := snapshot.Inside(f)
	switch f.State() {
	case snapshot.Absent:
		p.reader.Saw(p.at, nil)
	case snapshot.Seen:
		if bulky {
			isList := inside.Kind() == reflect.Slice || inside.Kind() == reflect.Map
			length := 0
			if isList {
				length = inside.Len()
			}
			p.reader.Saw(p.at, summary(length, isList))
		} else {
			p.reader.Saw(p.at, inside.Interface())
		}
	default:
		return p.reader.miss(p.at, f.Gap())
	}
	if inside.Kind() != reflect.Slice && inside.Kind() != reflect.Map {
		return p.value(inside)
	}
	if known, ok := p.reader.cache[f]; ok {
		return known
	}
	v := p.value(inside)
	if p.reader.cache == nil {
		p.reader.cache = map[snapshot.AnyFact]ref.Val{}
	}
	p.reader.cache[f] = v
	return v
}

// value is a Go value as CEL has it. Structures are wrapped and read when they
// are asked.
func (p place) value(v reflect.Value) ref.Val {
	switch v.Type() {
	case timeType:
		t, _ := v.Interface().(time.Time)
		return types.Timestamp{Time: t}
	case durationType:
		return types.Duration{Duration: time.Duration(v.Int())}
	case capsType:
		return types.NewStringList(types.DefaultTypeAdapter, snapshot.CapSet(v.Uint()).Names())
	case modeType:
		return types.String(snapshot.Mode(v.Uint()).String())
	}
	switch v.Kind() {
	case reflect.Bool:
		return types.Bool(v.Bool())
	case reflect.String:
		return p.text(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return types.Int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return types.Int(int64(v.Uint()))
	case reflect.Pointer:
		if v.IsNil() {
			return p.value(reflect.New(v.Type().Elem()).Elem())
		}
		return p.value(v.Elem())
	case reflect.Slice:
		return p.list(v)
	case reflect.Map:
		return p.dict(v)
	case reflect.Struct:
		return p.object(v)
	}
	return types.NewErr("values of type %s are not read", v.Type())
}

// text is a string, or an error if something was taken out of it.
func (p place) text(s string) ref.Val {
	if why := snapshot.Withheld(s); why != "" {
		return missed(p.at, snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: why})
	}
	return types.String(s)
}

// list is a list, or an error if something was taken out of an element: CEL's
// own functions do not all carry errors of elements.
func (p place) list(v reflect.Value) ref.Val {
	items := make([]ref.Val, v.Len())
	for i := range items {
		if items[i] = p.value(v.Index(i)); types.IsError(items[i]) {
			return items[i]
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, items)
}

// dict is a map. One whose values are facts is no list of all there are: a name
// that is not in it has not been looked for.
func (p place) dict(v reflect.Value) ref.Val {
	if _, facts := factType(v.Type().Elem()); facts {
		return &factMap{place: p, v: v}
	}
	items := make(map[ref.Val]ref.Val, v.Len())
	for it := v.MapRange(); it.Next(); {
		element := reflect.New(v.Type().Elem()).Elem()
		element.Set(it.Value())
		items[types.String(it.Key().String())] = p.value(element)
	}
	return types.NewRefValMap(types.DefaultTypeAdapter, items)
}
