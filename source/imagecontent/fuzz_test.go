package imagecontent

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readFuzzed reads a layer of any bytes in bounded time.
func readFuzzed(t *testing.T, data []byte, split bool) *Layer {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	l, err := readStream(ctx, bytes.NewReader(data), split, inArchive)
	if ctx.Err() != nil {
		t.Fatalf("%d bytes take more than five seconds", len(data))
	}
	if err != nil {
		return nil
	}
	return l
}

// checkLayer: a layer put together with itself, or under one without files, tells
// the same; what it tells is clean.
func checkLayer(t *testing.T, l *Layer) {
	if l == nil {
		return
	}
	empty := &Layer{names: names{building: map[uint64]kind{}}}
	empty.names.complete()
	alone, err1 := Merge(t.Context(), []*Layer{l}, "x")
	under, err2 := Merge(t.Context(), []*Layer{l, empty}, "x")
	if (err1 == nil) != (err2 == nil) {
		t.Fatalf("%v, under an empty layer %v", err1, err2)
	}
	a, _ := alone.SetIDFiles.Peek()
	b, _ := under.SetIDFiles.Peek()
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	for _, f := range a {
		if f.Path == "" || f.Path[0] != '/' || f.Mode&0o6000 == 0 || printable(f.Path) != f.Path && !bytes.ContainsRune([]byte(f.Path), '\\') {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzLayer(f *testing.F) {
	plain := archive(f, "d usr/ 755", "f usr/bin/su 4755", "h su2 usr/bin/su 4755", "l bin usr/bin", "f usr/.wh.x 0", "f usr/.wh..wh..opq 0", "f root/.netrc 600")
	f.Add(plain)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(plain); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(packed.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { checkLayer(t, readFuzzed(t, data, false)) })
}

func FuzzTarSplit(f *testing.F) {
	f.Add(split(f, tar.Header{Name: "su", Mode: 0o4755, Size: 600}, tar.Header{Name: "x", Mode: 0o644, Size: 1 << 16}))
	f.Add([]byte(`{"type":1,"size":9223372036854775807}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) { checkLayer(t, readFuzzed(t, data, true)) })
}

// FuzzFiles: the files that are looked into.
func FuzzFiles(f *testing.F) {
	f.Add([]byte("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz"))
	f.Add([]byte("root::0:0::/root:/bin/sh\n"))
	f.Add([]byte("DB_PASSWORD=x\n\x01\x00\x00\x02"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = keyIn(data)
		_ = openAccounts(parseAccounts(data, true), parseAccounts(data, false))
		for i := range credentialFiles {
			_ = credentialFiles[i].in(data)
		}
		_, _, _ = parseCapability(data)
		var d document
		_ = parseDocument(data, &d, "x")
		_, _ = hexOf(string(data))
	})
}
