package procfs

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func recorded(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParseStatus(t *testing.T) {
	got, err := ParseStatus(recorded(t, "container-status"))
	if err != nil {
		t.Fatal(err)
	}
	want := Status{
		Name: "sleep", PPid: 14249, NSpid: []int{14274, 308, 1}, UID: 1000,
		CapBnd: snapshot.DefaultCaps &^ snapshot.Caps("CHOWN"), NoNewPrivs: true, Seccomp: 2, SeccompFilters: 1,
		Has: HasUID | HasCapEff | HasCapBnd | HasNoNewPrivs | HasSeccomp | HasSeccompFilters,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseStatusOfOldKernel(t *testing.T) {
	got, err := ParseStatus([]byte("Name:\tx\nUid:\t1\t2\t3\t4\nSeccomp:\t0\n"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Status{Name: "x", UID: 2, Has: HasUID | HasSeccomp}); !cmp.Equal(want, got) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{"Uid: 1 2\n", "CapEff: zz\n", "NSpid: -1\n", "NoNewPrivs: yes\n"} {
		if _, err := ParseStatus([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestCgroupPaths(t *testing.T) {
	paths := CgroupPaths(recorded(t, "container-cgroup"))
	if len(paths) != 10 || !strings.HasSuffix(paths[9], "/docker/a4983b4c790c02a2245e97ab2d31a7b0b7dc26f4dc8aeed24172810d5ae86ea6") {
		t.Errorf("paths %q", paths)
	}
}

func TestParseIDMap(t *testing.T) {
	got, err := ParseIDMap(recorded(t, "container-uid_map"))
	if diff := cmp.Diff([]snapshot.IDMap{{Length: 1<<32 - 1}}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"1 2\n", "0 0 4294967296\n", "a b c\n"} {
		if _, err := ParseIDMap([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestParseNamespace(t *testing.T) {
	if n, err := ParseNamespace("mnt", "mnt:[4026531840]"); n != 4026531840 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	for _, bad := range []string{"", "net:[1]", "mnt:1", "mnt:[]", "mnt:[x]"} {
		if _, err := ParseNamespace("mnt", bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// TestDir also shows that a process which does not exist is not an absent file.
func TestDir(t *testing.T) {
	d, err := OpenDir("/proc", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	data, err := d.Read("status", make([]byte, 0, 1))
	if err != nil || !strings.Contains(string(data), "CapEff") {
		t.Errorf("status: %q, %v", data, err)
	}
	if spaces, err := d.Namespaces(); err != nil || spaces["mnt"] == 0 {
		t.Errorf("namespaces %v, %v", spaces, err)
	}
	if _, err := OpenDir("/proc", 1<<30); err == nil || !strings.Contains(err.Error(), "no such process") {
		t.Errorf("no such process: %v", err)
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add(recorded(f, "container-status"))
	f.Add([]byte("Uid:\t0\t0\t0\t0\nNSpid:\t1\t2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseStatus(data)
		if err == nil && (s.UID < 0 || s.PPid < 0) {
			t.Errorf("status %+v", s)
		}
		_ = CgroupPaths(data)
	})
}

func FuzzParseIDMap(f *testing.F) {
	f.Add([]byte("         0     100000      65536\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if ids, err := ParseIDMap(data); err != nil && ids != nil {
			t.Errorf("ids %v with %v", ids, err)
		}
	})
}
