package lab_test

import (
	"strings"
	"testing"

	"seawall/lab"
)

// every runs test for every engine release, in parallel with all others.
func every(t *testing.T, test func(t *testing.T, v lab.Version)) {
	t.Parallel()
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
		if got := h.Docker("info", "--format", "{{.MemoryLimit}} {{.PidsLimit}}"); got != "true true" {
			t.Errorf("engine can limit memory and processes: %s", got)
		}
		id := h.Run("--memory", "64m", "--pids-limit", "50", h.ImportBusybox())
		if got := h.Docker("exec", id, "echo", "alive"); got != "alive" {
			t.Errorf("exec in a container: %q", got)
		}
		h.Run("--privileged", h.ImportSleep())
		h.Run("--cap-add", "ALL", lab.SleepRef)
		h.Docker("exec", "--privileged", id, "true")
	})
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
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

func TestNeighbour(t *testing.T) {
	t.Parallel()
	h := lab.New(t, lab.Options{LAN: true, Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375", "--tls=false"}})
	h.Run("-p", "8080:80", h.ImportBusybox(), "sh", "-c", "echo published >/tmp/index.html; httpd -f -h /tmp")
	h.Run("-p", "127.0.0.1:8081:80", lab.BusyboxRef, "httpd", "-f", "-h", "/etc")
	tests := map[string]string{
		"http://" + lab.HostAddr + ":2375/_ping":    "OK",
		"http://[" + lab.HostAddr6 + "]:2375/_ping": "OK",
		"http://" + lab.HostAddr + ":8080/":         "published\n",
		"http://" + lab.HostAddr + ":8081/hosts":    "",
		"http://" + lab.NeighbourAddr + ":8080/":    "",
	}
	for url, want := range tests {
		got, err := h.Neighbour(t.Context(), "curl", "-s", "--max-time", "5", url).Output()
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("neighbour gets %s: %q, %v; want %q", url, got, err, want)
		}
	}
	if got := h.Exec("ps", "-e", "-o", "comm="); strings.Contains(got, "curl") {
		t.Error("the neighbour's processes are among the host's")
	}
}

func TestBrokenConfigurationFails(t *testing.T) {
	t.Parallel()
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

func TestServers(t *testing.T) {
	every(t, func(t *testing.T, v lab.Version) {
		h := lab.New(t, lab.Options{Version: v})
		h.Run("-p", "80:80", h.ImportServer(lab.Nginx))
		h.Run("-p", "6379:6379", "--user", "redis", h.ImportServer(lab.Redis))
		retry := []string{"curl", "-s", "--retry", "20", "--retry-all-errors", "--retry-delay", "1", "--max-time", "5"}
		if got := h.Exec(append(retry, "http://127.0.0.1/")...); got != "nginx\n" {
			t.Errorf("nginx answers %q", got)
		}
		const ping = `for i in $(seq 100); do
			exec 3<>/dev/tcp/127.0.0.1/6379 && echo PING >&3 && read -r answer <&3 && echo "$answer" && exit
			sleep 0.1
		done`
		if got := strings.TrimSpace(h.Exec("bash", "-c", ping)); got != "+PONG" {
			t.Errorf("redis answers %q", got)
		}
	})
}
