package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cilium/ebpf"

	"seawall/lab"
	"seawall/observation"
)

// observer is `seawall observe` as it runs in a host.
type observer struct {
	t           *testing.T
	h           *lab.TestHost
	cmd         *exec.Cmd
	file        string // that it keeps
	out, errOut bytes.Buffer
}

// observe starts it and waits until it has written its file for the first time, so that
// it watches.
func observe(t *testing.T, h *lab.TestHost, file string, args ...string) *observer {
	t.Helper()
	o := &observer{t: t, h: h, file: file}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	o.cmd = h.Command(ctx, append([]string{programInside, "observe", "-o", file}, args...)...)
	o.cmd.Stdout, o.cmd.Stderr = &o.out, &o.errOut
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	o.await("it watches", func(*observation.Observation) bool { return true })
	return o
}

// read reads the file; nil if there is none.
func (o *observer) read() *observation.Observation {
	o.t.Helper()
	data, err := o.h.ReadFile(o.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		o.t.Fatal(err)
	}
	seen, err := observation.Decode(bytes.NewReader(data))
	if err != nil {
		o.t.Fatalf("%s is not whole: %v", o.file, err)
	}
	return seen
}

// await waits until the file shows something.
func (o *observer) await(what string, is func(*observation.Observation) bool) {
	o.t.Helper()
	for range 300 {
		if seen := o.read(); seen != nil && is(seen) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	o.t.Fatalf("waited in vain: %s\n%s", what, o.errOut.String())
}

// pid is the process of seawall itself, on this machine: the one below the shells that
// entered the host.
func (o *observer) pid() int {
	o.t.Helper()
	pid := o.cmd.Process.Pid
	for range 5 {
		if exe, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe"); err == nil && filepath.Base(exe) == "seawall" {
			return pid
		}
		children, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.Itoa(pid) + "/children")
		if err != nil {
			break
		}
		if pid, err = strconv.Atoi(strings.TrimSpace(string(children))); err != nil {
			break
		}
	}
	o.t.Fatal("seawall is not among the processes that it was started by")
	return 0
}

// end sends a signal to seawall and returns what came of it.
func (o *observer) end(s syscall.Signal) outcome {
	o.t.Helper()
	if err := syscall.Kill(o.pid(), s); err != nil {
		o.t.Fatal(err)
	}
	return o.wait()
}

func (o *observer) wait() outcome {
	o.t.Helper()
	var exit *exec.ExitError
	if err := o.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		o.t.Fatal(err)
	}
	return outcome{o.cmd.ProcessState.ExitCode(), o.out.String(), o.errOut.String()}
}

// of is what was seen of a container.
func of(o *observation.Observation, name string) *observation.Container {
	for i := range o.Containers {
		if o.Containers[i].Name == name {
			return &o.Containers[i]
		}
	}
	return nil
}

// uses reports whether a container was seen to use just these capabilities.
func uses(o *observation.Observation, name, want string) bool {
	c := of(o, name)
	return c != nil && c.Used().String() == want
}

// TestObserve: it watches for its time, tells what was seen, and keeps it; only of the
// containers that were named.
func TestObserve(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.Run("--name", "web", image, "httpd", "-f", "-p", "80")
	h.Run("--name", "other", image)
	o := observe(t, h, "/tmp/seen.json", "--for", "8s", "web", "db", "late")
	h.Run("--name", "db", image, "sh", "-c", "chown 33 /tmp; nc -l -p 5432")
	h.Docker("exec", "web", "ping", "-c", "1", "127.0.0.1")
	got := o.wait()
	if got.code != 0 || !strings.Contains(got.stderr, "no container late yet") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	for _, line := range []string{
		`(?m)^2 containers on labhost, watched for 8\.\d s$`,
		`(?m)^db  lab/busybox:1$`,
		`(?m)^  watched +\d\.\d s, 1 start seen$`,
		`(?m)^  CHOWN +chown\(\) of /tmp by chown \(pid \d+\), at the start$`,
		`(?m)^  listened on +tcp \[::\]:5432$`,
		`(?m)^  NET_RAW +socket\(\) of AF_INET, SOCK_RAW by ping \(pid \d+\); in exec`,
		`(?m)^  not used +CHOWN DAC_OVERRIDE `,
		`(?m)^  confidence +low: no start was seen`,
	} {
		if !regexp.MustCompile(line).MatchString(got.stdout) {
			t.Errorf("the text lacks %s:\n%s", line, got.stdout)
		}
	}
	seen := o.read()
	if !seen.Watches[0].Ended || len(seen.Containers) != 2 || !uses(seen, "db", "CHOWN") || of(seen, "web").Image != image {
		t.Errorf("seen: %+v", seen)
	}
}

// TestObserveInterrupted: Ctrl-C ends it in order, and all that was seen is kept, to the
// last moment.
func TestObserveInterrupted(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26})
	image := h.ImportBusybox()
	o := observe(t, h, "/tmp/seen.json", "--format", "json")
	h.Docker("run", "--name", "short", image, "chown", "33", "/tmp") // and is gone
	got := o.end(syscall.SIGINT)
	if got.code != 0 || got.stderr != "" {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	told, err := observation.Decode(strings.NewReader(got.stdout))
	if err != nil {
		t.Fatal(err)
	}
	for _, seen := range []*observation.Observation{told, o.read()} {
		if !uses(seen, "short", "CHOWN") || !seen.Watches[0].Ended {
			t.Errorf("seen: %+v", seen)
		}
	}
}

