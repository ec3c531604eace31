package imagecontent

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// item is an entry of a layer, written as "NAME MODE" with the type before it:
// "f usr/bin/su 4755", "d usr/ 755", "l bin usr/bin", "h usr/bin/su2 usr/bin/su 4755".
func archive(t testing.TB, items ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, item := range items {
		words := strings.Fields(item)
		h := tar.Header{Name: words[1]}
		switch words[0] {
		case "f":
			h.Typeflag, h.Size = tar.TypeReg, 1
		case "d":
			h.Typeflag = tar.TypeDir
		case "l":
			h.Typeflag, h.Linkname = tar.TypeSymlink, words[2]
		case "h":
			h.Typeflag, h.Linkname = tar.TypeLink, words[2]
		}
		if _, err := fmt.Sscanf(words[len(words)-1], "%o", &h.Mode); err != nil && words[0] != "l" {
			t.Fatal(err)
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, h.Size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// together reads layers of items and puts them together.
func together(t testing.TB, layers ...[]string) (snapshot.ImageContents, error) {
	t.Helper()
	var list []*Layer
	for _, items := range layers {
		l, err := readStream(context.Background(), bytes.NewReader(archive(t, items...)), false, inArchive)
		if err != nil {
			return snapshot.ImageContents{}, err
		}
		list = append(list, l)
	}
	return Merge(context.Background(), list, "test")
}

// TestLayersTogether: what is left of setuid files under the layers above. That
// engines see it so is tried on real ones in package livehost.
func TestLayersTogether(t *testing.T) {
	base := []string{"d usr/ 755", "d usr/bin/ 755", "f usr/bin/su 4755", "f usr/bin/at 6755"}
	for _, tt := range []struct {
		name   string
		layers [][]string
		want   string // paths and modes
	}{
		{"one layer", [][]string{base}, "/usr/bin/at 6755, /usr/bin/su 4755"},
		{"names of several forms", [][]string{{"f ./a 4755", "f /b 4755", "f c//d/../e 4755", "f ../f 4755"}}, "/a 4755, /b 4755, /c/e 4755, /f 4755"},
		{"removed", [][]string{base, {"f usr/bin/.wh.su 0"}}, "/usr/bin/at 6755"},
		{"replaced", [][]string{base, {"f usr/bin/su 755"}}, "/usr/bin/at 6755"},
		{"replaced by a setuid one", [][]string{base, {"f usr/bin/su 4711"}}, "/usr/bin/at 6755, /usr/bin/su 4711"},
		{"replaced by a link", [][]string{base, {"l usr/bin/su at"}}, "/usr/bin/at 6755"},
		{"replaced by a directory", [][]string{base, {"d usr/bin/su/ 755"}}, "/usr/bin/at 6755"},
		{"replaced by a directory that has no entry", [][]string{base, {"f usr/bin/su/x 644"}}, "/usr/bin/at 6755"},
		{"a directory removed", [][]string{base, {"f usr/.wh.bin 0"}}, ""},
		{"a directory replaced", [][]string{base, {"l usr /opt"}}, ""},
		{"a directory with an entry of its own", [][]string{base, {"d usr/bin/ 700"}}, "/usr/bin/at 6755, /usr/bin/su 4755"},
		{"an opaque directory", [][]string{base, {"d usr/bin/ 755", "f usr/bin/.wh..wh..opq 0", "f usr/bin/new 4755"}}, "/usr/bin/new 4755"},
		{"an opaque directory above", [][]string{base, {"f usr/.wh..wh..opq 0"}}, ""},
		{"removed and made anew above", [][]string{base, {"f usr/bin/.wh.su 0"}, {"f usr/bin/su 4755"}}, "/usr/bin/at 6755, /usr/bin/su 4755"},
		{"the root covered", [][]string{base, {"f .wh..wh..opq 0"}}, ""},
		{"twice in one layer", [][]string{{"f su 755", "f su 4755", "f at 4755", "f at 755"}}, "/su 4755"},
		{"a hard link", [][]string{{"f su 4755", "h su2 su 4755"}}, "/su 4755, /su2 4755"},
		{"a hard link that makes its file setuid", [][]string{{"f su 755", "h su2 su 4755"}}, "/su 4755, /su2 4755"},
		{"a hard link that is said to be plain", [][]string{{"f su 4755", "h su2 su 755"}}, "/su 4755, /su2 4755"},
		{"what aufs left", [][]string{{"f .wh..wh.aufs 4755", "d .wh..wh.plnk/ 755", "f su 4755"}}, "/su 4755"},
		{"directories and devices", [][]string{{"d share/ 2775", "l link 4755"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			contents, err := together(t, tt.layers...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			files, _ := contents.SetIDFiles.Peek()
			for _, f := range files {
				got = append(got, fmt.Sprintf("%s %o", f.Path, uint32(f.Mode)))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestTornLayers: what engines may put together in different ways is no result.
func TestTornLayers(t *testing.T) {
	for _, items := range [][]string{
		{"f usr/bin/su 755", "f usr/bin 755", "d usr/bin/ 755"},
		{"l bin usr/bin", "f bin/su 755"},
		{"f bin/su 755", "l bin usr/bin"},
		{"f su 755", "f .wh.su 0"},
		{"f .wh.su 0", "f su 755"},
		{"f .wh.bin 0", "f bin/su 755"},
		{"f usr/bin/.wh... 0"},
		{"f usr/bin/.wh. 0"},
	} {
		_, err := together(t, []string{"f su 4755"}, items)
		if !errors.Is(err, ErrTorn) || Gap(err).Reason != snapshot.ReasonUnsupported {
			t.Errorf("%q: %v", items, err)
		}
	}
}

// TestOpenFiles: places of the system that everyone may write.
func TestOpenFiles(t *testing.T) {
	contents, err := together(t,
		[]string{"d etc/ 777", "d tmp/ 777", "d usr/tmp/ 1777", "f usr/lib/x.so 666", "f opt/x 666", "l usr/l 777", "f etc/shut 666", "d usr/open/ 777"},
		[]string{"f etc/shut 644", "d usr/open/ 755"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	files, _ := contents.OpenFiles.Peek()
	for _, f := range files {
		got = append(got, fmt.Sprint(f.Path, " ", f.Dir, " ", f.Layer))
	}
	if diff := cmp.Diff([]string{"/etc true 1", "/usr/lib/x.so false 1"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestBounds: what is too large is no result.
func TestBounds(t *testing.T) {
	many := make([]string, maxFound+2)
	for i := range many {
		many[i] = fmt.Sprintf("f su%d 4755", i)
	}
	for name, items := range map[string][]string{
		"many files that matter": many,
		"a long path":            {"f " + strings.Repeat("a/", maxPath) + "b 644"},
	} {
		if _, err := together(t, items); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := together(t, many[:maxListed+1]); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a long list: %v", err)
	}
	b := &bounded{ctx: context.Background(), r: strings.NewReader("abc"), left: 2}
	if _, err := b.Read(make([]byte, 9)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a long stream: %v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := readStream(ended, bytes.NewReader(archive(t, "f su 4755")), false, inArchive); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

// TestPrintable: a name cannot act on a terminal.
func TestPrintable(t *testing.T) {
	for path, want := range map[string]string{
		"/usr/bin/grün": "/usr/bin/grün", "/a\x1b[2Jb": `/a\x1b[2Jb`, "/\xff": `/\xff`, "/a\nb": `/a\nb`, "/a\u202eb": `/a\u202eb`,
	} {
		if got := printable(path); got != want {
			t.Errorf("%q: %s, want %s", path, got, want)
		}
	}
}
