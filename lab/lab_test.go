package lab_test

import (
	"strings"
	"testing"

	"seawall/lab"
)

// every runs test in parallel for every engine release.
func every(t *testing.T, test func(t *testing.T, v lab.Version)) {
	for _, v := range lab.Versions() {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			test(t, v)
		})
	}
}

func TestVersionsSideBySide(t *testing.T) {
	every(t, func(t *testing.T, v lab.Version) {
		h := lab.New(t, lab.Options{Version: v})
		got := h.Docker("version", "--format", "{{.Server.Version}}")
		if !strings.HasPrefix(got, string(v)+".") {
			t.Errorf("engine answers version %s, want %s", got, v)
		}
		id := h.Run(h.ImportBusybox())
		if got := h.Docker("exec", id, "echo", "alive"); got != "alive" {
			t.Errorf("exec in a container: %q", got)
		}
		h.Run("--privileged", h.ImportSleep())
		h.Run("--cap-add", "ALL", lab.SleepRef)
		h.Docker("exec", "--privileged", id, "true")
	})
}

func TestConfiguration(t *testing.T) {
	h := lab.New(t, lab.Options{
		Hostname:   "harbour",
		Flags:      []string{"--icc=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375"},
		DaemonJSON: `{"live-restore": true}`,
		Files:      map[string]string{"/etc/motd": "hello\n"},
	})
	if got := h.Exec("cat", "/etc/motd", "/proc/sys/kernel/hostname"); got != "hello\nharbour\n" {
		t.Errorf("motd and host name: %q", got)
	}
	if got := h.Docker("info", "--format", "{{.LiveRestoreEnabled}}"); got != "true" {
		t.Errorf("live restore of daemon.json: %s", got)
	}
	if got := h.Exec("curl", "-s", "http://127.0.0.1:2375/_ping"); got != "OK" {
		t.Errorf("listener of the flags: %q", got)
	}
	before := h.DaemonPID()
	h.RestartDaemon("--debug")
	if h.DaemonPID() == before || h.DaemonPID() == 0 {
		t.Errorf("dockerd before and after a restart: %d, %d", before, h.DaemonPID())
	}
	if got := h.Docker("info", "--format", "{{.Debug}}"); got != "true" {
		t.Errorf("debug after a restart with it: %s", got)
	}
}

func TestBrokenConfigurationFails(t *testing.T) {
	lab.Require(t, lab.V28)
	h, err := lab.StartHost(t.Context(), lab.Options{DaemonJSON: `{"no-such-key": 1}`})
	if err == nil {
		h.Stop()
		t.Fatal("dockerd started with an unknown key")
	}
	if !strings.Contains(err.Error(), "no-such-key") {
		t.Errorf("the error does not hold the engine's: %v", err)
	}
}

func TestCgroupV2(t *testing.T) {
	every(t, func(t *testing.T, v lab.Version) {
		h := lab.New(t, lab.Options{Version: v, CgroupV2: true})
		if got := h.Docker("info", "--format", "{{.CgroupVersion}}"); got != "2" {
			t.Errorf("cgroup version %s, want 2", got)
		}
		h.Run(h.ImportBusybox())
		if got := h.Exec("stat", "-fc", "%T", "/sys/fs/cgroup"); got != "cgroup2fs\n" {
			t.Errorf("/sys/fs/cgroup is %s", got)
		}
	})
}

func TestSeveralEngines(t *testing.T) {
	lab.RequireRootless(t)
	every(t, func(t *testing.T, v lab.Version) {
		h := lab.New(t, lab.Options{Version: v})
		second := h.StartEngine("second", `{"labels": ["is=second"]}`)
		rootless := h.StartRootless("alice")
		for _, e := range []*lab.Engine{h.Engine(), second, rootless} {
			ref, err := e.ImportBusybox(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Run(t.Context(), ref); err != nil {
				t.Error(err)
			}
		}
		if got, _ := second.Docker(t.Context(), "info", "--format", "{{.Labels}}"); got != "[is=second]" {
			t.Errorf("labels of the second engine: %s", got)
		}
		if got, _ := rootless.Docker(t.Context(), "info", "--format", "{{.SecurityOptions}}"); !strings.Contains(got, "name=rootless") {
			t.Errorf("security options of the rootless engine: %s", got)
		}
		if got := h.Exec("ps", "-o", "user=", "-C", "dockerd"); strings.Count(got, "root\n") != 2 || strings.Count(got, "alice\n") != 1 {
			t.Errorf("users of dockerd: %q", got)
		}
	})
}
