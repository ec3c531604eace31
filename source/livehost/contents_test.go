package livehost

import (
	"archive/tar"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// stores are the ways in which engines keep images.
var stores = []struct {
	name    string
	version lab.Version
	flags   []string
	json    string
}{
	{"20.10 overlay2", lab.V20, nil, ""},
	{"26.1 overlay2", lab.V26, nil, ""},
	{"28.5 overlay2", lab.V28, nil, ""},
	{"20.10 vfs", lab.V20, []string{"--storage-driver", "vfs"}, ""},
	{"28.5 vfs", lab.V28, []string{"--storage-driver", "vfs"}, ""},
	{"28.5 remapped", lab.V28, []string{"--userns-remap", "default"}, ""},
	{"26.1 containerd", lab.V26, nil, `{"features": {"containerd-snapshotter": true}}`},
	{"28.5 containerd", lab.V28, nil, `{"features": {"containerd-snapshotter": true}}`},
}

// rootfs is the lowest layer of the test's image: what setuid, capabilities,
// hard links, secrets and open places look like to the engine.
func rootfs(t *testing.T, h *lab.TestHost) []byte {
	t.Helper()
	busybox, err := h.ReadFile("/usr/bin/busybox")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	add := func(hdr tar.Header, content string) {
		hdr.Size = int64(len(content))
		if err := w.WriteHeader(&hdr); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	dir := func(name string, mode int64) {
		add(tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: mode}, "")
	}
	file := func(name string, mode int64, content string) {
		add(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}, content)
	}
	for _, d := range []string{"bin", "usr", "usr/bin", "usr/lib", "etc", "home", "gone", "covered", "root", "root/.aws"} {
		dir(d, 0o755)
	}
	dir("tmp", 0o1777)
	dir("usr/open", 0o777)
	file("bin/busybox", 0o755, string(busybox))
	for _, link := range []string{"sh", "find", "rm", "chmod", "mkdir", "mv", "cp", "ln", "stat", "sleep", "cat"} {
		add(tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + link, Linkname: "busybox"}, "")
	}
	file("etc/passwd", 0o644, "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")
	file("etc/shadow", 0o640, "root::19000::::::\napp:*:19000::::::\n")
	add(tar.Header{Typeflag: tar.TypeReg, Name: "usr/bin/su", Mode: 0o4755}, "x")
	add(tar.Header{Typeflag: tar.TypeReg, Name: "usr/bin/wall", Mode: 0o2755, Gid: 5}, "x")
	add(tar.Header{Typeflag: tar.TypeReg, Name: "usr/bin/own", Mode: 0o4711, Uid: 1000, Gid: 1000}, "x")
	add(tar.Header{Typeflag: tar.TypeLink, Name: "usr/bin/su-link", Linkname: "usr/bin/su", Mode: 0o4755}, "")
	for _, name := range []string{"usr/bin/deleted", "usr/bin/replaced", "usr/bin/cleared", "gone/suid", "covered/suid", "usr/bin/moved"} {
		file(name, 0o4755, "x")
	}
	add(tar.Header{Typeflag: tar.TypeReg, Name: "usr/bin/ping", Mode: 0o755, PAXRecords: map[string]string{
		"SCHILY.xattr.security.capability": "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"}}, "x")
	file("usr/lib/open.so", 0o666, "x")
	file("root/id_rsa", 0o600, "-----BEGIN RSA PRIVATE KEY-----\n"+strings.Repeat("planted0key0", 20)+"\n-----END RSA PRIVATE KEY-----\n")
	file("root/.aws/credentials", 0o600, "[default]\naws_access_key_id = AKIA0000000000000000\naws_secret_access_key = planted0secret0000000000\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// dockerfile deletes, replaces and covers in layers of their own.
const dockerfile = `FROM deep/base:1
RUN rm /usr/bin/deleted
RUN rm /usr/bin/replaced && cp /usr/bin/cleared /usr/bin/replaced && chmod 755 /usr/bin/replaced
RUN chmod a-s /usr/bin/cleared
RUN rm -rf /gone
RUN rm -rf /covered && mkdir /covered && cp /bin/busybox /covered/other
RUN mv /usr/bin/moved /usr/bin/elsewhere && rm /root/id_rsa
RUN cp /bin/busybox /usr/bin/new && chmod 6755 /usr/bin/new && ln /usr/bin/new /home/second
`

// TestContents reads an image that was built on a real engine, and compares
// with what find sees in a container of it.
func TestContents(t *testing.T) {
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: s.version, Flags: s.flags, DaemonJSON: s.json})
			copyIn(t, h)
			buildDeep(t, h)
			h.Docker("run", "-d", "--name", "user", "deep/built:1", "/bin/sleep", "1000")
			image := imageOf(t, collectAs(t, h, "deep"), "deep/built:1")

			found := h.Docker("exec", "user", "/bin/find", "/", "-xdev", "-type", "f", "-perm", "/6000", "-exec", "/bin/stat", "-c", "%n %a %u %g %s", "{}", "+")
			want := strings.Split(found, "\n")
			var got []string
			files, ok := image.SetIDFiles.Peek()
			if !ok {
				t.Fatalf("not read: %+v", image.SetIDFiles.Gap())
			}
			for _, f := range files {
				got = append(got, fmt.Sprintf("%s %o %d %d %d", f.Path, uint32(f.Mode), f.UID, f.GID, f.Size))
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("find in the container (-) and the layers (+):\n%s", diff)
			}
			checkRest(t, image)
		})
	}
}

func checkRest(t *testing.T, image *snapshot.Image) {
	t.Helper()
	caps, _ := image.CapabilityFiles.Peek()
	if len(caps) != 1 || caps[0].Path != "/usr/bin/ping" || caps[0].Capabilities != snapshot.Caps("NET_RAW") || !caps[0].CapsEffective {
		t.Errorf("capabilities: %+v", caps)
	}
	var open, secrets []string
	files, _ := image.OpenFiles.Peek()
	for _, f := range files {
		open = append(open, f.Path)
	}
	list, _ := image.SecretFiles.Peek()
	for _, s := range list {
		secrets = append(secrets, fmt.Sprint(s.Path, " ", s.Kind, " ", s.Removed))
	}
	accounts, ok := image.OpenAccounts.Peek()
	if diff := cmp.Diff([]string{"/usr/lib/open.so", "/usr/open"}, open); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/root/.aws/credentials credentials false", "/root/id_rsa private-key true"}, secrets); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"root"}, accounts); diff != "" || !ok {
		t.Errorf("accounts (-want +got): %+v\n%s", image.OpenAccounts.Gap(), diff)
	}
}

// buildDeep imports the lowest layer and builds deep/built:1 on it with the old
// builder.
func buildDeep(t *testing.T, h *lab.TestHost) {
	t.Helper()
	h.WriteFile("/srv/base.tar", string(rootfs(t, h)), 0o644)
	h.Docker("import", "/srv/base.tar", "deep/base:1")
	h.WriteFile("/srv/build/Dockerfile", dockerfile, 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t deep/built:1 /srv/build 2>&1")
}

func imageOf(t *testing.T, s *snapshot.Snapshot, tag string) *snapshot.Image {
	t.Helper()
	for i := range s.Engines {
		images, _ := s.Engines[i].Images.Peek()
		for n := range images {
			if slices.Contains(images[n].Tags, tag) {
				return &images[n]
			}
		}
	}
	t.Fatalf("no image %s", tag)
	return nil
}
