package livehost

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
)

const dockerService = `[Unit]
Description=engine
[Service]
ExecStart=/usr/sbin/dockerd -H fd:// \
  --containerd=/run/containerd/containerd.sock
EnvironmentFile=-/etc/default/docker
`

// manage starts the test binary as systemd, with a socket at path.
func manage(h *lab.TestHost, path, command string) {
	h.Exec("sh", "-c", fmt.Sprintf(`mkdir -p /usr/lib/systemd && ln -f /usr/local/bin/collect /usr/lib/systemd/systemd
%s=%s setsid /usr/lib/systemd/systemd %s >/var/log/systemd.log 2>&1 </dev/null &
for i in $(seq 200); do [ -S %s ] && exit; sleep 0.05; done; cat /var/log/systemd.log; exit 1`, activator, path, command, path))
}

func TestSocketActivation(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	copyIn(t, h)
	h.WriteFile("/usr/lib/systemd/system/docker.service", dockerService, 0o644)
	h.WriteFile("/usr/lib/systemd/system/docker.socket", "[Socket]\nListenStream=/run/docker.sock\n", 0o644)
	h.WriteFile("/etc/systemd/system/docker.service.d/10-tcp.conf", "[Service]\nLimitNOFILE=1\n", 0o646)
	h.WriteFile("/usr/lib/systemd/system/docker.service.d/10-tcp.conf", "[Service]\nLimitNOFILE=2\n", 0o644)
	h.WriteFile("/etc/default/docker", "", 0o644)
	h.Exec("sh", "-c", `for d in /sys/fs/cgroup/*/; do mkdir -p $d/system.slice/docker.service; done 2>/dev/null; true`)
	h.WriteFile("/start", `#!/bin/sh
for d in /sys/fs/cgroup/*/; do echo 0 >$d/system.slice/docker.service/cgroup.procs; done 2>/dev/null
exec dockerd -H fd://
`, 0o755)
	manage(h, "/run/docker.sock", "sh -c '. /start'")
	h.Exec("sh", "-c", "for i in $(seq 200); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done; cat /var/log/systemd.log; exit 1")
	e := only(t, collectAs(t, h, "all"))
	unexpectedGaps(t, e)
	p := value(t, e.Daemon.Process)
	if p.Executable != "/usr/sbin/dockerd" || p.Start != "systemd-socket" {
		t.Errorf("process %+v", p)
	}
	u := value(t, e.Daemon.Unit)
	if u.Name != "docker.service" || !slices.Equal(u.Listen, []string{"/run/docker.sock"}) ||
		!slices.Equal(u.Files, []string{"/usr/lib/systemd/system/docker.service", "/etc/systemd/system/docker.service.d/10-tcp.conf"}) {
		t.Errorf("unit %+v", u)
	}
	l := findListener(t, e, "unix:///run/docker.sock")
	if holders := value(t, l.Holders); !l.SocketActivated || len(holders) != 2 {
		t.Errorf("activated %v, holders %+v", l.SocketActivated, holders)
	}
	var roles []string
	for _, f := range value(t, e.Daemon.Files) {
		roles = append(roles, f.Role+" "+f.Path)
	}
	for _, want := range []string{"unit /usr/lib/systemd/system/docker.socket", "drop-in /etc/systemd/system/docker.service.d/10-tcp.conf", "environment /etc/default/docker"} {
		if !slices.Contains(roles, want) {
			t.Errorf("no %s among %v", want, roles)
		}
	}
	if !slices.ContainsFunc(value(t, e.Daemon.AuditPaths), func(p snapshot.AuditPath) bool {
		return p.Role == snapshot.RoleDropIn && p.Real == "/etc/systemd/system/docker.service.d/10-tcp.conf"
	}) {
		t.Error("the drop-in, which may change the program, need not be audited")
	}
	h.Exec("useradd", "alice", "-G", "docker")
	user := only(t, collectAs(t, h, "all", "runuser", "-u", "alice", "--"))
	if f := user.Daemon.Process; f.State() != snapshot.Unreadable || f.Gap().Reason != snapshot.ReasonPermission {
		t.Errorf("as alice the process is %s, %+v", show(f), f.Gap())
	}
	if f := value(t, findListener(t, user, "unix:///run/docker.sock").Socket); f.Path != "/run/docker.sock" || f.Type != "socket" {
		t.Errorf("as alice the socket is %s", f)
	}
}

func TestAnEngineThatSleepsIsNotWoken(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	copyIn(t, h)
	manage(h, "/run/docker.sock", "")
	e := only(t, collectAs(t, h, "all"))
	if g := e.API.Gap(); !strings.Contains(g.Detail, "would start it") {
		t.Errorf("gap %+v", g)
	}
	if out := h.Exec("sh", "-c", "ls /run/docker.sock.connected 2>/dev/null || true"); out != "" {
		t.Error("the audit connected, which would have started the engine")
	}
}

