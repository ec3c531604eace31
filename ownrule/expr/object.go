package expr

import (
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"seawall/lang"
	"seawall/snapshot"
)

// object is a structure of the snapshot. Its fields are read when an expression
// asks for them.
type object struct {
	place
	typ *structType
	v   reflect.Value // can be addressed
}

func (p place) object(v reflect.Value) ref.Val {
	if !v.CanAddr() {
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		v = copied
	}
	o := &object{place: p, typ: snapshotTypes().byType[v.Type()], v: v}
	if e, ok := o.pointer().(*snapshot.Engine); ok {
		o.engine = e
	}
	return o
}

// pointer is a pointer to the structure.
func (o *object) pointer() any { return o.v.Addr().Interface() }

// Get reads a field.
func (o *object) Get(index ref.Val) ref.Val {
	f, err := o.field(index)
	if err != nil {
		return err
	}
	v := o.v.FieldByIndex(f.index)
	if f.fact {
		fact, _ := v.Addr().Interface().(snapshot.AnyFact)
		if fact.State() == snapshot.NotCollected {
			return o.notCollected(f)
		}
		return o.fact(fact, f.bulky)
	}
	if !f.bulky {
		o.reader.note(o.typ.name+"."+f.name, v.Interface())
	}
	return o.value(v)
}

// IsSet tells whether a fact exists, or whether a field that is no fact is not
// empty. It is an error where a fact could not be read.
func (o *object) IsSet(index ref.Val) ref.Val {
	f, err := o.field(index)
	if err != nil {
		return err
	}
	v := o.v.FieldByIndex(f.index)
	if !f.fact {
		return types.Bool(!v.IsZero())
	}
	fact, _ := v.Addr().Interface().(snapshot.AnyFact)
	switch fact.State() {
	case snapshot.NotCollected:
		return o.notCollected(f)
	case snapshot.Unreadable:
		return o.reader.miss(fact.Origin(), fact.Gap())
	}
	if fact.State() == snapshot.Absent || !f.bulky {
		o.fact(fact, f.bulky)
	}
	return types.Bool(fact.State() == snapshot.Seen)
}

// notCollected is the error of a fact that nobody asked for: of something that
// does not exist, or not known to this version of the snapshot.
func (o *object) notCollected(f *field) ref.Val {
	at := snapshot.At(o.typ.name+"."+f.name, o.at.Source)
	gap := (&snapshot.Fact[bool]{}).Gap()
	if o.absent {
		gap.Detail = "there is no " + o.at.Path + " to read it of"
	}
	return o.reader.miss(at, gap)
}

// field finds a field that can be read.
func (o *object) field(index ref.Val) (*field, ref.Val) {
	name, _ := index.Value().(string)
	f := o.typ.fields[name]
	if f == nil {
		return nil, types.NewErr("a %s has no field %q", o.typ.name, name)
	}
	if check := hidden[o.typ.name+"."+name]; check != nil {
		if at, gap := check(o.pointer(), o.engine); gap != nil {
			return nil, o.reader.miss(at, *gap)
		}
	}
	return f, nil
}

// ConvertToNative fails: an object is not for sale.
func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	return nil, lang.Errorf("a %s cannot become a %s", o.typ.name, t)
}

// ConvertToType gives the type; an object is no other.
func (o *object) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return o.typ.cel
	}
	return types.NewErr("a %s cannot become a %s", o.typ.name, t.TypeName())
}

// Equal is not answered: the facts inside may have no value.
func (o *object) Equal(ref.Val) ref.Val {
	return types.NewErr("values of type %s cannot be compared: compare their fields", o.typ.name)
}

// Type is the structure's type.
func (o *object) Type() ref.Type { return o.typ.cel }

// Value is the object itself.
func (o *object) Value() any { return o }
