package observe_test

import (
	"testing"

	"seawall/lab"
	"seawall/observation"
	"seawall/source/observe"
)

// TestPlaces: a container is found and its checks are told apart from others however its
// engine arranges it: with cgroups v1 and v2, below a parent cgroup, without cgroups of
// its own, in a user namespace, in another container's or the host's namespaces.
func TestPlaces(t *testing.T) {
	const script = "chown 33 /tmp; ping -c 1 127.0.0.1"
	tests := []struct {
		name     string
		options  lab.Options
		rootless bool
		flags    []string
	}{
		{name: "cgroup v2", options: lab.Options{CgroupV2: true}},
		{name: "cgroup v2, 20.10", options: lab.Options{Version: lab.V20, CgroupV2: true}},
		{name: "cgroup parent", options: lab.Options{Flags: []string{"--cgroup-parent", "/deep/er"}}},
		{name: "remapped", options: lab.Options{Flags: []string{"--userns-remap", "default"}}},
		{name: "remapped, 20.10", options: lab.Options{Version: lab.V20, Flags: []string{"--userns-remap", "default"}}},
		{name: "rootless", rootless: true},
		{name: "rootless, 20.10", options: lab.Options{Version: lab.V20}, rootless: true},
		{name: "host namespaces", flags: []string{"--pid", "host", "--network", "host", "--ipc", "host", "--uts", "host"}},
		{name: "docker-init", flags: []string{"--init"}},
		{name: "privileged", flags: []string{"--privileged"}},
		{name: "no-new-privileges", flags: []string{"--security-opt", "no-new-privileges"}},
		{name: "own cgroup namespace", flags: []string{"--cgroupns", "private"}},
		{name: "read-only", flags: []string{"--read-only", "--tmpfs", "/tmp"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := lab.New(t, test.options)
			e := h.Engine()
			if test.rootless {
				h.AddUser("alice")
				e = h.StartRootless("alice")
			}
			image, err := e.ImportBusybox(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			w := watch(t, e, observe.Options{})
			flags := append([]string{"--name", "probe"}, test.flags...)
			if _, err := e.Run(t.Context(), append(flags, image, "sh", "-c", script)...); err != nil {
				t.Fatal(err)
			}
			w.until("probe", hasEnded)
			o := w.stop()
			c := named(t, o, "probe")
			wantUsed(t, c, "CHOWN NET_RAW")
			if got := c.Refused(observation.Workload); got != 0 {
				t.Errorf("refused: %v", got)
			}
			if w := c.Watched; w.Starts != 1 || w.Ends != 1 {
				t.Errorf("watched %+v, want one start and one end", w)
			}
			if calls := calls(t, c); len(calls.Names) < 10 {
				t.Errorf("system calls: %v", calls.Names)
			}
		})
	}
}
