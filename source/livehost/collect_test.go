package livehost

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// show is a fact in one line: its value and who decided, or why there is none.
func show[T any](f snapshot.Fact[T]) string {
	switch f.State() {
	case snapshot.Seen:
		v, _ := f.Peek()
		return fmt.Sprint(v) + " by " + f.Origin().Source
	case snapshot.Absent:
		return "absent"
	}
	return "gap: " + string(f.Gap().Reason)
}

func names(s *snapshot.Snapshot) []string {
	var out []string
	for _, e := range s.Engines {
		out = append(out, e.Name)
	}
	return out
}

// only is the one engine of a snapshot.
func only(t testing.TB, s *snapshot.Snapshot) *snapshot.Engine {
	t.Helper()
	if len(s.Engines) != 1 {
		t.Fatalf("engines: %v, want one", names(s))
	}
	return &s.Engines[0]
}

func listenerNames(t testing.TB, e *snapshot.Engine) []string {
	t.Helper()
	var out []string
	for _, l := range value(t, e.Listeners) {
		out = append(out, l.Service+" "+l.Name)
	}
	return out
}

func findListener(t testing.TB, e *snapshot.Engine, name string) snapshot.Listener {
	t.Helper()
	for _, l := range value(t, e.Listeners) {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("no listener %s among %v", name, listenerNames(t, e))
	return snapshot.Listener{}
}

const ownContainerd = "containerd unix:///run/docker/containerd/containerd.sock"

func TestDefaultEngine(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version})
			copyIn(t, h)
			s := collectAs(t, h, "all")
			e := only(t, s)
			if e.Name != "unix:///run/docker.sock" || e.Kind != "docker" || !e.Local {
				t.Errorf("engine %s of kind %s, local %v", e.Name, e.Kind, e.Local)
			}
			p := value(t, e.Daemon.Process)
			if p.Executable != "/usr/sbin/dockerd" || p.User != "root" || p.Start != "by-hand" || len(p.OwnNamespaces) != 0 {
				t.Errorf("process %+v", p)
			}
			if diff := cmp.Diff([]string{"engine unix:///run/docker.sock", ownContainerd}, listenerNames(t, e)); diff != "" {
				t.Errorf("listeners (-want +got):\n%s", diff)
			}
			roles := map[string]string{}
			for _, f := range value(t, e.Daemon.Files) {
				roles[f.Role] = f.Path
			}
			for _, role := range []string{"dockerd", "containerd", "runc", "docker-init", "docker-proxy", "containerd-shim-runc-v2", "data-root"} {
				if roles[role] == "" {
					t.Errorf("no file of role %s among %v", role, roles)
				}
			}
			unexpectedGaps(t, e)
			byDefault := "default: set neither in /proc/" + fmt.Sprint(p.PID) + "/cmdline nor in /etc/docker/daemon.json"
			for name, f := range map[string]snapshot.Fact[bool]{"userland-proxy": e.Settings.UserlandProxy, "ip-forward": e.Settings.IPForward} {
				if got := show(f); got != "true by "+byDefault {
					t.Errorf("%s: %s", name, got)
				}
			}
			if got, want := value(t, e.Settings.IP6Tables), version == lab.V28; got != want {
				t.Errorf("ip6tables %v, want %v", got, want)
			}
			if got := value(t, e.Settings.NoNewPrivileges); got {
				t.Error("no-new-privileges is on")
			}
		})
	}
}

// unexpectedGaps fails for everything of an engine that could not be read.
func unexpectedGaps(t testing.TB, e *snapshot.Engine) {
	t.Helper()
	snapshot.Walk(e, func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.Unreadable || f.State() == snapshot.NotCollected {
			t.Errorf("%s: %+v", path, f.Gap())
		}
	})
}

