package livehost

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// unpacked is a packed file of the tests of package pkgdb.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open("../pkgdb/" + name)
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
	return string(data)
}

// TestRpmHost: a host of the kin of Fedora, with docker.com's packages, a kernel newer
// than the one that runs, and what dnf fetched. The database stays as it is.
func TestRpmHost(t *testing.T) {
	const cache = "var/cache/dnf/docker-ce-stable-0123456789abcdef/repodata/"
	list := func(version string) string {
		return `<metadata packages="1"><package type="rpm"><name>docker-ce</name><arch>x86_64</arch><version epoch="3" ver="` + version + `" rel="1.el9"/></package></metadata>`
	}
	v := tree(t, map[string]string{
		"usr/bin/dockerd": "#!", "usr/bin/docker": "#!", "usr/bin/runc": "#!", "usr/bin/slirp4netns": "#!", "usr/local/bin/docker-compose": "#!",
		"var/lib/rpm":                                               "->../../usr/lib/sysimage/rpm",
		"usr/lib/sysimage/rpm/rpmdb.sqlite":                         unpacked(t, "rpmdb/testdata/el9.sqlite.gz"),
		"usr/lib/sysimage/rpm/rpmdb.sqlite-wal":                     unpacked(t, "rpmdb/testdata/el9.sqlite-wal.gz"),
		"proc/sys/kernel/osrelease":                                 "5.14.0-503.14.1.el9_5.x86_64\n",
		cache + "aa-primary.xml":                                    list("29.9.0"),
		cache + "aa-filelists.xml":                                  "",
		"var/cache/dnf/extra-0123456789abcdef/repodata/primary.xml": list("99.0.0"),
		"var/cache/dnf/gone-0123456789abcdef/repodata/primary.xml":  list("98.0.0"),
		"etc/yum.repos.d/docker-ce.repo":                            "[docker-ce-stable]\nname=x\nenabled=1\n[extra]\nenabled = 0\n",
		"etc/dnf/dnf.conf":                                          "[main]\nexclude=kernel*\n",
		"etc/dnf/plugins/versionlock.list":                          "# none\n",
	})
	v.m.Proc = filepath.Join(v.m.Root, "proc")
	day := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(v.m.Root, cache, "aa-primary.xml"), day, day); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{
		"/usr/bin/dockerd": "rpm docker-ce 3:28.5.2-1.el9, first", "/usr/bin/docker": "rpm docker-ce-cli 1:28.5.2-1.el9, first", "/usr/bin/runc": "rpm containerd.io 1.7.28-1.el9, first",
		"/usr/bin/slirp4netns": "rpm slirp4netns 1.3.2-1.el9, first", "/usr/local/bin/docker-compose": "none, first",
	}, packagesOf(t, v)); diff != "" {
		t.Error(diff)
	}
	before := listing(t, v.m.Root)
	s := v.software(t.Context(), newOwners(v.m.Files), true)
	if diff := cmp.Diff(before, listing(t, v.m.Root)); diff != "" {
		t.Errorf("reading changed files:\n%s", diff)
	}
	running, _ := s.Kernel.Package.Peek()
	installed, _ := s.Kernel.Installed.Peek()
	if running.Version != "5.14.0-503.14.1.el9_5" || len(installed) != 2 {
		t.Errorf("the kernel is of %+v, installed are %+v", running, installed)
	}
	lists, _ := s.Lists.Peek()
	want := snapshot.PackageLists{Manager: "dnf", UpdatedAt: day, Newest: map[string]string{"docker-ce": "3:29.9.0-1.el9"}, Pins: []string{"/etc/dnf/dnf.conf"}}
	if diff := cmp.Diff(want, lists); diff != "" {
		t.Error(diff, s.Lists.Gap())
	}
}

// listing is every file below a root with its size.
func listing(t *testing.T, root string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			out[path] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOfRelease(t *testing.T) {
	for _, tt := range []struct {
		version, release string
		want             bool
	}{
		{"5.14.0-503.14.1.el9_5", "5.14.0-503.14.1.el9_5.x86_64", true},
		{"5.14.0-503.14.1.el9_5", "5.14.0-503.14.1.el9_50.x86_64", false},
		{"5.14.0-503.14.1.el9", "5.14.0-503.14.1.el9_5.x86_64", false},
		{"6.4.0-150600.23.47.2", "6.4.0-150600.23.47-default", true},
		{"6.4.0-150600.23.4.1", "6.4.0-150600.23.47-default", false},
		{"6.18.44-1", "6.18.44-own", false},
	} {
		if got := ofRelease(tt.version, tt.release); got != tt.want {
			t.Errorf("%s of %s: %v", tt.release, tt.version, got)
		}
	}
}

// TestApkLists: what apk fetched, where it was told to keep it.
func TestApkLists(t *testing.T) {
	v := tree(t, map[string]string{
		"usr/bin/runc": "#!", "lib/apk/db/installed": "P:runc\nV:1.2.6-r0\nF:usr/bin\nR:runc\n\n",
		"var/cache/apk/APKINDEX.0f1e2d3c.tar.gz": "no archive", "etc/apk/world": "runc=1.2.6-r0\ndocker\n",
	})
	s := v.software(t.Context(), newOwners(v.m.Files), true)
	if s.Lists.State() != snapshot.Unreadable {
		t.Errorf("an index that is none is %v", s.Lists.State())
	}
	l, err := apkFiles(v.m.Files)
	if err != nil || !cmp.Equal(l.files, []string{"/var/cache/apk/APKINDEX.0f1e2d3c.tar.gz"}) || !cmp.Equal(l.pins, []string{"/etc/apk/world"}) {
		t.Errorf("lists %v with pins %v, %v", l.files, l.pins, err)
	}
	empty := tree(t, map[string]string{"usr/bin/runc": "#!", "lib/apk/db/installed": "P:runc\nV:1\n\n"})
	if s := empty.software(t.Context(), newOwners(empty.m.Files), true); s.Lists.State() != snapshot.Absent {
		t.Errorf("no index is %v", s.Lists.State())
	}
}

func FuzzRepos(f *testing.F) {
	f.Add([]byte("[docker-ce-stable]\nenabled=1\n[x]\nenabled = no\n"))
	f.Fuzz(func(t *testing.T, text []byte) { parseRepos(text) })
}
