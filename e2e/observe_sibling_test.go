package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
)

// TestObserveSiblings: a process of another pid namespace beside the observer's has a
// number there that is another process's here. The containers of two hosts on one kernel
// stay apart, also where no cgroup names one and its process would have to.
func TestObserveSiblings(t *testing.T) {
	here, there := newHost(t, lab.Options{}), lab.New(t, lab.Options{})
	image := here.ImportBusybox()
	there.AddUser("alice")
	rootless := there.StartRootless("alice") // its containers have no cgroups of their own
	if _, err := rootless.ImportBusybox(t.Context()); err != nil {
		t.Fatal(err)
	}
	// One process for each number that a process of the other host may have.
	here.Run("--name", "victim", image, "sh", "-c", "i=0; while [ $i -lt 1500 ]; do sleep 600 & i=$((i+1)); done; wait")
	victim := strings.TrimSpace(here.Docker("inspect", "-f", "{{.State.Pid}}", "victim"))
	for range 100 {
		if strings.Count(here.Docker("top", "victim", "-o", "pid"), "\n") >= 1500 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	o := observe(t, here, "/tmp/seen.json", "victim")
	const script = "chown 33 /tmp; ping -c 1 127.0.0.1; sleep 600; true"
	if _, err := rootless.Run(t.Context(), "--name", "stranger", image, "sh", "-c", script); err != nil {
		t.Fatal(err)
	}
	number := numberIn(t, there, script)
	if here.Exec("readlink", "/proc/"+number+"/ns/mnt") != here.Exec("readlink", "/proc/"+victim+"/ns/mnt") {
		t.Fatalf("process %s there is none of the victim here: the test shows nothing", number)
	}
	o.await("the victim is seen", func(s *observation.Observation) bool { return of(s, "victim") != nil })
	time.Sleep(3 * time.Second) // longer than it tries to name what it saw
	o.end(syscall.SIGINT)
	seen := o.read()
	if c := of(seen, "victim"); c.Used() != 0 || c.Watched.Starts != 0 || c.Watched.Joined != 1 {
		t.Errorf("the victim used %v, watched %+v: %+v", c.Used(), c.Watched, c.Capabilities)
	}
}

// numberIn is the number that a process of a container has in its host.
func numberIn(t *testing.T, h *lab.TestHost, command string) string {
	t.Helper()
	for range 100 {
		processes, err := filepath.Glob(h.Root() + "/proc/[0-9]*")
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range processes {
			line, err := os.ReadFile(dir + "/cmdline")
			if err == nil && strings.HasPrefix(string(line), "sh\x00-c\x00"+command) {
				return filepath.Base(dir)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no process of the host runs %s", command)
	return ""
}
