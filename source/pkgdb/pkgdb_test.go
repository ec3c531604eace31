package pkgdb_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"seawall/currency/version"
	"seawall/snapshot"
	"seawall/source/pkgdb"
	"seawall/source/pkgdb/rpmdb"
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
	packed := pack(t, list)
	packed["b_Packages"] = []byte(strings.Replace(list, "Description: x", "Description: "+strings.Repeat("x", 600<<10), 1))
	for name, data := range packed {
		r, err := pkgdb.Unpack(name, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		v := wanted("docker.io", "runc", "containerd")
		if err := pkgdb.Newest(r, &v); err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(map[string]string{"docker.io": "20.10.24+dfsg1-1+deb12u2", "runc": "1.1.5+ds1-1+deb12u1", "containerd": ""}, v.Newest); diff != "" || v.Phased != nil {
			t.Error(name, diff, v.Phased)
		}
		if name == "a_Packages" || name == "b_Packages" {
			continue
		}
		r, err = pkgdb.Unpack(name, bytes.NewReader(data[:len(data)-8]))
		if err == nil {
			none := wanted()
			err = pkgdb.Newest(r, &none)
		}
		if err == nil {
			t.Errorf("%s, cut off, was read without an error", name)
		}
	}
	for _, name := range []string{"a-primary.xml.zck", "a_Packages.lzma"} {
		if _, err := pkgdb.Unpack(name, nil); err == nil {
			t.Errorf("%s was taken for text", name)
		}
	}
}

// wanted are versions of packages that are looked for.
func wanted(names ...string) pkgdb.Versions {
	v := pkgdb.Versions{Newest: map[string]string{}}
	for _, name := range names {
		v.Newest[name] = ""
	}
	return v
}

// TestPhased: versions that some machines get first are told apart, in one list and over
// several.
func TestPhased(t *testing.T) {
	type phased = map[string]snapshot.PhasedVersion
	stanza := func(name, version, percent string) string {
		text := "Package: " + name + "\nVersion: " + version + "\nDescription: x\n"
		if percent != "" {
			text += "Phased-Update-Percentage: " + percent + "\n"
		}
		return text + "\n"
	}
	for name, tt := range map[string]struct {
		lists  []string
		newest string
		phased phased
	}{
		"to some":                 {[]string{stanza("runc", "1.0-1", "") + stanza("runc", "1.0-2", "20")}, "1.0-1", phased{"runc": {Version: "1.0-2", Percent: 20}}},
		"held back":               {[]string{stanza("runc", "1.0-2", "0")}, "", phased{"runc": {Version: "1.0-2", Percent: 0}}},
		"to all by now":           {[]string{stanza("runc", "1.0-1", "") + stanza("runc", "1.0-2", "100")}, "1.0-2", nil},
		"no number":               {[]string{stanza("runc", "1.0-2", "many")}, "1.0-2", nil},
		"no percentage there is":  {[]string{stanza("runc", "1.0-2", "-1")}, "1.0-2", nil},
		"the last of a list":      {[]string{strings.TrimSpace(stanza("runc", "1.0-2", "20"))}, "", phased{"runc": {Version: "1.0-2", Percent: 20}}},
		"no empty line between":   {[]string{strings.TrimSpace(stanza("other", "1", "")) + "\n" + stanza("runc", "1.0-2", "20")}, "", phased{"runc": {Version: "1.0-2", Percent: 20}}},
		"another follows at once": {[]string{strings.TrimSpace(stanza("runc", "1.0-1", "")) + "\n" + stanza("other", "9", "20")}, "1.0-1", nil},
		"without a version":       {[]string{"Package: runc\nPhased-Update-Percentage: 20\n\n"}, "", nil},
		"of another package":      {[]string{stanza("runc", "1.0-1", "") + stanza("other", "2", "20")}, "1.0-1", nil},
		"and to all for safety":   {[]string{stanza("runc", "1.0-2", "20"), stanza("runc", "1.0-2", "")}, "1.0-2", phased{}},
		"older than what all get": {[]string{stanza("runc", "1.0-3", ""), stanza("runc", "1.0-2", "20")}, "1.0-3", phased{}},
		"two of them":             {[]string{stanza("runc", "1.0-2", "20") + stanza("runc", "1.0-3", "10"), stanza("runc", "1.0-1", "")}, "1.0-1", phased{"runc": {Version: "1.0-3", Percent: 10}}},
		"the first of the same":   {[]string{stanza("runc", "1.0-2", "20"), stanza("runc", "1.0-2", "30")}, "", phased{"runc": {Version: "1.0-2", Percent: 20}}},
		"no version":              {[]string{stanza("runc", "odd version", "20")}, "", nil},
	} {
		all := pkgdb.Versions{Newest: map[string]string{}}
		for _, list := range tt.lists {
			v := wanted("runc")
			if err := pkgdb.Newest(strings.NewReader(list), &v); err != nil {
				t.Fatal(name, err)
			}
			all.Raise(version.Deb, v)
		}
		if diff := cmp.Diff(tt.phased, all.Phased); all.Newest["runc"] != tt.newest || diff != "" {
			t.Errorf("%s: %q %s", name, all.Newest["runc"], diff)
		}
	}
}