// TestObserveKilled: kill -9 leaves no program in the kernel, and the file is whole.
func TestObserveKilled(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	o := observe(t, h, "/tmp/seen.json")
	h.Run("--name", "web", image, "sh", "-c", "chown 33 /tmp; sleep 100")
	o.await("web is in the file", func(seen *observation.Observation) bool { return uses(seen, "web", "CHOWN") })
	programs := programsOf(t, o.pid())
	if len(programs) < 6 {
		t.Fatalf("the observer holds %d programs", len(programs))
	}
	o.end(syscall.SIGKILL)
	for range 100 { // the kernel frees them in the background
		programs = slices.DeleteFunc(programs, gone)
		if len(programs) == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(programs) > 0 {
		t.Errorf("programs %v are still in the kernel", programs)
	}
	if seen := o.read(); !uses(seen, "web", "CHOWN") || seen.Watches[0].Ended {
		t.Errorf("seen: %+v", seen)
	}
}

// programsOf are the numbers of the programs that a process holds, itself or by a link.
func programsOf(t *testing.T, pid int) []ebpf.ProgramID {
	t.Helper()
	files, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/fdinfo/*")
	if err != nil {
		t.Fatal(err)
	}
	var out []ebpf.ProgramID
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // closed meanwhile
		}
		for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
			if f := strings.Fields(s.Text()); len(f) == 2 && f[0] == "prog_id:" {
				id, err := strconv.ParseUint(f[1], 10, 32)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, ebpf.ProgramID(id))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func gone(id ebpf.ProgramID) bool {
	p, err := ebpf.NewProgramFromID(id)
	if err == nil {
		p.Close()
	}
	return errors.Is(err, os.ErrNotExist)
}

// TestObserveTwice: two observers do not disturb each other, and the end of one not the
// other.
func TestObserveTwice(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	one, two := observe(t, h, "/tmp/one.json"), observe(t, h, "/tmp/two.json")
	h.Docker("run", "--name", "first", image, "chown", "33", "/tmp")
	one.end(syscall.SIGTERM)
	h.Docker("run", "--name", "second", image, "ping", "-c", "1", "127.0.0.1")
	two.end(syscall.SIGTERM)
	if seen := one.read(); !uses(seen, "first", "CHOWN") || of(seen, "second") != nil {
		t.Errorf("the first saw %+v", seen)
	}
	if seen := two.read(); !uses(seen, "first", "CHOWN") || !uses(seen, "second", "NET_RAW") {
		t.Errorf("the second saw %+v", seen)
	}
}

// TestObserveEngineRestart: a container that outlives its engine is watched on, and those
// that the new engine starts have their names.
func TestObserveEngineRestart(t *testing.T) {
	h := newHost(t, lab.Options{DaemonJSON: `{"live-restore": true}`})
	image := h.ImportBusybox()
	o := observe(t, h, "/tmp/seen.json")
	h.Run("--name", "lasting", image, "sh", "-c", "while ! [ -e /tmp/go ]; do sleep 1; done; chown 33 /tmp; sleep 100")
	h.StopDaemon()
	time.Sleep(2 * time.Second)
	h.StartDaemon()
	h.Docker("run", "--name", "new", image, "ping", "-c", "1", "127.0.0.1")
	h.Docker("exec", "lasting", "touch", "/tmp/go")
	o.await("both are seen", func(seen *observation.Observation) bool {
		return uses(seen, "lasting", "CHOWN") && uses(seen, "new", "NET_RAW")
	})
	o.end(syscall.SIGTERM)
	if w := of(o.read(), "lasting").Watched; w.Starts != 1 || w.Ends != 0 {
		t.Errorf("watched %+v, want one run", w)
	}
}

// TestObserveWithoutRight: who may not watch is told in one line what it takes; two
// capabilities are enough, and what they do not show is a gap.
func TestObserveWithoutRight(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.AddUser("alice")
	as := []string{"setpriv", "--reuid", "alice", "--regid", "alice", "--clear-groups"}
	got := execute(t, h, append(as, programInside, "observe", "--for", "1s")...)
	if got.code != 3 || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "CAP_BPF and CAP_PERFMON") || !strings.Contains(got.stderr, "seawall audit") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	h.Run("--name", "web", image)
	as = append(as, "--inh-caps", "+bpf,+perfmon", "--ambient-caps", "+bpf,+perfmon")
	got = execute(t, h, append(as, programInside, "observe", "--for", "2s", "--format", "json")...)
	seen, err := observation.Decode(strings.NewReader(got.stdout))
	if got.code != 0 || err != nil {
		t.Fatalf("exit code %d, %v: %s", got.code, err, got.stderr)
	}
	var gaps []string
	for _, g := range seen.Gaps {
		gaps = append(gaps, g.Detail)
	}
	all := strings.Join(gaps, "\n")
	if len(seen.Containers) == 0 || !strings.Contains(all, "mere probes") || !strings.Contains(all, "names of some containers") {
		t.Errorf("%d containers, gaps: %s", len(seen.Containers), all)
	}
}

// TestObserveWithoutBTF: a kernel that does not describe its types is told of in a line.
func TestObserveWithoutBTF(t *testing.T) {
	h := newHost(t, lab.Options{NoEngine: true})
	h.Exec("mount", "-t", "tmpfs", "none", "/sys/kernel/btf")
	got := seawall(t, h, "observe", "--for", "1s")
	if got.code != 3 || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "BTF") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}
