package pkgdb_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pierrec/lz4/v4"

	"seawall/snapshot"
	"seawall/source/pkgdb"
)

func TestDpkg(t *testing.T) {
	const goTeam = "Debian Go Packaging Team <team+pkg-go@tracker.debian.org>"
	for _, tt := range []struct {
		file, name string
		want       snapshot.Package
	}{
		// A rebuild of the same source: +b6 is not of the version that trackers know.
		{"bookworm", "docker.io", snapshot.Package{Version: "20.10.24+dfsg1-1+deb12u1+b6", Source: "docker.io", SourceVersion: "20.10.24+dfsg1-1+deb12u1", Maintainer: goTeam}},
		{"bookworm", "containerd", snapshot.Package{Version: "1.6.20~ds1-1+deb12u3", Source: "containerd", SourceVersion: "1.6.20~ds1-1+deb12u3", Maintainer: goTeam}},
		{"trixie", "docker-cli", snapshot.Package{Version: "26.1.5+dfsg1-9+deb13u1+b1", Source: "docker.io", SourceVersion: "26.1.5+dfsg1-9+deb13u1", Maintainer: goTeam}},
		{"trixie", "runc", snapshot.Package{Version: "1.1.15+ds1-2+b4", Source: "runc", SourceVersion: "1.1.15+ds1-2", Maintainer: goTeam}},
		{"sid", "docker-cli", snapshot.Package{Version: "28.5.2+dfsg4-5", Source: "docker.io", SourceVersion: "28.5.2+dfsg4-5", Maintainer: goTeam}},
		{"docker-com", "docker-ce-cli", snapshot.Package{Version: "5:28.5.2-1~debian.12~bookworm", Source: "docker-ce", SourceVersion: "5:28.5.2-1~debian.12~bookworm", Maintainer: "Docker <support@docker.com>", Held: true}},
		{"docker-com", "docker-compose-plugin", snapshot.Package{Version: "2.21.0-1~ubuntu.22.04~jammy", Source: "docker-ce", SourceVersion: "5:24.0.6-1~ubuntu.22.04~jammy", Maintainer: "Docker <support@docker.com>"}},
	} {
		file, err := os.Open(filepath.Join("testdata", tt.file+".status"))
		if err != nil {
			t.Fatal(err)
		}
		packages, err := pkgdb.Dpkg(file)
		file.Close()
		tt.want.Manager, tt.want.Name = "dpkg", tt.name
		if diff := cmp.Diff(tt.want, packages[tt.name]); diff != "" || err != nil {
			t.Errorf("%s of %s: %v\n%s", tt.name, tt.file, err, diff)
		}
		if _, ok := packages["docker-scan-plugin"]; ok {
			t.Error("a package that was removed counts as installed")
		}
	}
	for _, text := range []string{"", "\n\n", "garbage", "Package: a\nStatus: deinstall ok config-files\n", strings.Repeat("a", 5<<20)} {
		if _, err := pkgdb.Dpkg(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q was read as a database", text)
		}
	}
}

