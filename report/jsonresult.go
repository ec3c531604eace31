package report

import (
	"bytes"
	"reflect"
	"strconv"
	"unicode/utf8"

	"seawall/rule"
)

// The indentation of a result's fields, and of what its evidence holds.
const (
	resultIndent = "\n      "
	listIndent   = "\n        "
	fieldIndent  = "\n          "
)

// resultWriter appends results as encoding/json would write them, which takes
// ten times as long: it encodes each part through reflection, then goes over
// the whole text once more to indent it.
type resultWriter struct {
	buf []byte
	// known are the encoded values of types that write themselves, such as sets
	// of capabilities, of which many facts are the same.
	known map[any][]byte
	slow  bytes.Buffer
}

func (w *resultWriter) separate(first bool) {
	if first {
		w.buf = append(w.buf, "[\n    "...)
	} else {
		w.buf = append(w.buf, ",\n    "...)
	}
}

// result appends one result, without a line feed at the end.
func (w *resultWriter) result(r *rule.Result) error {
	w.buf = append(w.buf, '{')
	w.text(resultIndent+`"rule": `, r.Rule)
	w.text(","+resultIndent+`"severity": `, r.Severity.String())
	if r.SeverityReason != "" {
		w.text(","+resultIndent+`"severityReason": `, r.SeverityReason)
	}
	w.text(","+resultIndent+`"verdict": `, string(r.Verdict))
	w.subject(&r.Subject)
	w.text(","+resultIndent+`"fingerprint": `, r.Fingerprint)
	w.text(","+resultIndent+`"message": `, r.Message)
	if err := w.evidence(r.Evidence); err != nil {
		return err
	}
	if len(r.Gaps) > 0 {
		if err := w.field("gaps", r.Gaps); err != nil {
			return err
		}
	}
	w.refs(r.Refs)
	if r.Waived != nil {
		if err := w.field("waived", r.Waived); err != nil {
			return err
		}
	}
	if r.Patch != nil {
		if err := w.field("patch", r.Patch); err != nil {
			return err
		}
	}
	if r.Since != "" {
		w.text(","+resultIndent+`"since": `, string(r.Since))
	}
	w.buf = append(w.buf, "\n    }"...)
	return nil
}

func (w *resultWriter) subject(s *rule.Subject) {
	w.buf = append(w.buf, ","+resultIndent+`"subject": {`...)
	w.text(listIndent+`"kind": `, string(s.Kind))
	w.text(","+listIndent+`"name": `, s.Name)
	if s.Engine != "" {
		w.text(","+listIndent+`"engine": `, s.Engine)
	}
	if s.Project != "" {
		w.text(","+listIndent+`"project": `, s.Project)
	}
	if s.Service != "" {
		w.text(","+listIndent+`"service": `, s.Service)
	}
	w.buf = append(w.buf, resultIndent+"}"...)
}

func (w *resultWriter) evidence(list []rule.Evidence) error {
	w.buf = append(w.buf, ","+resultIndent+`"evidence": `...)
	if w.emptyList(len(list), list == nil) {
		return nil
	}
	for i := range list {
		w.item(i)
		w.buf = append(w.buf, '{')
		w.text(fieldIndent+`"fact": `, list[i].Fact)
		w.buf = append(w.buf, ","+fieldIndent+`"value": `...)
		if err := w.value(list[i].Value); err != nil {
			return err
		}
		w.text(","+fieldIndent+`"source": `, list[i].Source)
		w.buf = append(w.buf, listIndent+"}"...)
	}
	w.buf = append(w.buf, resultIndent+"]"...)
	return nil
}

func (w *resultWriter) refs(list []string) {
	w.buf = append(w.buf, ","+resultIndent+`"refs": `...)
	if w.emptyList(len(list), list == nil) {
		return
	}
	for i, ref := range list {
		w.item(i)
		w.string(ref)
	}
	w.buf = append(w.buf, resultIndent+"]"...)
}

// emptyList writes a list that holds nothing.
func (w *resultWriter) emptyList(length int, isNil bool) bool {
	switch {
	case isNil:
		w.buf = append(w.buf, "null"...)
	case length == 0:
		w.buf = append(w.buf, "[]"...)
	}
	return length == 0
}

// item begins element i of a list of the result.
func (w *resultWriter) item(i int) {
	if i == 0 {
		w.buf = append(w.buf, '[')
	} else {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, listIndent...)
}

// value writes the value of a fact: the common types here, the others as
// encoding/json does.
func (w *resultWriter) value(v any) error {
	switch v := v.(type) {
	case nil:
		w.buf = append(w.buf, "null"...)
		return nil
	case bool:
		w.buf = strconv.AppendBool(w.buf, v)
		return nil
	case int:
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
		return nil
	case int64:
		w.buf = strconv.AppendInt(w.buf, v, 10)
		return nil
	case string:
		w.string(v)
		return nil
	case []string:
		if w.emptyList(len(v), v == nil) {
			return nil
		}
	}
	return w.encode(fieldIndent[1:], v, repeats(v))
}

// repeats reports whether a value is a number of a type of its own.
func repeats(v any) bool {
	switch reflect.TypeOf(v).Kind() {
	case reflect.Uint64, reflect.Uint32, reflect.Uint8, reflect.Int:
		return true
	}
	return false
}

// field writes a field of the result as encoding/json does.
func (w *resultWriter) field(name string, v any) error {
	w.buf = append(w.buf, ","+resultIndent+`"`+name+`": `...)
	return w.encode(resultIndent[1:], v, false)
}

// encode appends a value as encoding/json writes it, its further lines behind
// the prefix. Of a value that repeats the text is kept.
func (w *resultWriter) encode(prefix string, v any, repeats bool) error {
	if repeats {
		if text, ok := w.known[v]; ok {
			w.buf = append(w.buf, text...)
			return nil
		}
	}
	w.slow.Reset()
	if err := indented(&w.slow, prefix, v); err != nil {
		return err
	}
	text := bytes.TrimSuffix(w.slow.Bytes(), []byte("\n"))
	w.buf = append(w.buf, text...)
	if repeats {
		if w.known == nil {
			w.known = map[any][]byte{}
		}
		w.known[v] = bytes.Clone(text)
	}
	return nil
}

// text appends what comes before a string, and the string.
func (w *resultWriter) text(before, s string) {
	w.buf = append(w.buf, before...)
	w.string(s)
}

// string appends a string with the escapes of encoding/json, without those for
// HTML.
func (w *resultWriter) string(s string) {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			// Encoding a string cannot fail.
			_ = w.encode("", s, false)
			return
		}
	}
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, s...)
	w.buf = append(w.buf, '"')
}