// TestPhasing: what apt was told of such versions.
func TestPhasing(t *testing.T) {
	for text, want := range map[string][2]string{
		"": {}, `APT::Get::Always-Include-Phased-Updates "true";`: {"true", ""}, `APT::Get { Never-Include-Phased-Updates "1"; };`: {"", "1"},
		"// APT::Get::Always-Include-Phased-Updates \"1\";\n": {}, `Update-Manager::Always-Include-Phased-Updates "1"; APT::Get::Always-Include-Phased-Updates "0";`: {"0", ""},
	} {
		if always, never := pkgdb.Phasing([]byte(text)); always != want[0] || never != want[1] {
			t.Errorf("%s: %q, %q", text, always, never)
		}
	}
	for value, want := range map[string]bool{"1": true, "True": true, "on": true, "0": false, "no": false, "": false} {
		if pkgdb.On(value) != want {
			t.Errorf("%q is not %v", value, want)
		}
	}
}

// pack packs a list in each way; xz and bzip2 were run on it once, for Go has no writer
// of theirs.
func pack(t testing.TB, text string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"a_Packages": []byte(text)}
	for ext, writer := range map[string]func(io.Writer) io.WriteCloser{
		".lz4": func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) },
		".gz":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		".zst": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	} {
		var b bytes.Buffer
		w := writer(&b)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out["a_Packages"+ext] = b.Bytes()
	}
	for _, ext := range []string{".xz", ".bz2"} {
		data, err := os.ReadFile("testdata/list_Packages" + ext)
		if err != nil {
			t.Fatal(err)
		}
		out["a_Packages"+ext] = data
	}
	return out
}

const elsewhere = `<?xml version="1.0"?><metadata packages="4"><package type="rpm"><name>runc</name><arch>x86_64</arch><version epoch="4" ver="1.2.4" rel="1.el9"/></package>
<package type="rpm"><name>runc</name><arch>x86_64</arch><version epoch='0' ver="9" rel="1.module+el8.10"/></package>
<package type="rpm"><name>runc</name><arch>src</arch><version epoch="4" ver="1.9" rel="1.el9"/></package>
<package type="rpm"><name>other</name><arch>x86_64</arch><version epoch="0" ver="3" rel="1"/><format><rpm:provides><rpm:entry name="runc" epoch="9" ver="9" rel="9"/></rpm:provides></format></package></metadata>`