func TestOwned(t *testing.T) {
	list := []byte("/.\n/usr\n/usr/bin\n/usr/bin/dockerd-rootless\n/usr/bin/dockerd\n/usr/share/doc/runc")
	got := pkgdb.Owned(list, []string{"/usr/bin/dockerd", "/usr/bin/docker", "/usr/share/doc/runc", "bin/dockerd", ""})
	if diff := cmp.Diff([]string{"/usr/bin/dockerd", "/usr/share/doc/runc"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestApk(t *testing.T) {
	file, err := os.Open("testdata/alpine.installed")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := pkgdb.Apk(file, []string{"/usr/bin/dockerd", "/usr/bin/runc", "/usr/bin/docker", "/usr/local/bin/runc"})
	const who = "Jake Buchholz Goktürk <tomalok@gmail.com>"
	want := map[string]snapshot.Package{
		"/usr/bin/dockerd": {Manager: "apk", Name: "docker-engine", Version: "26.1.5-r0", Source: "docker", SourceVersion: "26.1.5-r0", Maintainer: who},
		"/usr/bin/runc":    {Manager: "apk", Name: "runc", Version: "1.1.14-r0", Source: "runc", SourceVersion: "1.1.14-r0", Maintainer: who},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := pkgdb.Apk(strings.NewReader("nothing"), nil); err == nil {
		t.Error("what is no database was read")
	}
}

const list = `Package: docker.io
Version: 20.10.24+dfsg1-1+deb12u1
Description: x

Package: docker.io
Version: 20.10.24+dfsg1-1+deb12u2
Version-Of-Nothing: 99

Package: runc
Architecture: amd64
Version: 1.1.5+ds1-1+deb12u1

Package: docker.io-doc
Version: 99
`

func TestNewest(t *testing.T) {
	var lz, gz bytes.Buffer
	l, g := lz4.NewWriter(&lz), gzip.NewWriter(&gz)
	io.WriteString(l, list)
	io.WriteString(g, list)
	l.Close()
	g.Close()
	for name, text := range map[string]string{
		"a_Packages": list, "a_Packages.lz4": lz.String(), "a_Packages.gz": gz.String(),
		"b_Packages": strings.Replace(list, "Description: x", "Description: "+strings.Repeat("x", 600<<10), 1),
	} {
		r, err := pkgdb.Unpack(name, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		newest := map[string]string{"docker.io": "", "runc": "", "containerd": ""}
		if err := pkgdb.Newest(r, newest); err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(map[string]string{"docker.io": "20.10.24+dfsg1-1+deb12u2", "runc": "1.1.5+ds1-1+deb12u1", "containerd": ""}, newest); diff != "" {
			t.Error(name, diff)
		}
	}
	if _, err := pkgdb.Unpack("a_Packages.xz", nil); err == nil {
		t.Error("xz was taken for text")
	}
	r, _ := pkgdb.Unpack("a.lz4", bytes.NewReader(lz.Bytes()[:lz.Len()/2]))
	if err := pkgdb.Newest(r, map[string]string{}); err == nil {
		t.Error("a list that is cut off was read without an error")
	}
}

func TestPeriodic(t *testing.T) {
	for text, want := range map[string]string{
		`APT::Periodic::Unattended-Upgrade "1";`:               "1",
		"APT::Periodic {\n  Unattended-Upgrade \"0\";\n};":     "0",
		`// APT::Periodic::Unattended-Upgrade "1";`:            "",
		`#APT::Periodic::Unattended-Upgrade "1";`:              "",
		`APT::Periodic::Update-Package-Lists "1";`:             "",
		"Unattended-Upgrade \"1\";\nUnattended-Upgrade \"0\";": "0",
	} {
		if got := pkgdb.Periodic([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestKernelConfig(t *testing.T) {
	text := "# Linux/x86 6.1.0\nCONFIG_NF_TABLES=m\n# CONFIG_AF_RXRPC is not set\nCONFIG_INET=y\n"
	got, err := pkgdb.KernelConfig(strings.NewReader(text), []string{"CONFIG_NF_TABLES", "CONFIG_AF_RXRPC", "CONFIG_INET"})
	if diff := cmp.Diff(map[string]string{"CONFIG_NF_TABLES": "m", "CONFIG_AF_RXRPC": "n", "CONFIG_INET": "y"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := pkgdb.KernelConfig(strings.NewReader("# empty\n"), nil); err == nil {
		t.Error("what sets no option was read")
	}
}

func FuzzDpkg(f *testing.F) {
	for _, name := range []string{"bookworm", "docker-com"} {
		data, _ := os.ReadFile("testdata/" + name + ".status")
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		packages, err := pkgdb.Dpkg(bytes.NewReader(data))
		if err == nil && len(packages) == 0 {
			t.Error("no package and no error")
		}
		pkgdb.Owned(data, []string{"/usr/bin/dockerd"})
	})
}

func FuzzApk(f *testing.F) {
	data, _ := os.ReadFile("testdata/alpine.installed")
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		for path := range must(pkgdb.Apk(bytes.NewReader(data), []string{"/usr/bin/runc"})) {
			if path != "/usr/bin/runc" {
				t.Errorf("%q was not asked for", path)
			}
		}
	})
}

func must(m map[string]snapshot.Package, _ error) map[string]snapshot.Package { return m }

func FuzzNewest(f *testing.F) {
	f.Add([]byte(list))
	f.Fuzz(func(t *testing.T, data []byte) {
		newest := map[string]string{"docker.io": ""}
		pkgdb.Newest(bytes.NewReader(data), newest)
		if len(newest) != 1 {
			t.Errorf("%v: what was not asked for", newest)
		}
		for _, name := range []string{"a_Packages.lz4", "a_Packages.gz"} {
			if r, err := pkgdb.Unpack(name, bytes.NewReader(data)); err == nil {
				pkgdb.Newest(io.LimitReader(r, 1<<20), newest)
			}
		}
	})
}

func FuzzKernelConfig(f *testing.F) {
	f.Add([]byte("CONFIG_NF_TABLES=m\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pkgdb.KernelConfig(bytes.NewReader(data), snapshot.KernelOptions)
		pkgdb.Periodic(data)
	})
}
