package livehost

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"seawall/lab"
)

// ociArchive is an image in the layout of the OCI image specification.
type ociArchive struct {
	t   *testing.T
	out bytes.Buffer
	w   *tar.Writer
}

func (a *ociArchive) file(name string, data []byte) {
	a.t.Helper()
	if err := a.w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.w.Write(data); err != nil {
		a.t.Fatal(err)
	}
}

// blob adds a document or data and returns its descriptor.
func (a *ociArchive) blob(kind string, v any) map[string]any {
	a.t.Helper()
	data, raw := v.([]byte)
	if !raw {
		var err error
		if data, err = json.Marshal(v); err != nil {
			a.t.Fatal(err)
		}
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	a.file("blobs/sha256/"+sum, data)
	return map[string]any{"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + sum, "size": len(data)}
}

// TestZstdLayers reads an image whose layer is compressed with zstd, as
// containerd's store keeps it.
func TestZstdLayers(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V28, DaemonJSON: `{"features": {"containerd-snapshotter": true}}`})
	copyIn(t, h)
	layer := rootfs(t, h)
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &ociArchive{t: t}
	a.w = tar.NewWriter(&a.out)
	a.file("oci-layout", []byte(`{"imageLayoutVersion": "1.0.0"}`))
	config := a.blob("config.v1+json", map[string]any{"architecture": "amd64", "os": "linux", "config": map[string]any{},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}}})
	packed := a.blob("layer.v1.tar+zstd", encoder.EncodeAll(layer, nil))
	manifest := a.blob("manifest.v1+json", map[string]any{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": config, "layers": []any{packed}})
	manifest["annotations"] = map[string]string{"io.containerd.image.name": "docker.io/library/packed:1"}
	manifest["platform"] = map[string]string{"architecture": "amd64", "os": "linux"}
	index, err := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": []any{manifest}})
	if err != nil {
		t.Fatal(err)
	}
	a.file("index.json", index)
	if err := a.w.Close(); err != nil {
		t.Fatal(err)
	}
	h.WriteFile("/srv/packed.tar", a.out.String(), 0o644)
	h.Docker("load", "-i", "/srv/packed.tar")
	h.WriteFile("/srv/base.tar", string(layer), 0o644)
	h.Docker("import", "/srv/base.tar", "plain:1")

	s := collectAs(t, h, "deep=all")
	want, got := setIDPaths(imageOf(t, s, "plain:1")), imageOf(t, s, "packed:1")
	if diff := cmp.Diff(want, setIDPaths(got)); diff != "" || len(want) != 10 {
		t.Errorf("%+v (-plain +zstd):\n%s", got.SetIDFiles.Gap(), diff)
	}
}