// TestNewestRPM reads what createrepo_c made of packages, and what it may make.
func TestNewestRPM(t *testing.T) {
	file, err := os.Open("testdata/el9-primary.xml.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := pkgdb.Unpack(file.Name(), file)
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]string{"docker-ce": "", "kernel-core": "", "runc": ""}
	if err := pkgdb.NewestRPM(r, newest); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"docker-ce": "3:28.5.2-1.el9", "kernel-core": "5.14.0-570.12.1.el9_6", "runc": ""}, newest); diff != "" {
		t.Error(diff)
	}
	if err := pkgdb.NewestRPM(strings.NewReader(elsewhere), newest); err != nil || newest["runc"] != "4:1.2.4-1.el9" {
		t.Errorf("of runc the newest is %q, %v: neither a module's, nor a source, nor what another provides", newest["runc"], err)
	}
	for _, text := range []string{"", "<html></html>", elsewhere[:len(elsewhere)-11]} {
		if err := pkgdb.NewestRPM(strings.NewReader(text), newest); err == nil {
			t.Errorf("%.30q was taken for a list", text)
		}
	}
}

// apkIndex is an index as abuild-sign leaves it: an archive with the signature, without
// its end, and one with the index.
func apkIndex(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, part := range [][2]string{{".SIGN.RSA.alpine-devel@x.rsa.pub", "sum"}, {"DESCRIPTION", "v3.22"}, {"APKINDEX", text}} {
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		if err := w.WriteHeader(&tar.Header{Name: part[0], Size: int64(len(part[1])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Flush(), z.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

const apkList = "C:Q1abc\nP:runc\nV:1.2.6-r0\no:runc\n\nP:other\nV:9\n\nP:runc\nV:1.3.0-r1\n\n"

func TestNewestAPK(t *testing.T) {
	r, err := pkgdb.Unpack("APKINDEX.1.tar.gz", bytes.NewReader(apkIndex(t, apkList)))
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]string{"runc": "", "docker": ""}
	if err := pkgdb.NewestAPK(r, newest); err != nil || newest["runc"] != "1.3.0-r1" || newest["docker"] != "" || len(newest) != 2 {
		t.Errorf("the newest are %v, %v", newest, err)
	}
	if err := pkgdb.NewestAPK(strings.NewReader("text"), newest); err == nil {
		t.Error("text was taken for an index")
	}
}

// TestRpm: packages by file, their sources with the epoch, kernels without what only
// follows them.
func TestRpm(t *testing.T) {
	db, log := rpmFile(t, "el9.sqlite"), rpmFile(t, "el9.sqlite-wal")
	got, err := pkgdb.Rpm(db, &log, []string{"/usr/bin/dockerd", "/usr/bin/runc", "/usr/bin/slirp4netns", "/usr/local/bin/docker"})
	const rocky = "Rocky Enterprise Software Foundation"
	want := pkgdb.RPM{
		Owners: map[string]snapshot.Package{
			"/usr/bin/dockerd":     {Manager: "rpm", Name: "docker-ce", Version: "3:28.5.2-1.el9", Source: "docker-ce", SourceVersion: "3:28.5.2-1.el9", Maintainer: "Docker"},
			"/usr/bin/runc":        {Manager: "rpm", Name: "containerd.io", Version: "1.7.28-1.el9", Source: "containerd.io", SourceVersion: "1.7.28-1.el9"},
			"/usr/bin/slirp4netns": {Manager: "rpm", Name: "slirp4netns", Version: "1.3.2-1.el9", Source: "slirp4netns", SourceVersion: "1.3.2-1.el9", Maintainer: rocky},
		},
		Kernels: []snapshot.Package{
			{Manager: "rpm", Name: "kernel-core", Version: "5.14.0-503.14.1.el9_5", Source: "kernel", SourceVersion: "5.14.0-503.14.1.el9_5", Maintainer: rocky},
			{Manager: "rpm", Name: "kernel-core", Version: "5.14.0-570.12.1.el9_6", Source: "kernel", SourceVersion: "5.14.0-570.12.1.el9_6", Maintainer: rocky},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func rpmFile(t testing.TB, name string) rpmdb.File {
	t.Helper()
	file, err := os.Open("rpmdb/testdata/" + name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return rpmdb.File{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
}

func TestPeriodic(t *testing.T) {
	for text, want := range map[string][2]string{
		`APT::Periodic::Unattended-Upgrade "1";`:                                {"1", ""},
		"APT::Periodic {\n  Unattended-Upgrade \"0\";\n};":                      {"0", ""},
		`// APT::Periodic::Unattended-Upgrade "1";`:                             {"", ""},
		`#APT::Periodic::Unattended-Upgrade "1";`:                               {"", ""},
		`APT::Periodic::Update-Package-Lists "1";`:                              {"", ""},
		"Unattended-Upgrade \"1\";\nUnattended-Upgrade \"0\";":                  {"0", ""},
		`APT::Periodic::Enable "0";`:                                            {"", "0"},
		"APT::Periodic {\n  Unattended-Upgrade \"1\";\n  Enable \"0\";\n};":     {"1", "0"},
		"APT { Periodic {\n\tEnable \"1\"; }; };\nAPT::Periodic::Enable \"0\";": {"", "0"},
		"APT::Periodic {\n  // Enable \"0\";\n};":                               {"", ""},
		`// APT::Periodic::Enable "0";`:                                         {"", ""},
		"Acquire::Enable \"0\";\nAPT::Periodic { };\nOther { Enable \"0\"; };":  {"", ""},
	} {
		if upgrade, enable := pkgdb.Periodic([]byte(text)); upgrade != want[0] || enable != want[1] {
			t.Errorf("%q: %q and %q, want %q", text, upgrade, enable, want)
		}
	}
}

// TestConfigName: files that a change leaves beside apt's configuration are not read.
func TestConfigName(t *testing.T) {
	for name, want := range map[string]bool{
		"20auto-upgrades": true, "99local.conf": true, "10_x": true, "50.site.conf": true,
		"20auto-upgrades.dpkg-old": false, "20auto-upgrades.bak": false, "20auto-upgrades.disabled": false, "20auto-upgrades~": false, ".20auto-upgrades.swp": false, ".20auto.conf": false, "": false,
	} {
		if pkgdb.ConfigName(name) != want {
			t.Errorf("%q is read: %v, want %v", name, !want, want)
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

func FuzzNewestElsewhere(f *testing.F) {
	f.Add([]byte(elsewhere))
	f.Add([]byte(apkList))
	f.Fuzz(func(t *testing.T, data []byte) {
		newest := map[string]string{"runc": ""}
		pkgdb.NewestRPM(bytes.NewReader(data), newest)
		pkgdb.NewestAPK(bytes.NewReader(data), newest)
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if w.WriteHeader(&tar.Header{Name: "APKINDEX", Size: int64(len(data))}) == nil {
			w.Write(data)
			pkgdb.NewestAPK(&b, newest)
		}
		if len(newest) != 1 {
			t.Errorf("%v: what was not asked for", newest)
		}
	})
}

func FuzzNewest(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte("Package: docker.io\nVersion: 1\nPhased-Update-Percentage: 20\n"))
	for _, data := range pack(f, list) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v := wanted("docker.io")
		pkgdb.Newest(bytes.NewReader(data), &v)
		pkgdb.Phasing(data)
		if _, ok := v.Phased["docker.io"]; len(v.Newest) != 1 || len(v.Phased) > 1 || len(v.Phased) == 1 && !ok {
			t.Errorf("%+v: what was not asked for", v)
		}
		for _, name := range []string{"a_Packages.lz4", "a_Packages.gz", "a_Packages.xz", "a_Packages.zst", "a_Packages.bz2"} {
			if r, err := pkgdb.Unpack(name, bytes.NewReader(data)); err == nil {
				pkgdb.Newest(io.LimitReader(r, 1<<20), &v)
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
