package netstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// TestEnter: what runs inside is inside, and nothing else ever is. No thread is
// left.
func TestEnter(t *testing.T) {
	h := newHost(t, "")
	own, err := here()
	if err != nil {
		t.Fatal(err)
	}
	before := len(tasks(t))
	done := make(chan error)
	for range 100 {
		go func() {
			done <- h.Enter(t.Context(), func() error {
				if inode, err := here(); err != nil || inode != h.Inode() {
					return fmt.Errorf("in namespace %d, want %d, %v", inode, h.Inode(), err)
				}
				if n := len(tasks(t)); n > before+4*maxThreads { // some are about to end
					return fmt.Errorf("%d threads, %d before", n, before)
				}
				return nil
			})
		}()
	}
	for range 100 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	eventually(t, func() error {
		list := tasks(t)
		for _, task := range list {
			inode, err := inodeAt(filepath.Join(task, link))
			if err == nil && inode != own {
				return fmt.Errorf("%s is in namespace %d, not %d", task, inode, own)
			}
		}
		if len(list) > before+maxThreads { // the runtime's own
			return fmt.Errorf("%d threads, %d before", len(list), before)
		}
		return nil
	})
	want := errors.New("of f")
	if err := h.Enter(t.Context(), func() error { return want }); !errors.Is(err, want) {
		t.Errorf("error %v", err)
	}
}

