package imagecontent

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"seawall/snapshot"
	"seawall/source/hostfile"
)

// split writes what tar-split keeps of an archive of these files.
func split(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var out, piece bytes.Buffer
	w := tar.NewWriter(&piece)
	line := func(kind int, size int64, payload []byte) {
		if err := json.NewEncoder(&out).Encode(map[string]any{"type": kind, "size": size, "payload": payload, "position": 0}); err != nil {
			t.Fatal(err)
		}
		piece.Reset()
	}
	for _, h := range headers {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		line(splitSegment, 0, piece.Bytes())
		if _, err := io.CopyN(w, zeros{}, h.Size); err != nil {
			t.Fatal(err)
		}
		line(splitFile, h.Size, []byte("checksum"))
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		line(splitSegment, 0, piece.Bytes())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	line(splitSegment, 0, piece.Bytes())
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestTarSplit: an archive without its files is read as the whole one is.
func TestTarSplit(t *testing.T) {
	data := split(t, tar.Header{Name: "a", Mode: 0o644, Size: 100_000}, tar.Header{Name: strings.Repeat("long/", 60) + "su", Mode: 0o4755, Size: 513},
		tar.Header{Name: "z", Mode: 0o2755, Size: 0})
	l, err := readStream(t.Context(), bytes.NewReader(data), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.found) != 2 || l.found[0].file.Size != 513 || l.found[1].path != "/z" {
		t.Errorf("%+v", l.found)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for name, text := range map[string]string{
		"cut off":          strings.Join(lines[:5], "") + `{"type":1,"si`,
		"an unknown piece": `{"type":3}` + "\n" + string(data),
		"a negative size":  `{"type":1,"size":-1}` + "\n" + string(data),
		"no json":          "x\n",
	} {
		if _, err := readStream(t.Context(), strings.NewReader(text), true, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestUnpack: the same layer however it is compressed; a damaged one is an
// error.
func TestUnpack(t *testing.T) {
	plain := archive(t, "f usr/bin/su 4755", "f x 644")
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	_, err1 := g.Write(plain)
	encoder, err2 := zstd.NewWriter(nil)
	if err := errors.Join(err1, g.Close(), err2); err != nil {
		t.Fatal(err)
	}
	packed := encoder.EncodeAll(plain, nil)
	for name, data := range map[string][]byte{"plain": plain, "gzip": gz.Bytes(), "zstd": packed} {
		l, err := readStream(t.Context(), bytes.NewReader(data), false, inArchive)
		if err != nil || len(l.found) != 1 {
			t.Errorf("%s: %v %+v", name, err, l)
		}
		if _, err := readStream(t.Context(), bytes.NewReader(data[:len(data)/2]), false, inArchive); err == nil {
			t.Errorf("half of %s: no error", name)
		}
	}
}

// blobStore writes blobs into a store of containerd.
type blobStore struct {
	t    *testing.T
	root string
}

func (s blobStore) put(data []byte) string {
	s.t.Helper()
	name := fmt.Sprintf("%x", sha256.Sum256(data))
	dir := filepath.Join(s.root, blobs)
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), data, 0o644)); err != nil {
		s.t.Fatal(err)
	}
	return "sha256:" + name
}

func (s blobStore) json(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.put(data)
}

// image writes an image of one layer and returns the digests of its manifest
// and of its unpacked layer.
func (s blobStore) image(items ...string) (manifest, diffID string) {
	data := archive(s.t, items...)
	diffID = s.put(data)
	config := s.json(map[string]any{"rootfs": map[string]any{"diff_ids": []string{diffID}}})
	return s.json(map[string]any{"config": descriptor{config}, "layers": []descriptor{{diffID}}}), diffID
}

func imageWith(id string, layers ...string) *snapshot.Image {
	return &snapshot.Image{ID: id, Layers: snapshot.See(layers, snapshot.At("RootFS.Layers", "test"))}
}

// TestContainerdStore: the manifest of an index is the one with the layers that
// the engine names; others may be missing.
func TestContainerdStore(t *testing.T) {
	s := blobStore{t, t.TempDir()}
	other, _ := s.image("f other 4755")
	own, layer := s.image("f usr/bin/su 4755")
	missing := "sha256:" + strings.Repeat("0", 64)
	index := s.json(map[string]any{"manifests": []descriptor{{missing}, {other}, {own}}})
	store := Store{Own: Classic{Root: hostfile.New(t.TempDir()), Driver: "overlayfs"}, Containerd: Containerd{Roots: []*hostfile.FS{hostfile.New(t.TempDir()), hostfile.New(s.root)}}}
	for _, id := range []string{own, index} {
		refs, err := store.Layers(imageWith(id, layer))
		if err != nil || len(refs) != 1 {
			t.Fatalf("%s: %v %v", id, refs, err)
		}
		l, err := refs[0].Read(t.Context())
		if err != nil || len(l.found) != 1 || l.found[0].path != "/usr/bin/su" {
			t.Errorf("%s: %v %+v", id, err, l)
		}
	}
	changed := s.put([]byte("{}"))
	name, _ := hexOf(changed)
	if err := os.WriteFile(filepath.Join(s.root, blobs, name), []byte("[]"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, i := range map[string]*snapshot.Image{
		"no such blob":            imageWith(missing, layer),
		"no such layers":          imageWith(own, missing),
		"another content":         imageWith(changed, layer),
		"no digest":               imageWith("sha256:../../etc/passwd", layer),
		"a layer that is no such": imageWith(own, "../x"),
		"no layers":               imageWith(own),
		"layers not read":         {ID: own},
		"no document":             imageWith(layer, layer),
	} {
		if refs, err := store.Layers(i); err == nil {
			t.Errorf("%s: %v", name, refs)
		}
	}
}

// TestClassicStore: what is missing or leads elsewhere is an error that says so.
func TestClassicStore(t *testing.T) {
	root := t.TempDir()
	id := "sha256:" + strings.Repeat("a", 64)
	dir := filepath.Join(root, "image/overlay2/layerdb/sha256", strings.Repeat("a", 64))
	data := split(t, tar.Header{Name: "etc/passwd", Mode: 0o644, Size: 20}, tar.Header{Name: "root/.netrc", Mode: 0o600, Size: 20})
	write := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write(dir+"/tar-split.json.gz", string(data))
	write(dir+"/cache-id", "own")
	write(root+"/overlay2/own/diff/etc/passwd", "root::0:0::/:/bin/sh")
	if err := errors.Join(os.Mkdir(root+"/overlay2/own/diff/root", 0o755), os.Symlink("/etc/hostname", root+"/overlay2/own/diff/root/.netrc")); err != nil {
		t.Fatal(err)
	}
	contents := func(driver string) snapshot.ImageContents {
		t.Helper()
		refs, err := Store{Own: Classic{Root: hostfile.New(root), Driver: driver}}.Layers(imageWith("x", id))
		if err != nil {
			t.Fatal(err)
		}
		l, err := refs[0].Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out, err := Merge(t.Context(), []*Layer{l}, "test")
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	c := contents("overlay2")
	secrets, _ := c.SecretFiles.Peek()
	if accounts, _ := c.OpenAccounts.Peek(); len(accounts) != 1 || len(secrets) != 1 || secrets[0].Kind != snapshot.SecretUnread {
		t.Errorf("accounts %v, secrets %v: want root, and a file that leads out unread", accounts, secrets)
	}
	write(dir+"/cache-id", "../../../etc")
	if c := contents("overlay2"); c.OpenAccounts.State() != snapshot.Unreadable {
		t.Error("a cache-id that leads out is followed")
	}
	if err := os.Rename(root+"/image/overlay2", root+"/image/zfs"); err != nil {
		t.Fatal(err)
	}
	if c := contents("zfs"); !strings.Contains(c.OpenAccounts.Gap().Detail, "zfs") {
		t.Errorf("%+v", c.OpenAccounts.Gap())
	}
	if _, err := (Classic{Root: hostfile.New(root), Driver: "../x"}).layers([]string{id}); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a driver that leads out: %v", err)
	}
}

// TestChainID: the example of the OCI image specification's own arithmetic.
func TestChainID(t *testing.T) {
	if got := chainID("", "sha256:a"); got != "sha256:a" {
		t.Error(got)
	}
	if got, want := chainID("sha256:a", "sha256:b"), fmt.Sprintf("sha256:%x", sha256.Sum256([]byte("sha256:a sha256:b"))); got != want {
		t.Error(got)
	}
}
