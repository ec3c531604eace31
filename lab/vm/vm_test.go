//go:build vm

package vm_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/lab/vm"
)

// owner makes the test binary boot a machine, say so, and wait to be killed.
const owner = "SEAWALL_TEST_OWNER"

func TestMain(m *testing.M) {
	if os.Getenv(owner) == "" {
		os.Exit(m.Run())
	}
	if _, err := vm.Start(context.Background(), vm.Options{Image: vm.AppArmor}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	select {}
}

// TestVMScripts: scripts give their output, both streams and the exit code, and
// end with their context.
func TestVMScripts(t *testing.T) {
	m := vm.Boot(t, vm.Options{Image: vm.AppArmor, Programs: map[string]string{"/usr/local/bin/tester": lab.Self(t)}})
	if got := m.Run("cat /sys/module/apparmor/parameters/enabled; systemctl is-active docker.service; stat -c %a /usr/local/bin/tester"); got != "Y\nactive\n755\n" {
		t.Errorf("got %q", got)
	}
	if got := m.Try("echo out; echo err >&2; exit 7"); got != (vm.Outcome{Code: 7, Stdout: "out\n", Stderr: "err\n"}) {
		t.Errorf("got %+v", got)
	}
	long := strings.Repeat("0123456789", 20_000)
	if got := m.Run("cat <<'X'\n" + long + "\nX\n"); got != long+"\n" {
		t.Errorf("of %d bytes %d came back", len(long), len(got))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := m.Script(ctx, "sleep 1000"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a script beyond its time: %v", err)
	}
}

// TestVMEndsWithItsOwner: nothing is left of a machine whose owner was killed.
func TestVMEndsWithItsOwner(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), owner+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	line, _ := bufio.NewReader(out).ReadString('\n')
	children := emulatorsBelow(t, cmd.Process.Pid)
	if line != "ready\n" || len(children) != 1 {
		t.Fatalf("the owner says %q, and has the emulators %v", line, children)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // killed
	for range 100 {
		if _, err := os.Stat(filepath.Join("/proc", children[0], "fd")); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("the emulator %v outlives its owner", children)
}

// emulatorsBelow lists the emulators that are grandchildren of a process.
func emulatorsBelow(t *testing.T, pid int) []string {
	t.Helper()
	var out []string
	for _, shell := range childrenOf(t, strconv.Itoa(pid)) {
		for _, child := range childrenOf(t, shell) {
			if comm, _ := os.ReadFile(filepath.Join("/proc", child, "comm")); strings.HasPrefix(string(comm), "qemu") {
				out = append(out, child)
			}
		}
	}
	return out
}

// childrenOf lists the processes whose parent is this one.
func childrenOf(t *testing.T, pid string) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range stats {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == pid {
			out = append(out, filepath.Base(filepath.Dir(file)))
		}
	}
	return out
}
