package prove

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/source/hostfile"
	"seawall/source/livehost"
	"seawall/source/procfs"
)

// TestMain runs the tests, or is a child of Run.
func TestMain(m *testing.M) {
	if IsChild(os.Args) {
		os.Exit(Child())
	}
	os.Exit(m.Run())
}

// startInside starts a process in a mount namespace of its own and returns its number.
// The script prepares the namespace; how makes the process what it shall be, such as
// "setpriv --reuid 1000". It lives as long as the test.
func startInside(t *testing.T, script, how string) int {
	t.Helper()
	return start(t, script, how, nil)
}

// startMapped is startInside in a user namespace whose root is user 100000 here.
func startMapped(t *testing.T, script, how string) int {
	t.Helper()
	ids := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 100000, Size: 1000}}
	return start(t, script, how, &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, UidMappings: ids, GidMappings: ids, GidMappingsEnableSetgroups: true, Credential: &syscall.Credential{}})
}

func start(t *testing.T, script, how string, attr *syscall.SysProcAttr) int {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test makes namespaces: run it as root")
	}
	cmd := exec.Command("unshare", "-m", "sh", "-ec", script+"\nexec "+how+" cat")
	cmd.SysProcAttr = attr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { input.Close(); _ = cmd.Wait() })
	for range 500 {
		name, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/comm")
		if err == nil && string(name) == "cat\n" {
			return cmd.Process.Pid
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s: it does not run: %s", how, stderr.String())
	return 0
}

// mountsOf is the number of a process's mount namespace.
func mountsOf(t *testing.T, pid int) uint64 {
	t.Helper()
	dir, err := procfs.OpenDir("/proc", pid)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	spaces, err := dir.Namespaces()
	if err != nil {
		t.Fatal(err)
	}
	return spaces["mnt"]
}

// tree makes files below a directory that every user may enter; each is "path mode
// uid gid".
func tree(t *testing.T, files ...string) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "seawall-prove-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, line := range files {
		f := strings.Fields(line)
		path := filepath.Join(dir, f[0])
		mode, _ := strconv.ParseUint(f[1], 8, 32)
		uid, _ := strconv.Atoi(f[2])
		gid, _ := strconv.Atoi(f[3])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, uid, gid); err != nil {
			t.Fatal(err)
		}
		if err := unix.Chmod(path, uint32(mode)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// serve answers at a unix socket; a nil handler ends every connection.
func serve(t *testing.T, path string, mode os.FileMode, handler http.Handler) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(server.Close)
}

// engine answers as an Engine API does, with a status.
func engine(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", "1.51")
		w.WriteHeader(status)
	})
}

// serveTCP answers at an address of this host, which it returns.
func serveTCP(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// withFirst is this machine with another process in the place of the first, which
// may be out of sight where the tests run.
func withFirst(t *testing.T, pid int) livehost.Machine {
	t.Helper()
	dir := t.TempDir()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		to := e.Name()
		if to == "1" {
			to = strconv.Itoa(pid)
		}
		if err := os.Symlink("/proc/"+to, filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return livehost.Machine{Proc: dir, Root: "/", Files: hostfile.New("/")}
}
