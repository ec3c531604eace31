package observe_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
	"seawall/source/observe"
)

// watcher is an observer that runs.
type watcher struct {
	t        testing.TB
	observer *observe.Observer
	end      func()
}

// watch observes the containers of a host's engine, until stop.
func watch(t testing.TB, e *lab.Engine, o observe.Options) *watcher {
	t.Helper()
	o.List = func(ctx context.Context) ([]observe.Known, error) { return list(ctx, e) }
	if o.SyscallWindow == 0 {
		o.SyscallWindow = time.Minute
	}
	o.Interval = 200 * time.Millisecond
	observer, err := observe.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- observer.Run(ctx, func(*observation.Observation) {}) }()
	end := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("watch: %v", err)
		}
		if err := observer.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	t.Cleanup(end)
	return &watcher{t, observer, end}
}

// stop ends the watch and returns what was seen.
func (w *watcher) stop() *observation.Observation {
	w.end()
	return w.observer.Observation()
}

// until waits until the container of this name is as it should be.
func (w *watcher) until(name string, is func(*observation.Container) bool) {
	w.t.Helper()
	for range 200 {
		o := w.observer.Observation()
		for i := range o.Containers {
			if o.Containers[i].Name == name && is(&o.Containers[i]) {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Errorf("%s is not seen as it should be", name)
}

func hasEnded(c *observation.Container) bool { return c.Watched.Ends > 0 }

// list asks an engine which containers there are.
func list(ctx context.Context, e *lab.Engine) ([]observe.Known, error) {
	out, err := e.Docker(ctx, "ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.Image}}")
	if err != nil {
		return nil, err
	}
	var known []observe.Known
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) == 3 {
			known = append(known, observe.Known{ID: f[0], Name: f[1], Image: f[2]})
		}
	}
	return known, nil
}

// named is what was seen of a container.
func named(t testing.TB, o *observation.Observation, name string) *observation.Container {
	t.Helper()
	for i := range o.Containers {
		if o.Containers[i].Name == name {
			return &o.Containers[i]
		}
	}
	t.Fatalf("no container %s was seen; there are %v, %d unnamed", name, names(o), o.Unnamed)
	return nil
}

func names(o *observation.Observation) []string {
	var out []string
	for i := range o.Containers {
		out = append(out, o.Containers[i].Name)
	}
	return out
}

// wantUsed checks which capabilities a container's own processes used.
func wantUsed(t testing.TB, c *observation.Container, want string) {
	t.Helper()
	if got := c.Used(observation.Workload).String(); got != want {
		t.Errorf("%s used [%s], want [%s]", c.Name, got, want)
		for _, x := range c.Capabilities {
			t.Logf("%+v", x)
		}
	}
}

// TestCapabilities: containers that start while they are watched show what they use,
// from their first instruction on, on each engine.
func TestCapabilities(t *testing.T) {
	tests := []struct {
		name, script, want string
		flags              []string
	}{
		{name: "ping", script: "ping -c 1 127.0.0.1", want: "NET_RAW"},
		{name: "chown", script: "chown 33 /tmp", want: "CHOWN"},
		{name: "drop-user", script: "su nobody -s /bin/true", want: "SETGID SETUID"},
		{name: "nothing", script: "sleep 1", want: ""},
		{name: "nobody", script: "httpd -p 8080 -h /tmp && sleep 1", want: "", flags: []string{"--user", "33:33"}},
		{name: "others-file", script: "mkdir /tmp/a; chown 33 /tmp/a; chmod 700 /tmp/a; touch /tmp/a/b", want: "CHOWN DAC_OVERRIDE FOWNER"},
	}
	for _, v := range lab.Versions() {
		t.Run(string(v), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: v})
			image := h.ImportBusybox()
			w := watch(t, h.Engine(), observe.Options{})
			for _, test := range tests {
				h.Docker(append(append([]string{"run", "--name", test.name}, test.flags...), image, "sh", "-c", test.script)...)
			}
			o := w.stop()
			for _, test := range tests {
				t.Run(test.name, func(t *testing.T) {
					c := named(t, o, test.name)
					wantUsed(t, c, test.want)
					if w := c.Watched; w.Starts != 1 || w.Joined != 0 || w.Ends != 1 || w.Execs != 0 {
						t.Errorf("watched %+v, want one start and one end", w)
					}
				})
			}
		})
	}
}

