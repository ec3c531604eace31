package hostfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"seawall/snapshot"
)

// tree makes a root with files in it: content by path, "-> x" makes a link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range files {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if len(content) > 3 && content[:3] == "-> " {
			err = os.Symlink(content[3:], full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestLinksStayInsideTheRoot(t *testing.T) {
	root := tree(t, map[string]string{
		"run/docker.sock":   "inside",
		"var/run":           "-> /run",
		"escape":            "-> ../../../../../../run/docker.sock",
		"etc/a":             "-> b",
		"etc/b":             "-> a",
		"lib/relative":      "-> ../run/./docker.sock",
		"lib/over/the/edge": "-> /lib/relative",
	})
	f := New(root)
	for path, want := range map[string]string{
		"/var/run/docker.sock":    "/run/docker.sock",
		"/escape":                 "/run/docker.sock",
		"lib/relative":            "/run/docker.sock",
		"/lib/over/the/edge":      "/run/docker.sock",
		"/lib/over/../../var/run": "/run",
		"/../..":                  "/",
	} {
		got, err := f.Real(path)
		if err != nil || got != want {
			t.Errorf("Real(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
	if _, err := f.Real("/etc/a"); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("link loop: error %v, want ELOOP", err)
	}
	if _, err := f.Real("/etc/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: error %v, want not exist", err)
	}
}

// TestFindEach: many files at a time are the same files as one at a time.
func TestFindEach(t *testing.T) {
	f := New(tree(t, map[string]string{
		"run/docker.sock": "a", "run/other.sock": "b", "var/run": "-> /run", "run/link.sock": "-> ../run/other.sock",
		"run/loop": "-> loop", "run/away": "-> ../../../../../../run/docker.sock",
	}))
	paths := []string{
		"/run/docker.sock", "/var/run/docker.sock", "/run/other.sock", "/run/link.sock", "/run/loop", "/run/away", "/run/none", "/none/x",
		"/run/docker.sock/x", "@abstract", "", "/", "/run/", "/run/.", "/run/..", "run/docker.sock", "/var/run",
	}
	type found struct {
		Real string
		Info Info
	}
	got := map[string]found{}
	f.FindEach(paths, func(i int, real string, info Info) { got[paths[i]] = found{real, info} })
	want := map[string]found{}
	for _, path := range paths {
		if real, info, err := f.Find(path); err == nil {
			want[path] = found{real, info}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
		t.Errorf("%d found one by one; together (-one by one +together):\n%s", len(want), diff)
	}
}

// TestBelow: a view of a directory is found through links of the view above, and
// its own links lead no further up.
func TestBelow(t *testing.T) {
	root := tree(t, map[string]string{
		"data/inner/file": "inner", "file": "outer", "lib/docker": "-> /data", "data/up": "-> ../file", "data/top": "-> /file", "data/in": "-> /inner/file",
	})
	below := New(root).Below("/lib/docker")
	for path, want := range map[string]string{"/inner/file": "inner", "/in": "inner", "/up": "", "/top": "", "/../file": ""} {
		data, err := below.ReadFile(path, 10)
		if string(data) != want || (want == "") != errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %q, %v; want %q", path, data, err, want)
		}
	}
	if got := below.Where("/x"); got != root+"/lib/docker/x" {
		t.Errorf("the view is named %s", got)
	}
	if _, err := New(root).Below("/none").ReadFile("/x", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	if _, err := New(root).Below("/file").ReadFile("/x", 10); err == nil {
		t.Error("a file counts as a directory")
	}
}

func TestStat(t *testing.T) {
	root := tree(t, map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\n# comment\nbroken\nalice:x:1000:1000::/home/alice:/bin/sh\n",
		"etc/group":  "root:x:0:\ndocker:x:998:alice\n",
		"run/s":      "",
		"var/run":    "-> /run",
	})
	os.Chmod(root, 0o711)
	os.Chmod(filepath.Join(root, "run/s"), 0o640)
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 1000, 998
		if err := os.Chown(filepath.Join(root, "run/s"), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	got, err := New(root).Stat("/var/run/s", "socket")
	if err != nil {
		t.Fatal(err)
	}
	if got.Path != "/var/run/s" || got.Role != "socket" || got.Type != "file" || got.Mode != 0o640 || got.UID != uid || got.GID != gid {
		t.Errorf("got %+v", got)
	}
	if os.Getuid() == 0 && (got.Owner != "alice" || got.Group != "docker") {
		t.Errorf("owner %q, group %q", got.Owner, got.Group)
	}
	var parents []string
	for _, p := range got.Parents {
		parents = append(parents, p.Mode.String()+" "+p.Path)
	}
	if diff := cmp.Diff([]string{"0755 /run", "0711 /", "0755 /var"}, parents); diff != "" {
		t.Errorf("parents (-want +got):\n%s", diff)
	}
	link, err := New(root).Lstat("/var/run", "")
	if err != nil || link.Type != "symlink" {
		t.Errorf("Lstat: %+v, %v", link, err)
	}
}

func TestReadFileOpensRegularFilesOnly(t *testing.T) {
	root := tree(t, map[string]string{"f": "12345"})
	if err := unix.Mkfifo(filepath.Join(root, "fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := New(root)
	if data, err := f.ReadFile("/f", 5); err != nil || string(data) != "12345" {
		t.Errorf("ReadFile = %q, %v", data, err)
	}
	if _, err := f.ReadFile("/f", 4); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want too large", err)
	}
	for _, path := range []string{"/fifo", "/"} {
		if _, err := f.ReadFile(path, 10); !errors.Is(err, ErrNotRegular) {
			t.Errorf("ReadFile(%s): error %v, want not regular", path, err)
		}
	}
	names, err := f.ReadDir("/")
	if diff := cmp.Diff([]string{"f", "fifo"}, names); err != nil || diff != "" {
		t.Errorf("ReadDir: %v\n%s", err, diff)
	}
}

func TestRootOfAProcessThatEnded(t *testing.T) {
	_, err := New("/proc/4194305/root").Stat("/etc/docker/daemon.json", "")
	if !errors.Is(err, syscall.ESRCH) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want ESRCH, which no caller takes for an absent file", err)
	}
}

// aclBytes encodes entries as the kernel does: tag, perm, id.
func aclBytes(entries ...[3]uint32) []byte {
	out := []byte{2, 0, 0, 0}
	for _, e := range entries {
		out = append(out, byte(e[0]), 0, byte(e[1]), 0, byte(e[2]), byte(e[2]>>8), byte(e[2]>>16), byte(e[2]>>24))
	}
	return out
}

const noID = 0xffffffff

var socketACL = aclBytes([3]uint32{1, 6, noID}, [3]uint32{2, 7, 1000}, [3]uint32{4, 0, noID},
	[3]uint32{8, 4, 998}, [3]uint32{0x10, 6, noID}, [3]uint32{0x20, 0, noID})

func TestParseACL(t *testing.T) {
	got, err := parseACL(socketACL)
	if err != nil {
		t.Fatal(err)
	}
	want := acl{present: true, group: 0, entries: []snapshot.ACLEntry{
		{Kind: "user", ID: 1000, Perm: 6}, // masked
		{Kind: "group", ID: 998, Perm: 4},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(acl{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range [][]byte{nil, {1, 0, 0, 0}, {2, 0, 0, 0, 1}} {
		if _, err := parseACL(bad); err == nil {
			t.Errorf("parseACL(%v): no error", bad)
		}
	}
}

func TestStatWithACL(t *testing.T) {
	root := tree(t, map[string]string{"s": ""})
	path := filepath.Join(root, "s")
	if err := unix.Setxattr(path, "system.posix_acl_access", socketACL, 0); err != nil {
		t.Skipf("no ACLs on the file system of %s: %v", root, err)
	}
	got, err := New(root).Stat("/s", "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Mode != 0o600 { // ls shows 0660: the mask
		t.Errorf("mode %s, want 0600", got.Mode)
	}
	if len(got.ACL) != 2 || got.ACL[0].Who() != "user 1000" {
		t.Errorf("ACL %+v", got.ACL)
	}
}

func FuzzParseACL(f *testing.F) {
	f.Add(socketACL)
	f.Add([]byte{2, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := parseACL(data)
		if err == nil && len(a.entries) > len(data)/8 {
			t.Errorf("%d entries in %d bytes", len(a.entries), len(data))
		}
		for _, e := range a.entries {
			if e.Perm > 7 {
				t.Errorf("permission %o", e.Perm)
			}
		}
	})
}
