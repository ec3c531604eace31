package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"seawall/lab"
)

// traces is what a host leaves on the machine while it runs.
type traces struct {
	pidNamespace string
	cgroups      []string
}

// tracesOf finds the traces of the only host in the cache directory.
func tracesOf(t *testing.T, init int) traces {
	t.Helper()
	ns, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", init))
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(lab.CacheDir(), "hosts/host-*/cgroups"))
	if len(files) != 1 {
		t.Fatalf("records of cgroups: %v, want one", files)
	}
	list, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return traces{ns, strings.Fields(string(list))}
}

// left lists those that are there now.
func (tr traces) left() []string {
	var found []string
	for _, dir := range tr.cgroups {
		if _, err := os.Stat(dir); err == nil {
			found = append(found, "cgroup "+dir)
		}
	}
	links, _ := filepath.Glob("/proc/[0-9]*/ns/pid")
	for _, link := range links {
		if ns, _ := os.Readlink(link); ns == tr.pidNamespace {
			found = append(found, "process "+link)
		}
	}
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	if strings.Contains(string(mounts), lab.CacheDir()) {
		found = append(found, "a mount below "+lab.CacheDir())
	}
	entries, _ := os.ReadDir(filepath.Join(lab.CacheDir(), "hosts"))
	for _, e := range entries {
		if e.Name() != ".lock" {
			found = append(found, "directory "+e.Name())
		}
	}
	return found
}

// ownCache gives the test a cache directory with no hosts of others in it.
func ownCache(t *testing.T) {
	t.Helper()
	lab.Require(t, lab.V28)
	if _, err := lab.Prepare(t.Context(), lab.V28); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(lab.CacheDir(), "base"), filepath.Join(dir, "base")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SEAWALL_LAB", dir)
}

func TestNothingIsLeft(t *testing.T) {
	ownCache(t)
	var tr traces
	t.Run("host", func(t *testing.T) {
		h := lab.New(t, lab.Options{})
		h.Run(h.ImportBusybox())
		if err := h.Command(t.Context(), "sleep", "1000").Start(); err != nil {
			t.Fatal(err)
		}
		tr = tracesOf(t, h.InitPID())
		if got := len(tr.left()); got < len(tr.cgroups)+4 {
			t.Errorf("a running host leaves only %d traces: this test sees too little", got)
		}
	})
	if left := tr.left(); len(left) > 0 {
		t.Errorf("left behind: %s", strings.Join(left, "\n"))
	}
}

// TestDeadOwnerIsSwept kills a process that owns a host.
func TestDeadOwnerIsSwept(t *testing.T) {
	ownCache(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	owner := exec.Command(os.Args[0], "-test.run=^TestOwner$")
	owner.Env = append(os.Environ(), "LAB_TEST_OWNER=1")
	owner.ExtraFiles = []*os.File{w}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var init int
	if _, err := fmt.Fscan(r, &init); err != nil {
		owner.Wait()
		t.Fatalf("the owner says no process id: %v", err)
	}
	tr := tracesOf(t, init)

	if err := lab.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("/proc/" + strconv.Itoa(init)); err != nil {
		t.Error("the host of a living owner was swept")
	}
	owner.Process.Kill()
	owner.Wait()
	if err := lab.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	left := tr.left() // the machine's init takes a moment to bury the dead
	for deadline := time.Now().Add(5 * time.Second); len(left) > 0 && time.Now().Before(deadline); left = tr.left() {
		time.Sleep(20 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("left behind: %s", strings.Join(left, "\n"))
	}
}

// TestOwner is the process that TestDeadOwnerIsSwept kills.
func TestOwner(t *testing.T) {
	if os.Getenv("LAB_TEST_OWNER") == "" {
		t.Skip("only a helper of TestDeadOwnerIsSwept")
	}
	h, err := lab.StartHost(t.Context(), lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := h.Engine().ImportBusybox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Engine().Run(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if err := h.Command(t.Context(), "sleep", "1000").Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(os.NewFile(3, "ready"), h.InitPID())
	time.Sleep(time.Minute)
}
