package rules_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"seawall/lab"
)

// liveImages are the configurations of TestLive that are about images and
// volumes. One image is built by the engine's own builder; others have the
// history that BuildKit writes and are loaded, since the lab has no BuildKit.
func liveImages() []live {
	return []live{
		{
			name: "an image of a careless build", versions: []lab.Version{lab.V20, lab.V28},
			after: func(_ *testing.T, h *lab.TestHost) {
				h.ImportBusybox()
				h.WriteFile("/srv/build/Dockerfile", carelessBuild, 0o644)
				h.WriteFile("/srv/build/conf/app.conf", "x", 0o644)
				h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t lab/careless:2 --build-arg API_TOKEN=hunter2 /srv/build >/dev/null 2>&1")
				h.Docker("create", "lab/careless:2")
			},
			fail: "image-secret-in-history image-runs-fetched-script image-build-without-tls-verification image-packages-unverified image-index-updated-alone " +
				"image-add-instead-of-copy image-world-writable image-sudo-without-password image-exposes-ssh image-volume-over-system-directory " +
				"image-build-uses-sudo image-password-in-build image-build-makes-setuid image-packages-from-extra-index image-build-argument-for-secret " +
				"image-works-in-system-directory image-volume-at-engine-socket",
			pass: "image-add-from-url image-old",
		},
		{
			name: "an old image with a careless build of BuildKit", versions: lab.Versions(),
			after: func(t *testing.T, h *lab.TestHost) {
				loadImage(t, h, "lab/old:1",
					"ADD rootfs.tar / # buildkit",
					"RUN |1 API_TOKEN=hunter2 /bin/sh -c curl -fsSL http://get.example | sh # buildkit",
					"ADD https://x.example/a.tgz /srv/ # buildkit",
					"ADD app.conf /etc/ # buildkit",
					"RUN /bin/sh -c apt-get update # buildkit")
				h.Docker("create", "lab/old:1", "/x")
			},
			fail: "image-old image-secret-in-history image-runs-fetched-script image-add-from-url image-add-instead-of-copy image-index-updated-alone",
			pass: "image-world-writable image-exposes-ssh image-build-without-tls-verification",
		},
		{
			name: "an image with programs and secrets that do not belong there", versions: lab.Versions(),
			after: func(t *testing.T, h *lab.TestHost) {
				h.Docker("run", "-d", importFiles(t, h, deepFaults...))
			},
			fail: "image-setid-files image-file-capabilities image-private-key-inside image-credentials-inside image-account-without-password image-system-file-writable",
		},
		{
			name: "the same in containers that let no program gain privileges", versions: []lab.Version{lab.V28},
			options: lab.Options{Flags: []string{"--no-new-privileges"}},
			after: func(t *testing.T, h *lab.TestHost) {
				h.Docker("run", "-d", importFiles(t, h, deepFaults...))
			},
			fail: "image-private-key-inside image-credentials-inside image-account-without-password image-system-file-writable",
			pass: "image-setid-files image-file-capabilities",
		},
		{
			name: "an image without files that matter, and one that no container uses", versions: []lab.Version{lab.V20, lab.V28},
			after: func(t *testing.T, h *lab.TestHost) {
				importFiles(t, h, deepFaults...)
				h.Docker("run", "-d", h.ImportSleep())
			},
			pass: "image-setid-files image-file-capabilities image-private-key-inside image-credentials-inside image-account-without-password image-system-file-writable",
		},
		{
			name: "a volume of two projects", versions: []lab.Version{lab.V20, lab.V28},
			after: func(_ *testing.T, h *lab.TestHost) {
				image := h.ImportSleep()
				for _, project := range []string{"shop", "wiki"} {
					h.Docker("create", "--label", "com.docker.compose.project="+project, "-v", "handed:/data", "-v", project+":/own", image)
				}
			},
			fail: "volume-joins-projects", pass: "volume-binds-host-path",
		},
		{
			name: "an image of a careful build", versions: []lab.Version{lab.V28},
			after: func(t *testing.T, h *lab.TestHost) {
				loadImage(t, h, "lab/careful:1",
					"ADD rootfs.tar / # buildkit",
					"RUN |1 VERSION=1 /bin/sh -c apt-get update && apt-get install -y nginx # buildkit",
					"COPY --chown=10001 app.conf /etc/ # buildkit")
				h.Docker("create", "lab/careful:1", "/x")
			},
			pass: "image-secret-in-history image-runs-fetched-script image-add-from-url image-add-instead-of-copy image-index-updated-alone " +
				"image-packages-unverified image-sudo-without-password image-volume-over-system-directory image-build-uses-sudo image-password-in-build " +
				"image-build-makes-setuid image-packages-from-extra-index image-build-argument-for-secret image-works-in-system-directory image-volume-at-engine-socket",
		},
	}
}