func TestWhatIsNoEngine(t *testing.T) {
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	// A forwarder, a file left over, and something that never answers.
	h.Exec("sh", "-c", `ln -s /run/docker.sock /run/docker-fwd.sock.to; ln /usr/local/bin/collect /usr/local/bin/socat
`+activator+`=/run/docker-fwd.sock setsid socat >/dev/null 2>&1 </dev/null &
`+activator+`=/run/docker-mute.sock setsid socat >/dev/null 2>&1 </dev/null &
for i in $(seq 200); do [ -S /run/docker-fwd.sock ] && [ -S /run/docker-mute.sock ] && exit; sleep 0.05; done; exit 1`)
	if e := only(t, collectAs(t, h, "all")); e.Name != "unix:///run/docker.sock" {
		t.Errorf("engine %s", e.Name)
	}
	s := collectAs(t, h, "unix:///run/docker-fwd.sock")
	e := only(t, s)
	if e.Local || e.Daemon.Process.Gap().Reason != snapshot.ReasonRemote || s.Host.Kernel.Gap().Reason != snapshot.ReasonRemote || s.Clients.Gap().Reason != snapshot.ReasonRemote {
		t.Errorf("local %v, process %+v, kernel %s", e.Local, e.Daemon.Process.Gap(), show(s.Host.Kernel))
	}
	if e.API.State() != snapshot.Seen {
		t.Errorf("API %+v", e.API.Gap())
	}
	local := only(t, collectAs(t, h, "unix:///var/run/docker.sock"))
	unexpectedGaps(t, local)
}

func TestConfigurationNewerThanTheDaemon(t *testing.T) {
	h := lab.New(t, lab.Options{DaemonJSON: `{"userland-proxy": true}`})
	copyIn(t, h)
	h.WriteFile("/etc/docker/daemon.json", `{"userland-proxy": false, "icc": false}`, 0o644)
	h.Exec("touch", "-d", "+1 minute", "/etc/docker/daemon.json")
	e := only(t, collectAs(t, h, "all"))
	if c := value(t, e.Daemon.Config); !c.NewerThanProcess {
		t.Errorf("config %+v", c)
	}
	if f := e.Settings.UserlandProxy; f.State() != snapshot.Unreadable || f.Gap().Reason != snapshot.ReasonUnresolved {
		t.Errorf("userland-proxy %s", show(f))
	}
	if !value(t, e.Settings.ICC) {
		t.Error("icc is off, though the engine runs with it on")
	}
	if c := value(t, e.Settings.Conflicts); len(c) != 1 || c[0].Setting != "icc" {
		t.Errorf("conflicts %+v", c)
	}
	h.WriteFile("/etc/docker/daemon.json", "{\n\"icc\": false,\n}", 0o644)
	e = only(t, collectAs(t, h, "all"))
	if c := value(t, e.Daemon.Config); !strings.HasPrefix(c.Error, "line 3: ") {
		t.Errorf("config %+v", c)
	}
	if f := e.Settings.UserlandProxy; f.State() != snapshot.Unreadable || f.Gap().Reason != snapshot.ReasonMalformed {
		t.Errorf("userland-proxy %s", show(f))
	}
}

func TestEndpoints(t *testing.T) {
	h := lab.New(t, lab.Options{Flags: []string{"-H", "tcp://127.0.0.1:2375"}})
	copyIn(t, h)
	for _, endpoint := range []string{"tcp://127.0.0.1:2375", "tcp://localhost:2375", "all"} {
		t.Run(endpoint, func(t *testing.T) {
			e := only(t, collectAs(t, h, endpoint))
			unexpectedGaps(t, e)
			if !e.Local || value(t, e.Daemon.Process).Executable != "/usr/sbin/dockerd" {
				t.Errorf("local %v, process %s", e.Local, show(e.Daemon.Process))
			}
		})
	}
	t.Run("remote", func(t *testing.T) {
		s := collectAs(t, h, "tcp://192.0.2.1:2375")
		e := only(t, s)
		if e.Local {
			t.Error("local")
		}
		snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
			if f.State() != snapshot.Unreadable {
				t.Errorf("%s: %v: a fact of this machine", path, f.Origin())
			}
		})
	})
}

func TestAnEngineThatHangs(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	copyIn(t, h)
	// Not started by the lab: nsenter stops together with its child.
	h.Exec("sh", "-c", `setsid dockerd -H unix:///run/docker.sock -H tcp://127.0.0.1:2375 >/var/log/dockerd.log 2>&1 </dev/null &
for i in $(seq 200); do docker version >/dev/null 2>&1 && break; sleep 0.1; done; pkill -STOP -x dockerd`)
	e := only(t, collectAs(t, h, "all"))
	if g := e.API.Gap(); g.Reason != snapshot.ReasonTimeout {
		t.Errorf("API: %+v", g)
	}
	if l := findListener(t, e, "tcp://127.0.0.1:2375"); l.Handshake.Gap().Reason != snapshot.ReasonTimeout {
		t.Errorf("handshake: %s", show(l.Handshake))
	}
	want(t, e.Settings.UserlandProxy, "true by default: set neither in /proc/PID/cmdline nor in /etc/docker/daemon.json")
}