// TestSyscalls: what a program calls is among what was recorded, from its first
// instruction on, and what it does not call is not; what the runtime calls stands apart.
func TestSyscalls(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w := watch(t, h.Engine(), observe.Options{})
	h.Docker("run", "--name", "links", image, "ln", "-s", "a", "/tmp/b")
	h.Docker("run", "--name", "directory", image, "mkdir", "/tmp/c")
	o := w.stop()
	links, directory := calls(t, named(t, o, "links")), calls(t, named(t, o, "directory"))
	for _, test := range []struct {
		of   observation.Syscalls
		call string
		want bool
	}{
		{links, "symlink", true}, {links, "mkdir", false}, {links, "arch_prctl", true}, {links, "exit_group", true},
		{directory, "mkdir", true}, {directory, "symlink", false}, {directory, "socket", false},
		{directory, "capset", false}, {directory, "execve", false}, // of the runtime
	} {
		if got := slices.Contains(test.of.Names, test.call); got != test.want {
			t.Errorf("%s among %v: %v, want %v", test.call, test.of.Names, got, test.want)
		}
	}
	for _, call := range []string{"execve", "close"} {
		if !slices.Contains(links.Runtime, call) {
			t.Errorf("the runtime's calls lack %s: %v", call, links.Runtime)
		}
	}
}

// calls are the system calls of a container's own processes.
func calls(t testing.TB, c *observation.Container) observation.Syscalls {
	t.Helper()
	for _, s := range c.Syscalls {
		if s.Session == observation.Workload {
			return s
		}
	}
	t.Fatalf("%s has no system calls", c.Name)
	return observation.Syscalls{}
}

// TestExecSessions: what docker exec brings in is not the container's own, in
// containers that start while they are watched and in those that ran before, also
// where it was there before, where it leaves a process behind that process 1
// inherits, and where the container shares the host's process numbers.
func TestExecSessions(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	executed := map[string]string{
		"before": "NET_RAW", "before-pid": "CHOWN NET_RAW", "after": "CHOWN NET_RAW", "after-pid": "CHOWN NET_RAW",
	}
	const adopted = "sh -c 'sleep 2; chown 33 /tmp' &" // its parent ends at once
	exec := func(name string) {
		h.Docker("exec", name, "ping", "-c", "1", "127.0.0.1")
		h.Docker("exec", "-d", name, "sh", "-c", adopted)
	}
	h.Run("--name", "before", image)
	h.Run("--name", "before-pid", "--pid", "host", image)
	h.Docker("exec", "-d", "before", "sh", "-c", "sleep 3; ping -c 1 127.0.0.1; sleep 60")
	time.Sleep(500 * time.Millisecond) // so that it sleeps
	w := watch(t, h.Engine(), observe.Options{})
	for _, name := range []string{"after", "after-pid"} {
		flags := []string{"--name", name, image}
		if name == "after-pid" {
			flags = append([]string{"--pid", "host"}, flags...)
		}
		h.Run(flags...)
		exec(name)
	}
	exec("before-pid")
	for name, want := range executed {
		w.until(name, func(c *observation.Container) bool { return c.Used().String() == want })
	}
	o := w.stop()
	for name, want := range executed {
		c := named(t, o, name)
		wantUsed(t, c, "")
		if got := c.Used(observation.Exec).String(); got != want {
			t.Errorf("exec sessions of %s used [%s], want [%s]", name, got, want)
		}
		if started := strings.HasPrefix(name, "after"); started != (c.Watched.Starts == 1) || started == (c.Watched.Joined == 1) {
			t.Errorf("%s: watched %+v", name, c.Watched)
		}
	}
}

// TestRestarts: a container that is restarted was seen to start and to end, and what
// it used in all its runs is told together.
func TestRestarts(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	h.Run("--name", "phases", image, "sh", "-c",
		`if [ -e /tmp/seen ]; then ping -c 1 127.0.0.1; else touch /tmp/seen; chown 33 /tmp/seen; fi; trap exit TERM; while :; do sleep 3600 & wait $!; done`)
	w := watch(t, h.Engine(), observe.Options{})
	h.Docker("restart", "phases")
	h.Docker("restart", "phases")
	w.until("phases", func(c *observation.Container) bool { return c.Watched.Starts == 2 && c.Used() != 0 })
	o := w.stop()
	c := named(t, o, "phases")
	wantUsed(t, c, "NET_RAW") // the chown of its first start was before
	if w := c.Watched; w.Starts != 2 || w.Joined != 1 || w.Ends != 2 || w.Restarts() != 2 {
		t.Errorf("watched %+v, want two starts, two ends and one run that was under way", w)
	}
}