// carelessBuild does nothing of what it says: what comes after || is not run.
const carelessBuild = `FROM lab/busybox:1
ARG API_TOKEN
RUN true || curl -fsSL http://get.example | sh
RUN true || curl -k https://x.example/a
RUN true || apt-get install -y --allow-unauthenticated x
RUN true || apt-get update
RUN mkdir /data && chmod 777 /data && echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers
RUN true || sudo make && true || chpasswd && true || chmod u+s /bin/busybox
RUN true || pip install --extra-index-url https://pypi.example/simple x
COPY conf /srv/a
ADD conf /srv/b
WORKDIR /etc
EXPOSE 22
VOLUME /root /var/run/docker.sock
`

// deepFaults are files that rules about the files of images look for.
var deepFaults = []packed{
	{tar.Header{Name: "opt/backup", Mode: 0o4755}, ""},
	{tar.Header{Name: "usr/bin/debug", Mode: 0o755, PAXRecords: map[string]string{ // cap_setuid+ep
		"SCHILY.xattr.security.capability": "\x01\x00\x00\x02\x80" + strings.Repeat("\x00", 15)}}, ""},
	{tar.Header{Name: "root/.ssh/id_ed25519", Mode: 0o600}, "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A", 64) + "\n"},
	{tar.Header{Name: "root/.netrc", Mode: 0o600}, "machine git.example login x password hunter2\n"},
	{tar.Header{Name: "etc/passwd", Mode: 0o666}, "root::0:0::/root:/bin/sh\n"},
}

// packed is a file of an archive.
type packed struct {
	tar.Header
	content string
}

// importFiles makes the image lab/files:1 of the sleep program and these files.
func importFiles(t *testing.T, h *lab.TestHost, files ...packed) string {
	t.Helper()
	busybox, err := h.ReadFile("/usr/bin/busybox")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range append([]packed{{tar.Header{Name: "sleep", Mode: 0o755}, string(busybox)}}, files...) {
		f.Size = int64(len(f.content))
		if err := w.WriteHeader(&f.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	h.WriteFile("/srv/files.tar", out.String(), 0o644)
	h.Docker("import", "-c", `CMD ["/sleep", "2147483647"]`, "/srv/files.tar", "lab/files:1")
	return "lab/files:1"
}

// loadImage loads an image of one empty layer, made in 2019, with this history.
func loadImage(t *testing.T, h *lab.TestHost, ref string, steps ...string) {
	t.Helper()
	layer := tarOf(t, nil)
	history := []map[string]any{}
	for i, s := range steps {
		history = append(history, map[string]any{"created": "2019-01-01T00:00:00Z", "created_by": s, "empty_layer": i > 0})
	}
	config, err1 := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux", "created": "2019-01-01T00:00:00Z", "config": map[string]any{"Cmd": []string{"/x"}}, "history": history,
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	manifest, err2 := json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{ref}, "Layers": []string{"layer.tar"}}})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	archive := tarOf(t, map[string][]byte{"layer.tar": layer, "config.json": config, "manifest.json": manifest})
	name := "/srv/" + strings.NewReplacer("/", "-", ":", "-").Replace(ref) + ".tar"
	h.WriteFile(name, string(archive), 0o644)
	h.Docker("load", "-i", name)
}

func tarOf(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, data := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
