package netstack

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// role is the variable that makes the test binary do something else than run
// tests: see TestMain.
const role = "SEAWALL_TEST_NETSTACK"

func init() {
	if os.Getenv(role) == "main" {
		runtime.LockOSThread() // the main goroutine stays on the main thread
	}
}

func TestMain(m *testing.M) {
	switch what := os.Getenv(role); what {
	case "":
		os.Exit(m.Run())
	case "main":
		os.Exit(onMainThread())
	default: // the numbers of processes whose namespaces are read
		os.Exit(readAs(strings.Fields(what)))
	}
}

// self prepares the test binary in another role.
func self(t testing.TB, as string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path)
	cmd.Env = append(os.Environ(), role+"="+as)
	return cmd
}

// host is a process in a network namespace of its own.
type host struct {
	*Namespace
	t   testing.TB
	pid string
	end func()
}

// newHost makes a network namespace with lo up, and the interfaces and settings
// of a script.
func newHost(t testing.TB, script string) *host {
	t.Helper()
	pid, end := lab.NetNS(t)
	h := &host{t: t, pid: strconv.Itoa(pid), end: end}
	h.Namespace = opened(t, pid)
	h.sh("ip link set lo up\n" + script)
	return h
}

// opened opens the namespace of a process.
func opened(t testing.TB, pid int) *Namespace {
	t.Helper()
	dir, err := procfs.OpenDir("/proc", pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	n, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// in calls f in the namespace of a host.
func (h *host) in(f func() error) {
	h.t.Helper()
	if err := h.Enter(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// sh runs a script in the network of a host.
func (h *host) sh(script string) {
	h.t.Helper()
	h.in(func() error {
		out, err := exec.Command("sh", "-euc", script).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", script, err, out)
		}
		return nil
	})
}

// read reads the namespaces of hosts.
func read(t testing.TB, hosts ...*host) []snapshot.NetStack {
	t.Helper()
	var namespaces []*Namespace
	for _, h := range hosts {
		namespaces = append(namespaces, h.Namespace)
	}
	var out []snapshot.NetStack
	for _, fact := range Read(t.Context(), namespaces) {
		stack, ok := fact.Peek()
		if !ok {
			t.Fatalf("%+v", fact.Gap())
		}
		out = append(out, stack)
	}
	return out
}

// seen is the value of a fact.
func seen[T any](t testing.TB, f snapshot.Fact[T]) T {
	t.Helper()
	v, ok := f.Peek()
	if !ok {
		t.Fatalf("%+v", f.Gap())
	}
	return v
}

// named is an interface of a namespace.
func named(t testing.TB, stack snapshot.NetStack, name string) snapshot.NetInterface {
	t.Helper()
	for _, i := range stack.Interfaces {
		if i.Name == name {
			return i
		}
	}
	t.Fatalf("no interface %s in %+v", name, stack.Interfaces)
	return snapshot.NetInterface{}
}

// needs skips the test on a kernel without a setting of the network.
func needs(t *testing.T, setting string) {
	t.Helper()
	if _, err := os.Stat("/proc/sys/net/" + setting); err != nil {
		t.Skipf("NOT RUN: %v", err)
	}
}

// lines are those that a program prints.
func lines(r io.Reader) []string {
	var out []string
	for s := bufio.NewScanner(r); s.Scan(); {
		out = append(out, s.Text())
	}
	return out
}
