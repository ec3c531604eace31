package datafile_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"seawall/currency/known"
	"seawall/datafile"
)

func packed(t *testing.T, change func(*known.Data)) []byte {
	t.Helper()
	d := *known.BuiltIn()
	change(&d)
	out, err := datafile.Pack(&d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func of(day string) func(*known.Data) { return func(d *known.Data) { d.AsOf = day } }

// home is the environment of a user who names a directory for the data.
func home(t *testing.T) (dir string, getenv func(string) string) {
	dir = t.TempDir()
	return dir, func(name string) string { return map[string]string{datafile.DirVariable: dir}[name] }
}

func TestOwn(t *testing.T) {
	for _, tt := range []struct {
		uid       int
		xdg, home string
		want      string
	}{
		{0, "/x", "/root", "/var/lib/seawall/known.json.gz"},
		{1000, "/x", "/home/a", "/x/seawall/known.json.gz"},
		{1000, "relative", "/home/a", "/home/a/.local/state/seawall/known.json.gz"},
		{1000, "", "", ""},
	} {
		got := datafile.Own(tt.uid, func(name string) string { return map[string]string{"XDG_STATE_HOME": tt.xdg, "HOME": tt.home}[name] })
		if got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestLoad: the newest counts, and a file that is not sound is told and passed over.
func TestLoad(t *testing.T) {
	uid := os.Getuid()
	dir, getenv := home(t)
	path := datafile.Own(uid, getenv)
	if s, err := datafile.Load(uid, getenv); err != nil || s.Path != "" {
		t.Fatalf("with no file: %s, %v", s.Path, err)
	}
	good := packed(t, of("2026-11-20"))
	for name, tt := range map[string]struct {
		data  []byte
		mode  os.FileMode
		taken bool
		fault string
	}{
		"newer":               {good, 0o644, true, ""},
		"older than built in": {packed(t, of("2026-01-01")), 0o644, false, ""},
		"others may write":    {good, 0o666, false, "not trusted"},
		"cut off":             {good[:len(good)/2], 0o644, false, "remove it, or run"},
		"empty":               {nil, 0o644, false, "remove it, or run"},
		"of the future":       {packed(t, of("2999-01-01")), 0o644, false, "yet to come"},
	} {
		if err := datafile.Write(path, tt.data); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, tt.mode); err != nil {
			t.Fatal(err)
		}
		s, err := datafile.Load(uid, getenv)
		if (s.Path == path) != tt.taken || s.Data == nil {
			t.Errorf("%s: taken from %q", name, s.Path)
		}
		if (err != nil) != (tt.fault != "") || err != nil && (!strings.Contains(err.Error(), tt.fault) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Errorf("what lies there: %v, %v", names, err)
	}
}

// TestUnknownCondition: data that was made for a later version is refused.
func TestUnknownCondition(t *testing.T) {
	d := *known.BuiltIn()
	d.Advisories = append([]known.Advisory{}, d.Advisories...)
	d.Advisories[0].Condition.All = []string{"something-new"}
	if _, err := datafile.Pack(&d); err == nil || !strings.Contains(err.Error(), "something-new") {
		t.Errorf("it was packed: %v", err)
	}
}

// TestWriteIsWhole: readers see the old or the new file, whole, while it is written
// over and over; a write that fails leaves the old one and nothing else.
func TestWriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "known.json.gz")
	a, b := packed(t, of("2026-11-01")), packed(t, of("2026-11-20"))
	if err := datafile.Write(path, a); err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := range 100 {
			if err := datafile.Write(path, [][]byte{a, b}[i%2]); err != nil {
				t.Error(err)
			}
		}
	})
	for range 200 {
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, a) && !bytes.Equal(got, b) {
			t.Fatalf("%d bytes, neither the one nor the other: %v", len(got), err)
		}
	}
	writing.Wait()
	blocked := filepath.Join(dir, "blocked")
	if err := os.MkdirAll(filepath.Join(blocked, "known.json.gz", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := datafile.Write(filepath.Join(blocked, "known.json.gz"), a); err == nil {
		t.Error("a directory was replaced")
	}
	if err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), ".known") {
			t.Errorf("%s was left behind", p)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
