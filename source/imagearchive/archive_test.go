package imagearchive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/imagearchive"
)

type file struct{ name, text string }

// packed is an archive of files.
func packed(t testing.TB, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func written(t *testing.T, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.tar")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const config = `{"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","config":{"User":"7","Env":["DB_PASSWORD=hunter2"],"ExposedPorts":{"22/tcp":{}}},
"history":[{"created_by":"COPY a /a # buildkit"},{"created_by":"RUN /bin/sh -c curl -k https://x # buildkit"}],"rootfs":{"type":"layers","diff_ids":["sha256:1"]}}`

func digest(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

func blob(text string) file {
	return file{"blobs/sha256/" + strings.TrimPrefix(digest(text), "sha256:"), text}
}

// layout are the files of an OCI layout of one image with two platforms and a statement
// about one.
func layout() []file {
	manifest := fmt.Sprintf(`{"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":%q},"layers":[]}`, digest(config))
	inner := fmt.Sprintf(`{"manifests":[{"digest":%q,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}},
{"digest":"sha256:%s","platform":{"os":"linux","architecture":"s390x"}},
{"digest":"sha256:%[2]s","platform":{"os":"unknown","architecture":"unknown"},"annotations":{"vnd.docker.reference.type":"attestation-manifest"}}]}`, digest(manifest), strings.Repeat("0", 64))
	index := fmt.Sprintf(`{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":%q,"annotations":{"io.containerd.image.name":"app:1"}}]}`, digest(inner))
	return []file{{"oci-layout", `{"imageLayoutVersion":"1.0.0"}`}, {"index.json", index}, blob(inner), blob(manifest), blob(config)}
}

// TestArchives: the same image as docker save writes it, as a layout in an archive,
// compressed or not, and as a directory.
func TestArchives(t *testing.T) {
	saved := packed(t, file{"layer.tar", strings.Repeat("x", 1<<20)}, file{"./c.json", config}, file{"manifest.json", `[{"Config":"c.json","RepoTags":["app:1"],"Layers":["layer.tar"]}]`})
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	if _, err := w.Write(saved); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range layout() {
		name := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		written(t, saved): "app:1", written(t, small.Bytes()): "app:1", written(t, packed(t, layout()...)): "app:1 linux/arm64/v8", dir: "app:1 linux/arm64/v8",
	} {
		if !imagearchive.Is(name) {
			t.Errorf("%s is no archive", name)
		}
		images, err := imagearchive.Read(t.Context(), name)
		if err != nil || len(images) != 1 {
			t.Errorf("%s: %v, %v", name, images, err)
			continue
		}
		i := images[0]
		user, _ := i.User.Peek()
		ports, _ := i.Exposed.Peek()
		remarks, _ := i.Build.Peek()
		created, _ := i.Created.Peek()
		if i.Name() != want || i.ID != digest(config) || user != "7" || len(ports) != 1 || len(remarks) != 1 || remarks[0].Kind != snapshot.BuildNoVerify || created.Year() != 2026 {
			t.Errorf("%s: %s %s, user %s, ports %v, %v", name, i.Name(), i.ID, user, ports, remarks)
		}
		if text, _ := json.Marshal(i); strings.Contains(string(text), "hunter2") {
			t.Error("a secret is told")
		}
	}
	for _, name := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none"), "nginx"} {
		if imagearchive.Is(name) {
			t.Errorf("%s is an archive", name)
		}
	}
}

// TestRefused: what is no archive of images, or one made to do harm, is one line.
func TestRefused(t *testing.T) {
	manifest := func(config string) file { return file{"manifest.json", `[{"Config":"` + config + `"}]`} }
	loop := make([]file, 0, 8)
	inner := `{"manifests":[]}`
	for range 6 {
		loop = append(loop, blob(inner))
		inner = fmt.Sprintf(`{"manifests":[{"digest":%q}]}`, digest(inner))
	}
	many := strings.Repeat(`{"Config":"c.json"},`, 65)
	var lots []file
	for i := range 9 {
		lots = append(lots, file{fmt.Sprintf("%d.json", i), "[" + strings.Repeat(" ", 4<<20-2) + "]"})
	}
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"no archive":         {[]byte("hello"), "it is no whole tar archive: unexpected EOF"},
		"empty":              {nil, "it has neither manifest.json nor index.json: it is no archive of images"},
		"cut off":            {packed(t, file{"a.json", config})[:700], "it is no whole tar archive: unexpected EOF"},
		"of other files":     {packed(t, file{"a", "x"}), "it has neither manifest.json nor index.json: it is no archive of images"},
		"without images":     {packed(t, file{"manifest.json", "[]"}), "it holds no image"},
		"of other JSON":      {packed(t, file{"manifest.json", `{"a":1}`}), `"manifest.json" cannot be understood: json: cannot unmarshal object into Go value of type []struct { Config string; RepoTags []string }`},
		"a path out of it":   {packed(t, manifest("../../../../etc/passwd")), `"../../../../etc/passwd" is not in it`},
		"an absolute path":   {packed(t, manifest("/etc/passwd")), `"/etc/passwd" is not in it`},
		"a file twice":       {packed(t, file{"c.json", config}, file{"./c.json", config}, manifest("c.json")), `it has "c.json" twice`},
		"too many images":    {packed(t, file{"c.json", config}, file{"manifest.json", "[" + strings.TrimSuffix(many, ",") + "]"}), "it holds more than 64 images"},
		"indexes in indexes": {packed(t, append(loop, file{"index.json", inner})...), "it has indexes in indexes without end"},
		"another content":    {packed(t, file{"index.json", `{"manifests":[{"digest":"` + digest("x") + `"}]}`}, file{blob("x").name, "{}"}), `"` + digest("x") + `" has not the content that its name says`},
		"no digest":          {packed(t, file{"index.json", `{"manifests":[{"digest":"sha256:../../x"}]}`}), `"sha256:../../x" is no digest of SHA-256`},
		"huge documents":     {packed(t, lots...), "its documents are larger than 32 MiB"},
	} {
		archive := written(t, tt.data)
		images, err := imagearchive.Read(t.Context(), archive)
		if err == nil || err.Error() != archive+": "+tt.want {
			t.Errorf("%s: %v, %v, want %s", name, images, err, tt.want)
		}
	}
	dir := t.TempDir()
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "index.json")); err != nil {
		t.Fatal(err)
	}
	if images, err := imagearchive.Read(t.Context(), dir); err == nil {
		t.Errorf("a link out of a layout: %v", images)
	}
}

// TestNoHistory: an image without a history is not cleared of what its build did.
func TestNoHistory(t *testing.T) {
	text := `{"config":{},"rootfs":{"diff_ids":["sha256:1"]}}`
	images, err := imagearchive.Read(t.Context(), written(t, packed(t, file{"c.json", text}, file{"manifest.json", `[{"Config":"c.json"}]`})))
	if err != nil || len(images) != 1 || images[0].Build.State() != snapshot.Unreadable || images[0].Name() != digest(text) {
		t.Errorf("%+v, %v", images, err)
	}
}

// FuzzArchive: whatever is in an archive, it is images or an error of one line.
func FuzzArchive(f *testing.F) {
	f.Add(packed(f, layout()...))
	f.Add(packed(f, file{"c.json", config}, file{"manifest.json", `[{"Config":"c.json","RepoTags":["app:1"]}]`}))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		images, err := imagearchive.Read(t.Context(), written(t, data))
		if err == nil && len(images) == 0 || err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%d images, %v", len(images), err)
		}
	})
}