// TestBusy: who waits for a thread goes when its context ends.
func TestBusy(t *testing.T) {
	h := newHost(t, "")
	hold, held, done := make(chan bool), make(chan bool), make(chan error)
	for range maxThreads {
		go func() {
			done <- h.Enter(t.Context(), func() error { held <- true; <-hold; return nil })
		}()
		<-held
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := h.Enter(ctx, func() error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	close(hold)
	for range maxThreads {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestNothingIsLeft: when its processes and its holders are gone, a namespace is.
// A link to another namespace goes with it, so its other end tells.
func TestNothingIsLeft(t *testing.T) {
	near := newHost(t, "")
	far := newHost(t, "ip link add v0 type veth peer name v0 netns "+near.pid)
	if stacks := read(t, near, far); len(stacks[0].Interfaces) != 2 {
		t.Fatalf("interfaces %+v", stacks[0].Interfaces)
	}
	far.end()
	far.Close()
	eventually(t, func() error {
		if stack := read(t, near)[0]; len(stack.Interfaces) != 1 {
			return fmt.Errorf("still there: %+v", stack.Interfaces)
		}
		return nil
	})
}

// TestMainThread: the main thread never enters, for it would stay. It would stand
// for the process in /proc.
func TestMainThread(t *testing.T) {
	if out, err := self(t, "main").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// onMainThread enters from the main thread.
func onMainThread() int {
	if unix.Gettid() != unix.Getpid() {
		fmt.Println("not on the main thread")
		return 1
	}
	entered := false
	onOwnThread(func() {
		entered = unix.Gettid() != unix.Getpid() && unix.Unshare(unix.CLONE_NEWNET) == nil
	})
	own, err1 := inodeAt("/proc/self/" + link)
	first, err2 := here()
	if !entered || own != first || err1 != nil || err2 != nil || unix.Gettid() != unix.Getpid() {
		fmt.Println(entered, own, first, err1, err2)
		return 1
	}
	return 0
}

// TestRights: without rights a process reads its own namespace, all but what the
// kernel shows to root alone; another's is a gap that says what to do.
func TestRights(t *testing.T) {
	other := newHost(t, "")
	program, err := copied(self(t, "").Path, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const own = "self: settings true, listeners read, programs "
	tests := []struct {
		name  string
		flags []string // of setpriv(1)
		want  []string
	}{
		{"nobody", []string{"--reuid=65534", "--regid=65534", "--clear-groups"}, []string{
			own + "permission (run as root with the capabilities NET_ADMIN and SYS_ADMIN), routes local",
			other.pid + ": permission (run as root)"}},
		{"root without NET_ADMIN", []string{"--bounding-set=-net_admin,-sys_admin"}, []string{
			own + "permission (run as root with the capabilities NET_ADMIN and SYS_ADMIN), routes local",
			other.pid + ": permission (run as root with the capability SYS_ADMIN)"}},
		{"root", nil, []string{
			own + "read, routes local",
			other.pid + ": settings true, listeners read, programs read, routes local"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "setpriv", append(tt.flags, program)...)
			cmd.Env = append(os.Environ(), role+"=self "+other.pid)
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, lines(bytes.NewReader(out))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// copied makes a copy of a program that any user may run.
func copied(path, dir string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	for d := dir; d != "/" && d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			return "", err
		}
	}
	path = filepath.Join(dir, "test")
	return path, os.WriteFile(path, data, 0o755)
}

// readAs reads the namespaces of processes and says how that went.
func readAs(pids []string) int {
	ctx := context.Background()
	for _, name := range pids {
		pid := os.Getpid()
		if name != "self" {
			pid, _ = strconv.Atoi(name)
		}
		dir, err := procfs.OpenDir("/proc", pid)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		n, err := Open(dir)
		if err != nil {
			fmt.Printf("%s: %s\n", name, told(source.GapFrom(err)))
			continue
		}
		fact := Read(ctx, []*Namespace{n})[0]
		stack, ok := fact.Peek()
		if !ok {
			fmt.Printf("%s: %s\n", name, told(fact.Gap()))
			continue
		}
		routes := n.Ask(ctx, []Question{{Destination: ip("127.0.0.1")}})
		fmt.Printf("%s: settings %t, listeners %s, programs %s, routes %s\n", name, stack.Settings["net.ipv4.ip_forward"] != "",
			told(stack.Listeners.Gap()), told(stack.Programs.Gap()), routes[0].Kind)
	}
	return 0
}

func told(g snapshot.Gap) string {
	if g.Reason == "" {
		return "read"
	}
	return fmt.Sprintf("%s (%s)", g.Reason, g.Remedy)
}

// TestEnded: a process that ends is a gap, before its namespace is opened and
// after; its number never leads to another's.
func TestEnded(t *testing.T) {
	h, other := newHost(t, ""), newHost(t, "")
	h.end()
	facts := Read(t.Context(), []*Namespace{h.Namespace, other.Namespace})
	if g := facts[0].Gap(); g.Reason != snapshot.ReasonVanished {
		t.Errorf("ended after it was opened: %+v", g)
	}
	if facts[1].State() != snapshot.Seen {
		t.Errorf("the other: %+v", facts[1].Gap())
	}
	if r := h.Ask(t.Context(), []Question{{Destination: ip("127.0.0.1")}})[0]; r.Kind != "unknown" || r.Error == "" || r.Destination != "127.0.0.1" {
		t.Errorf("routes of an ended process: %+v", r)
	}
	if _, err := Open(h.dir); source.GapFrom(err).Reason != snapshot.ReasonVanished {
		t.Errorf("ended before it was opened: %v", err)
	}
}

// TestEndedContext: nothing is read after the end.
func TestEndedContext(t *testing.T) {
	h := newHost(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if fact := Read(ctx, []*Namespace{h.Namespace})[0]; fact.State() != snapshot.Unreadable {
		t.Errorf("read after the end: %v", fact)
	}
}

func tasks(t testing.TB) []string {
	t.Helper()
	out, err := filepath.Glob("/proc/self/task/*")
	if err != nil {
		t.Error(err)
	}
	return out
}

func inodeAt(path string) (uint64, error) {
	var st unix.Stat_t
	err := unix.Stat(path, &st)
	return st.Ino, err
}

// eventually waits for a state that the kernel reaches by itself.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = check(); err == nil {
			return
		}
		runtime.Gosched()
		time.Sleep(20 * time.Millisecond)
	}
	t.Error(err)
}
