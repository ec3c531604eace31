package expr

import (
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"seawall/lang"
	"seawall/snapshot"
)

// factMap is a map of facts, such as the kernel's settings. It answers by name
// only: it does not know all names there are.
type factMap struct {
	place
	v reflect.Value
}

// factMapType has no traits of lists: such a map cannot be walked or counted.
var factMapType = types.NewObjectType("map of facts", traits.IndexerType, traits.ContainerType)

// find is the fact of a name; nil if nobody looked for it.
func (m *factMap) find(key ref.Val) snapshot.AnyFact {
	name, ok := key.(types.String)
	if !ok {
		return nil
	}
	element := m.v.MapIndex(reflect.ValueOf(string(name)).Convert(m.v.Type().Key()))
	if !element.IsValid() {
		return nil
	}
	copied := reflect.New(m.v.Type().Elem())
	copied.Elem().Set(element)
	f, _ := copied.Interface().(snapshot.AnyFact)
	return f
}

// Get reads the fact of a name.
func (m *factMap) Get(key ref.Val) ref.Val {
	f := m.find(key)
	if f == nil {
		return m.notLookedFor(key)
	}
	return m.fact(f, false)
}

// Contains tells whether the fact of a name exists.
func (m *factMap) Contains(key ref.Val) ref.Val {
	f := m.find(key)
	if f == nil {
		return m.notLookedFor(key)
	}
	if v := m.fact(f, false); types.IsError(v) {
		return v
	}
	return types.Bool(f.State() == snapshot.Seen)
}

func (m *factMap) notLookedFor(key ref.Val) ref.Val {
	name, _ := key.Value().(string)
	return m.reader.miss(snapshot.At(name, ""), snapshot.Gap{
		Reason: snapshot.ReasonNotCollected, Detail: "no source of this audit reads it",
	})
}

// IsSet is Contains, for has().
func (m *factMap) IsSet(key ref.Val) ref.Val { return m.Contains(key) }

// ConvertToNative fails.
func (m *factMap) ConvertToNative(reflect.Type) (any, error) {
	return nil, lang.Error("a map of facts cannot be converted")
}

// ConvertToType fails.
func (m *factMap) ConvertToType(ref.Type) ref.Val {
	return types.NewErr("a map of facts cannot be converted")
}

// Equal is not answered.
func (m *factMap) Equal(ref.Val) ref.Val { return types.NewErr("maps of facts cannot be compared") }

// Type has neither iteration nor size.
func (m *factMap) Type() ref.Type { return factMapType }

// Value is the map itself.
func (m *factMap) Value() any { return m }
