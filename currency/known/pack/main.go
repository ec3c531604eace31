// Command pack checks the reviewed data of package known and writes the file that
// is built into the program: go generate ./currency/known
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"seawall/currency/known"
)

func main() {
	if err := run("data", "known.json.gz"); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	packed, err := Pack(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(out, packed, 0o644)
}

// Pack reads the files of a directory and returns the packed data. The same files
// give the same bytes.
func Pack(dir string) ([]byte, error) {
	d := known.Data{Format: known.Format}
	for name, into := range map[string]any{"sources.json": &d, "lifecycle.json": &d.Lifecycle, "engines.json": &d.Engines} {
		if err := read(filepath.Join(dir, name), into); err != nil {
			return nil, err
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "advisories", "*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		var list []known.Advisory
		if err := read(name, &list); err != nil {
			return nil, err
		}
		d.Advisories = append(d.Advisories, list...)
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// read decodes a file; a field that nobody knows is an error.
func read(name string, into any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
