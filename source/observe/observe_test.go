package observe_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
	"seawall/source/observe"
)

// watch observes the containers of a host until stop is called, which returns what was
// seen.
func watch(t testing.TB, h *lab.TestHost, o observe.Options) (stop func() *observation.Observation) {
	t.Helper()
	o.List = func(ctx context.Context) ([]observe.Known, error) { return list(ctx, h.Engine()) }
	return run(t, o)
}

func run(t testing.TB, o observe.Options) (stop func() *observation.Observation) {
	t.Helper()
	if o.SyscallWindow == 0 {
		o.SyscallWindow = time.Minute
	}
	w, err := observe.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx, func(*observation.Observation) {}) }()
	ended := false
	stop = func() *observation.Observation {
		if !ended {
			ended = true
			cancel()
			if err := <-done; err != nil {
				t.Errorf("watch: %v", err)
			}
			if err := w.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		return w.Observation()
	}
	t.Cleanup(func() { stop() })
	return stop
}

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
			stop := watch(t, h, observe.Options{})
			for _, test := range tests {
				h.Docker(append(append([]string{"run", "--name", test.name}, test.flags...), image, "sh", "-c", test.script)...)
			}
			o := stop()
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
