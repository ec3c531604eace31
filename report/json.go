package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"seawall/lang"
	"seawall/rule"
)

// JSON writes the report in the format described by docs/schema/report-1.json.
// Of the results, which are nearly all of it, one at a time is held as text.
func JSON(w io.Writer, r *Report) error {
	if err := writeJSON(w, r); err != nil {
		return lang.Errorf("write JSON report: %w", err)
	}
	return nil
}

// flushAt is how many bytes of results are gathered before they are written.
const flushAt = 64 << 10

func writeJSON(w io.Writer, r *Report) error {
	head := *r
	if len(r.Results) > 0 {
		head.Results = []rule.Result{}
	}
	var buf bytes.Buffer
	if err := indented(&buf, "", &head); err != nil {
		return err
	}
	if len(r.Results) == 0 {
		_, err := w.Write(buf.Bytes())
		return err
	}
	before, empty := bytes.CutSuffix(buf.Bytes(), []byte("[]\n}\n"))
	if !empty {
		return errors.New("the results are not the last field of a report")
	}
	out := resultWriter{buf: before}
	for i := range r.Results {
		out.separate(i == 0)
		if err := out.result(&r.Results[i]); err != nil {
			return err
		}
		if len(out.buf) >= flushAt {
			if _, err := w.Write(out.buf); err != nil {
				return err
			}
			out.buf = out.buf[:0]
		}
	}
	_, err := w.Write(append(out.buf, "\n  ]\n}\n"...))
	return err
}

// indented encodes a value as every part of a report is, with a line feed at
// the end. The first line gets no prefix.
func indented(buf *bytes.Buffer, prefix string, v any) error {
	enc := json.NewEncoder(buf)
	enc.SetIndent(prefix, "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
