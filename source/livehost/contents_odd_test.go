package livehost

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// oddLayers are what no builder writes and an image may have all the same: names
// of several forms, whiteouts before what they allow,
// directories that become files and the other way round.
var oddLayers = [][]tar.Header{
	{
		{Name: "./odd/a", Mode: 0o4755}, {Name: "/odd/b", Mode: 0o4755}, {Name: "odd//c", Mode: 0o4755}, {Name: "odd/x/../d", Mode: 0o4755},
		{Name: "odd/first", Mode: 0o755}, {Name: "odd/second", Typeflag: tar.TypeLink, Linkname: "odd/first", Mode: 0o4755},
		{Name: "odd/opaque/low", Mode: 0o4755}, {Name: "odd/opaque/deep/low", Mode: 0o4755},
		{Name: "odd/file", Mode: 0o4755}, {Name: "odd/dir/low", Mode: 0o4755}, {Name: "odd/removed/low", Mode: 0o4755},
		{Name: "odd/merged/low", Mode: 0o4755}, {Name: "odd/device", Mode: 0o4755}, {Name: "odd/back", Mode: 0o4755},
	},
	{
		{Name: "odd/opaque/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "odd/opaque/.wh..wh..opq"}, {Name: "odd/opaque/high", Mode: 0o4755},
		{Name: "odd/file/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "odd/file/inside", Mode: 0o2755},
		{Name: "odd/dir", Mode: 0o644}, {Name: "odd/.wh.removed"}, {Name: "odd/merged/high", Mode: 0o6755},
		{Name: "odd/device", Typeflag: tar.TypeFifo, Mode: 0o644}, {Name: "odd/.wh.back"},
	},
	{{Name: "odd/back", Mode: 0o4711}, {Name: "odd/removed/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "odd/removed/new", Mode: 0o4755}},
}

// twice are entries that come twice, which only containerd's store takes.
var twice = []tar.Header{
	{Name: "odd/twice", Mode: 0o755}, {Name: "odd/twice", Mode: 0o4755}, {Name: "odd/plain", Mode: 0o4755}, {Name: "odd/plain", Mode: 0o755},
}

// TestOddContents: of layers that no builder writes, what is told is what the
// engine makes of them.
func TestOddContents(t *testing.T) {
	for _, s := range stores {
		if s.version == lab.V26 && s.json == "" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: s.version, Flags: s.flags, DaemonJSON: s.json})
			copyIn(t, h)
			layers := append([][]byte{rootfs(t, h)}, packAll(t, oddLayers)...)
			if s.json != "" {
				layers = append(layers, packAll(t, [][]tar.Header{twice})...)
			}
			loadLayers(t, h, "odd:1", layers...)
			h.Docker("run", "-d", "--name", "user", "odd:1", "/bin/sleep", "1000")
			image := imageOf(t, collectAs(t, h, "deep"), "odd:1")
			files, ok := image.SetIDFiles.Peek()
			if !ok {
				t.Fatalf("not read: %+v", image.SetIDFiles.Gap())
			}
			var got []string
			for _, f := range files {
				got = append(got, fmt.Sprintf("%s %o", f.Path, uint32(f.Mode)))
			}
			want := strings.Split(h.Docker("exec", "user", "/bin/find", "/", "-xdev", "-type", "f", "-perm", "/6000", "-exec", "/bin/stat", "-c", "%n %a", "{}", "+"), "\n")
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("find in the container (-) and the layers (+):\n%s", diff)
			}
		})
	}
}

func packAll(t *testing.T, layers [][]tar.Header) [][]byte {
	t.Helper()
	var out [][]byte
	for _, headers := range layers {
		var layer bytes.Buffer
		w := tar.NewWriter(&layer)
		for _, h := range headers {
			if err := w.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out = append(out, layer.Bytes())
	}
	return out
}

// loadLayers loads an image of these layers.
func loadLayers(t *testing.T, h *lab.TestHost, ref string, layers ...[]byte) {
	t.Helper()
	var names, digests []string
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	add := func(name string, data []byte) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range layers {
		names, digests = append(names, fmt.Sprintf("layer%d.tar", i)), append(digests, fmt.Sprintf("sha256:%x", sha256.Sum256(l)))
		add(names[i], l)
	}
	config, err1 := json.Marshal(map[string]any{"architecture": "amd64", "os": "linux", "config": map[string]any{},
		"rootfs": map[string]any{"type": "layers", "diff_ids": digests}})
	manifest, err2 := json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{ref}, "Layers": names}})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	add("config.json", config)
	add("manifest.json", manifest)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	h.WriteFile("/srv/image.tar", out.String(), 0o644)
	h.Docker("load", "-i", "/srv/image.tar")
}

// setIDPaths are the setuid and setgid files of an image.
func setIDPaths(i *snapshot.Image) []string {
	files, _ := i.SetIDFiles.Peek()
	var out []string
	for _, f := range files {
		out = append(out, f.Path)
	}
	return out
}

// TestWhoReadsContents: root and the user of a rootless engine read its images;
// who may use an engine and not read its data is told so. Images that no
// container uses are read when all are asked for.
func TestWhoReadsContents(t *testing.T) {
	lab.RequireRootless(t)
	h := lab.New(t, lab.Options{Version: lab.V28})
	copyIn(t, h)
	h.AddUser("alice", "docker")
	rootless := h.StartRootless("rita")
	h.WriteFile("/srv/base.tar", string(rootfs(t, h)), 0o644)
	h.Docker("import", "/srv/base.tar", "system:1")
	h.Docker("import", "/srv/base.tar", "spare:1")
	h.Docker("create", "--name", "one", "system:1", "/bin/sh")
	for _, args := range [][]string{{"import", "/srv/base.tar", "own:1"}, {"create", "own:1", "/bin/sh"}} {
		if _, err := rootless.Docker(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	root := collectAs(t, h, "deep")
	want := setIDPaths(imageOf(t, root, "system:1"))
	if len(want) != 10 {
		t.Errorf("setuid and setgid files: %v", want)
	}
	own := imageOf(t, root, "own:1")
	if diff := cmp.Diff(want, setIDPaths(own)); diff != "" {
		t.Errorf("of the rootless engine %+v (-want +got):\n%s", own.SetIDFiles.Gap(), diff)
	}
	if secrets, _ := own.SecretFiles.Peek(); len(secrets) != 2 || secrets[0].Kind == snapshot.SecretUnread {
		t.Errorf("secrets of the rootless engine: %+v", secrets)
	}
	if g := imageOf(t, root, "spare:1").SetIDFiles.Gap(); g.Reason != snapshot.ReasonNotCollected || g.Remedy != "run with --deep=all" {
		t.Errorf("an image that no container uses: %+v", g)
	}
	if diff := cmp.Diff(want, setIDPaths(imageOf(t, collectAs(t, h, "deep=all"), "spare:1"))); diff != "" {
		t.Errorf("all images (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, setIDPaths(imageOf(t, collectAs(t, h, "deep", "runuser", "-u", "rita", "--"), "own:1"))); diff != "" {
		t.Errorf("for the engine's own user (-want +got):\n%s", diff)
	}
	if g := imageOf(t, collectAs(t, h, "deep", "runuser", "-u", "alice", "--"), "system:1").SetIDFiles.Gap(); g.Remedy != "run as root" {
		t.Errorf("for a member of the group: %+v", g)
	}
	if g := imageOf(t, collectAs(t, h, "all"), "system:1").SetIDFiles.Gap(); g.Remedy != "run with --deep" {
		t.Errorf("not asked for: %+v", g)
	}
}
