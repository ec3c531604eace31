package known

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"seawall/lang"
)

//go:embed known.json.gz
var packed []byte

// maxSize bounds what packed data may grow to, in bytes.
const maxSize = 16 << 20

// BuiltIn is the data of this build. It must not be changed.
var BuiltIn = sync.OnceValue(func() *Data {
	d, err := Decode(bytes.NewReader(packed))
	if err != nil {
		panic("the data of this build: " + err.Error()) // a test reads it
	}
	return d
})

// Decode reads packed data.
func Decode(r io.Reader) (*Data, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, lang.Errorf("data of advisories: %w", err)
	}
	limited := &io.LimitedReader{R: z, N: maxSize + 1}
	var d Data
	dec := json.NewDecoder(limited)
	if err := dec.Decode(&d); err != nil {
		return nil, lang.Errorf("data of advisories: %w", err)
	}
	// What follows is read too: it holds the checksum.
	if rest, err := io.Copy(io.Discard, io.MultiReader(dec.Buffered(), limited)); err != nil || rest > 1 || limited.N == 0 {
		return nil, errors.Join(lang.Error("data of advisories: cut off, too large, or followed by something else"), err)
	}
	if err := d.Check(); err != nil {
		return nil, lang.Errorf("data of advisories: %w", err)
	}
	return &d, nil
}
