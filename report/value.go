package report

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"seawall/lang"
)

// valueText is a fact's value in the shortest form that a person can read.
// Values that know how to write themselves do; lists are joined; of a structure
// the fields that say something are given as name=value.
func valueText(v any) string {
	if v == nil {
		return lang.T("absent")
	}
	return plainValue(reflect.ValueOf(v))
}

func plainValue(v reflect.Value) string {
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case time.Time:
			return x.UTC().Format(time.RFC3339)
		case fmt.Stringer:
			return cmp.Or(x.String(), lang.T("none"))
		}
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() == 0 {
			return `""`
		}
		return v.String()
	case reflect.Slice, reflect.Array:
		return plainList(v)
	case reflect.Map:
		return plainMap(v)
	case reflect.Struct:
		return plainStruct(v)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return lang.T("none")
		}
		return plainValue(v.Elem())
	}
	return fmt.Sprint(v)
}

func plainList(v reflect.Value) string {
	if v.Len() == 0 {
		return lang.T("none")
	}
	items := make([]string, v.Len())
	for i := range items {
		items[i] = plainValue(v.Index(i))
	}
	return lang.Comma(items)
}

func plainMap(v reflect.Value) string {
	if v.Len() == 0 {
		return lang.T("none")
	}
	items := make([]string, 0, v.Len())
	for _, key := range v.MapKeys() {
		items = append(items, plainValue(key)+"="+plainValue(v.MapIndex(key)))
	}
	slices.Sort(items)
	return lang.Comma(items)
}

// plainStruct gives the fields that are not zero, by their names in JSON.
func plainStruct(v reflect.Value) string {
	var fields []string
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		fields = append(fields, name+"="+plainValue(v.Field(i)))
	}
	if len(fields) == 0 {
		return lang.T("nothing set")
	}
	return strings.Join(fields, " ")
}
