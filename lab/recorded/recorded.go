// Package recorded reads the snapshots of real hosts that tests keep, packed by gzip. Each
// directory of them has a README that says where they are from.
package recorded

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"testing"

	"seawall/snapshot"
)

// Read unpacks a file.
func Read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data, err := io.ReadAll(packed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

// Snapshot is the one that a packed file holds.
func Snapshot(t testing.TB, path string) *snapshot.Snapshot {
	t.Helper()
	data, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}
