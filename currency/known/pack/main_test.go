package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"
)

// TestPacked: what is built in is what the reviewed files say.
func TestPacked(t *testing.T) {
	fresh, err := Pack("../data")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile("../known.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(unpack(t, fresh), unpack(t, stored)) {
		t.Error("known.json.gz is not what data says: run go generate ./currency/known")
	}
}

func unpack(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
