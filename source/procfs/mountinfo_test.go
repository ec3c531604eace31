package procfs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func tree(t testing.TB, data []byte) *Tree {
	t.Helper()
	mounts, err := ParseMountinfo(data)
	if err != nil {
		t.Fatal(err)
	}
	return NewTree(mounts)
}

func TestParseMountinfo(t *testing.T) {
	mounts, err := ParseMountinfo(recorded(t, "container-mountinfo"))
	if err != nil {
		t.Fatal(err)
	}
	byPoint := map[string]Mount{}
	for _, m := range mounts {
		byPoint[m.Point] = m
	}
	want := Mount{ID: 122, Parent: 103, Device: "0:41", Root: "/etc", Point: "/my etc", ReadOnly: true, FSType: "overlay"}
	if diff := cmp.Diff(want, byPoint["/my etc"]); diff != "" {
		t.Errorf("/my etc (-want +got):\n%s", diff)
	}
	if m := byPoint["/srv"]; !m.Shared || m.ReadOnly {
		t.Errorf("/srv: %+v", m)
	}
	deleted, err := ParseMountinfo([]byte("1 2 0:5 /docker.sock//deleted /s rw master:3 - tmpfs tmpfs rw\n"))
	if err != nil || !deleted[0].Deleted || deleted[0].Root != "/docker.sock" || deleted[0].Shared {
		t.Errorf("deleted: %+v, %v", deleted, err)
	}
	for _, bad := range []string{"x", "1 2 0:5 / /a rw", "1 2 0:5 / /a rw shared:1", "a 2 0:5 / /a rw - t s o"} {
		if _, err := ParseMountinfo([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// lines writes mountinfo in short: "id parent device root point".
func lines(short ...string) []byte {
	return []byte(strings.Join(short, " rw - t s rw\n") + " rw - t s rw\n")
}

func TestTreeHides(t *testing.T) {
	tests := []struct {
		name   string
		mounts []byte
		hidden string // IDs
	}{
		{"plain", lines("1 0 0:1 / /", "2 1 0:2 / /a", "3 2 0:3 / /a/b"), ""},
		{"stacked", lines("1 0 0:1 / /", "2 1 0:2 / /a", "3 2 0:3 / /a"), "2"},
		{"below a stack", lines("1 0 0:1 / /", "2 1 0:2 / /a", "4 2 0:4 / /a/b", "3 2 0:3 / /a", "5 3 0:4 / /a/b"), "2 4"},
		{"directory above covered", lines("1 0 0:1 / /", "2 1 0:2 / /a/b", "3 1 0:3 / /a"), "2"},
		{"root over rootfs", lines("1 1 0:1 / /", "2 1 0:2 / /", "3 2 0:3 / /proc"), "1"},
		{"names that only begin alike", lines("1 0 0:1 / /", "2 1 0:2 / /ab", "3 1 0:3 / /a"), ""},
		{"loop", lines("1 2 0:1 / /x", "2 1 0:2 / /y"), "1 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := tree(t, tt.mounts)
			var hidden []string
			for i, m := range tr.Mounts {
				if tr.Hidden(i) {
					hidden = append(hidden, string(rune('0'+m.ID)))
				}
			}
			if got := strings.Join(hidden, " "); got != tt.hidden {
				t.Errorf("hidden %q, want %q", got, tt.hidden)
			}
		})
	}
}

func TestTreeFindsPlaces(t *testing.T) {
	daemon := tree(t, recorded(t, "daemon-mountinfo"))
	socket, ok := daemon.Locate("/run/docker.sock")
	if want := (Place{"0:49", "/docker.sock"}); !ok || socket != want {
		t.Errorf("socket at %v, %v", socket, ok)
	}
	want := []string{"/run/docker.sock", "/var/lib/docker/volumes/disguised/_data/docker.sock"}
	if diff := cmp.Diff(want, daemon.Paths(socket)); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	container := tree(t, recorded(t, "container-mountinfo"))
	if diff := cmp.Diff([]string{"/x/docker.sock"}, container.Paths(socket)); diff != "" {
		t.Errorf("paths in the container (-want +got):\n%s", diff)
	}
	covered := tree(t, lines("1 0 0:1 / /", "2 1 0:2 /dir /a", "3 2 0:3 / /a/b"))
	if p := covered.Paths(Place{"0:2", "/dir/b/c"}); len(p) != 0 {
		t.Errorf("covered place has paths %q", p)
	}
}

func TestBelow(t *testing.T) {
	tests := []struct {
		dir, path, rest string
		ok              bool
	}{
		{"/", "/a/b", "a/b", true}, {"/", "/", "", true}, {"/a", "/a", "", true},
		{"/a", "/a/b", "b", true}, {"/a", "/ab", "", false}, {"/a/b", "/a", "", false},
	}
	for _, tt := range tests {
		if rest, ok := Below(tt.dir, tt.path); rest != tt.rest || ok != tt.ok {
			t.Errorf("Below(%q, %q) = %q, %v", tt.dir, tt.path, rest, ok)
		}
	}
}

func FuzzMountinfo(f *testing.F) {
	f.Add(recorded(f, "container-mountinfo"), "/x/docker.sock")
	f.Add(lines("1 2 0:1 / /x", "2 1 0:2 / /y", "3 3 0:1 / relative"), "/y")
	f.Add([]byte("1 2 0:5 /a\\040b//deleted /\\134 ro shared:1 - t s o"), "")
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		mounts, err := ParseMountinfo(data)
		if err != nil {
			return
		}
		tr := NewTree(mounts)
		for i := range mounts {
			_ = tr.Hidden(i)
		}
		if place, ok := tr.Locate(path); ok {
			_ = tr.Paths(place)
		}
	})
}