func TestSettingsOfRealEngines(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	copyIn(t, h)
	tests := []struct {
		name  string
		flags []string
		file  string
		check func(*testing.T, *snapshot.Engine)
	}{
		{"icc off by flag", []string{"--icc=false"}, "", func(t *testing.T, e *snapshot.Engine) {
			want(t, e.Settings.ICC, "false by /proc/PID/cmdline, confirmed by GET /networks/bridge")
		}},
		{"icc off by file", []string{"--debug"}, "{\n \"icc\": false\n}", func(t *testing.T, e *snapshot.Engine) {
			want(t, e.Settings.ICC, "false by /etc/docker/daemon.json:2, confirmed by GET /networks/bridge")
			want(t, e.Settings.Debug, "true by /proc/PID/cmdline, confirmed by GET /info")
			if c := value(t, e.Daemon.Config); c.Path != "/etc/docker/daemon.json" || c.NewerThanProcess || !slices.Equal(c.Keys, []string{"icc"}) {
				t.Errorf("config %+v", c)
			}
		}},
		{"file only settings", []string{"--group", "root"}, `{"userland-proxy": false, "cgroup-parent": "/x", "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 20, "Soft": 10}}}`, func(t *testing.T, e *snapshot.Engine) {
			want(t, e.Settings.UserlandProxy, "false by /etc/docker/daemon.json:1")
			want(t, e.Settings.CgroupParent, "/x by /etc/docker/daemon.json:1")
			want(t, e.Settings.DefaultUlimits, "[nofile=10:20] by /etc/docker/daemon.json:1")
			want(t, e.Settings.Group, "root by /proc/PID/cmdline")
			if f := value(t, findListener(t, e, "unix:///run/docker.sock").Socket); f.Group != "root" {
				t.Errorf("socket %s", f)
			}
		}},
		{"relative config file", []string{"--config-file", "tmp/d.json"}, "", func(t *testing.T, e *snapshot.Engine) {
			want(t, e.Settings.IPForward, "false by /tmp/d.json:1")
			if c := value(t, e.Daemon.Config); c.Path != "/tmp/d.json" {
				t.Errorf("config %+v", c)
			}
		}},
		{"userns-remap", []string{"--userns-remap", "default"}, "", func(t *testing.T, e *snapshot.Engine) {
			if !value(t, e.Settings.UserNSRemap) {
				t.Error("not remapped")
			}
		}},
		{"plain TCP", []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375"}, "", func(t *testing.T, e *snapshot.Engine) {
			l := findListener(t, e, "tcp://127.0.0.1:2375")
			want(t, l.Handshake, fmt.Sprint(snapshot.Handshake{Plaintext: true, Anonymous: true})+" by tcp://127.0.0.1:2375")
			if p := value(t, l.Holders); len(p) != 1 || p[0].Executable != "/usr/sbin/dockerd" {
				t.Errorf("holders %+v", p)
			}
		}},
		{"metrics are no API", []string{"--metrics-addr", "127.0.0.1:9323"}, "", func(t *testing.T, e *snapshot.Engine) {
			if got := listenerNames(t, e); len(got) != 2 {
				t.Errorf("listeners %v", got)
			}
			want(t, e.Settings.MetricsAddress, "127.0.0.1:9323 by /proc/PID/cmdline")
		}},
		{"seccomp profile that denies nothing", []string{"--seccomp-profile", "/tmp/all.json"}, "", func(t *testing.T, e *snapshot.Engine) {
			want(t, e.Settings.SeccompProfile, "unconfined by /tmp/all.json")
		}},
	}
	h.WriteFile("/tmp/d.json", `{"ip-forward": false}`, 0o644)
	h.WriteFile("/tmp/all.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_LOG"}]}`, 0o644)
	h.Exec("groupadd", "-f", "docker")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.file != "" {
				h.WriteFile("/etc/docker/daemon.json", tt.file, 0o644)
				defer h.Exec("rm", "/etc/docker/daemon.json")
			}
			h.StartDaemon(tt.flags...)
			defer h.StopDaemon()
			e := only(t, collectAs(t, h, "all"))
			unexpectedGaps(t, e)
			tt.check(t, e)
		})
	}
}

// want compares a fact in one line. PID stands for any number.
func want[T any](t *testing.T, f snapshot.Fact[T], line string) {
	t.Helper()
	got := show(f)
	if before, rest, ok := strings.Cut(got, "/proc/"); ok {
		_, after, _ := strings.Cut(rest, "/")
		got = before + "/proc/PID/" + after
	}
	if got != line {
		t.Errorf("got  %s\nwant %s", got, line)
	}
}
