package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// TestJSONIsThatOfEncodingJSON: the report is written by hand for speed, and
// must be, to the byte, what encoding/json makes of the same types.
func TestJSONIsThatOfEncodingJSON(t *testing.T) {
	whole := sample(t)
	odd := *whole
	odd.Results = oddResults()
	none, empty := *whole, *whole
	none.Results, empty.Results = nil, []rule.Result{}
	for name, r := range map[string]*report.Report{"sample": whole, "odd": &odd, "none": &none, "empty": &empty} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := report.JSON(&got, r); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainJSON(t, r), got.String()); diff != "" {
				t.Errorf("(-encoding/json +report.JSON):\n%s", diff)
			}
		})
	}
}

// plainJSON is what encoding/json makes of a report.
func plainJSON(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// oddResults have every field of a result, first with a value and then
// without, and in evidence a value of each kind and strings that need escapes.
func oddResults() []rule.Result {
	var full rule.Result
	fill(reflect.ValueOf(&full).Elem())
	full.Severity, full.Evidence = rule.High, nil
	o := snapshot.At("a<b", "\"quoted\"\n\u2028")
	values := []any{
		nil, true, 7, int64(-1), uint64(1 << 63), 1.5, "plain", "<&>\\\x01\x7f", "ü\xff", []string(nil), []string{}, []string{"x", "<"},
		snapshot.CapSet(5), snapshot.CapSet(5), snapshot.CapSet(0), map[string]string{"b": "1", "a": "<"}, map[string]string{},
		[]snapshot.Mount{{Type: "bind", Source: "/<", Options: map[string]string{"o": "bind"}}}, struct{}{},
		snapshot.See([]string{"<"}, o), snapshot.None[int](o), rule.Low, &full.Subject, snapshot.Reason("r"), []any{[]any{}, map[string]any{}},
	}
	for _, v := range values {
		full.Evidence = append(full.Evidence, rule.Evidence{Fact: o.Path, Value: v, Source: o.Source})
	}
	return []rule.Result{full, {Severity: rule.Low}, {Severity: rule.Low, Evidence: []rule.Evidence{}, Refs: []string{}}, full}
}

// fill gives every field of a structure a value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("some " + v.Type().Name())
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(1)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	}
}

// BenchmarkJSON writes the report of 300 containers: the sample ten times over.
func BenchmarkJSON(b *testing.B) {
	r := sample(b)
	r.Results = slices.Repeat(r.Results, 10)
	b.ReportAllocs()
	for b.Loop() {
		if err := report.JSON(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
