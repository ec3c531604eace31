package livehost

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/hostfile"
)

// labMachine is a mini host as this machine, outside of it, sees it.
func labMachine(h *lab.TestHost) Machine {
	return Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())}
}

// inspected is what docker inspect tells of a container, as far as the
// processes' facts depend on it.
type inspected struct {
	ID, Name string
	State    struct{ Pid int }
	Mounts   []snapshot.Mount
}

// labEngine is an engine of a mini host with its containers.
func labEngine(t testing.TB, docker func(...string) string, daemon int) *snapshot.Engine {
	t.Helper()
	o := snapshot.At("test", "docker inspect")
	e := &snapshot.Engine{Name: "unix:///run/docker.sock", Local: true}
	e.Daemon.Process = snapshot.See(snapshot.DaemonProcess{PID: daemon}, o)
	e.Settings.DataRoot = snapshot.See(strings.TrimSpace(docker("info", "--format", "{{.DockerRootDir}}")), o)
	e.Listeners = snapshot.See([]snapshot.Listener(nil), o)
	e.AllListeners = snapshot.See(true, o)
	var list []inspected
	if ids := strings.Fields(docker("ps", "-q", "--no-trunc")); len(ids) > 0 {
		if err := json.Unmarshal([]byte(docker(append([]string{"inspect"}, ids...)...)), &list); err != nil {
			t.Fatal(err)
		}
	}
	var containers []snapshot.Container
	for _, c := range list {
		containers = append(containers, snapshot.Container{
			ID: c.ID, Name: strings.TrimPrefix(c.Name, "/"), Mounts: snapshot.See(c.Mounts, o),
			Process: snapshot.See(snapshot.Process{PID: c.State.Pid}, o),
		})
	}
	e.Containers = snapshot.See(containers, o)
	return e
}

// socketsOf are the control sockets of a mini host's system engine.
func socketsOf(t testing.TB, m Machine, e *snapshot.Engine) []ControlSocketFile {
	t.Helper()
	sockets := []ControlSocketFile{
		{Path: "/run/docker.sock", Service: "engine", Engine: e.Name},
		{Path: "/run/docker/containerd/containerd.sock", Service: "containerd"},
	}
	for i := range sockets {
		info, err := m.Files.Info(sockets[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		sockets[i].Dev, sockets[i].Inode = info.Dev, info.Inode
	}
	return sockets
}

func processes(t testing.TB, e *snapshot.Engine) map[string]snapshot.Process {
	t.Helper()
	out := map[string]snapshot.Process{}
	list, _ := e.Containers.Peek()
	for _, c := range list {
		p, ok := c.Process.Peek()
		if !ok {
			t.Fatalf("process of %s: %+v", c.Name, c.Process.Gap())
		}
		out[c.Name] = p
	}
	return out
}

func value[T any](t testing.TB, f snapshot.Fact[T]) T {
	t.Helper()
	v, ok := f.Peek()
	if !ok {
		t.Errorf("%s: %+v", f.Origin().Path, f.Gap())
	}
	return v
}

func TestProcessesOfRealContainers(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version})
			img := h.ImportSleep()
			run := func(name string, args ...string) {
				h.Run(append(append([]string{"--name", name}, args...), img)...)
			}
			h.Docker("volume", "create", "plain")
			h.Docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/run", "disguised")
			run("web")
			run("drop", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--security-opt", "no-new-privileges", "--user", "1000:1000")
			run("open", "--security-opt", "seccomp=unconfined", "--pid", "host", "--ipc", "host", "--uts", "host", "--network", "host")
			run("priv", "--privileged")
			run("joined", "--network", "container:web", "--pid", "container:web")
			run("sock", "-v", "/var/run/docker.sock:/var/run/docker.sock:ro")
			run("run", "-v", "/run:/hostrun", "-v", "plain:/data")
			run("root", "-v", "/:/host:ro", "--tmpfs", "/tmp")
			run("vol", "-v", "disguised:/x", "-v", "/proc:/hostproc:ro")
			run("shared", "--mount", "type=bind,src=/var/lib/docker,dst=/lib/d,bind-propagation=rshared")
			run("ctd", "-v", "/run/docker/containerd:/c")
			m := labMachine(h)
			e := labEngine(t, h.Docker, h.DaemonPID())
			collectProcesses(t.Context(), m, e, socketsOf(t, m, e))
			got := processes(t, e)
			checkRights(t, got, version)
			checkNamespaces(t, got)
			checkMounts(t, got, version)
		})
	}
}

func checkRights(t *testing.T, got map[string]snapshot.Process, version lab.Version) {
	t.Helper()
	missing, _ := lab.MissingCapabilities()
	type rights struct {
		uid      int
		eff, bnd snapshot.CapSet
		nnp      bool
		seccomp  int
	}
	all := snapshot.AllCaps &^ snapshot.Caps(missing...)
	if version == lab.V20 { // does not know the newest three
		all &^= snapshot.Caps("PERFMON", "BPF", "CHECKPOINT_RESTORE")
	}
	admin := snapshot.Caps("NET_ADMIN")
	want := map[string]rights{
		"web":  {0, snapshot.DefaultCaps, snapshot.DefaultCaps, false, 2},
		"drop": {1000, 0, admin, true, 2},
		"open": {0, snapshot.DefaultCaps, snapshot.DefaultCaps, false, 0},
		"priv": {0, all, all, false, 0},
	}
	for name, w := range want {
		p := got[name]
		g := rights{value(t, p.UID), value(t, p.CapEffective), value(t, p.CapBounding), value(t, p.NoNewPrivs), value(t, p.SeccompMode)}
		if g != w {
			t.Errorf("%s: got %+v, want %+v", name, g, w)
		}
		if ids := value(t, p.UIDMap); len(ids) != 1 || ids[0].Outside != 0 {
			t.Errorf("%s: uid map %v", name, ids)
		}
	}
}

func checkNamespaces(t *testing.T, got map[string]snapshot.Process) {
	t.Helper()
	hostOf := func(name string) string {
		var kinds []string
		for _, kind := range []string{"ipc", "mnt", "net", "pid", "user", "uts"} {
			if value(t, got[name].Namespaces)[kind].Host {
				kinds = append(kinds, kind)
			}
		}
		return strings.Join(kinds, " ")
	}
	if g := hostOf("web"); g != "user" {
		t.Errorf("web: host namespaces %q", g)
	}
	if g := hostOf("open"); g != "ipc net pid user uts" {
		t.Errorf("open: host namespaces %q", g)
	}
	web, joined := value(t, got["web"].Namespaces), value(t, got["joined"].Namespaces)
	for _, kind := range []string{"net", "pid"} {
		if web[kind] != joined[kind] {
			t.Errorf("joined: %s namespace %v, web's is %v", kind, joined[kind], web[kind])
		}
	}
}

func checkMounts(t *testing.T, got map[string]snapshot.Process, version lab.Version) {
	t.Helper()
	docker, ctd := "/run/docker.sock", "/run/docker/containerd/containerd.sock"
	root := "/:/host:ro"
	if version == lab.V20 { // "ro" leaves the mounts below writable before 25.0
		root += " /dev:/host/dev /home:/host/home /proc:/host/proc /run:/host/run /sys:/host/sys" +
			" /var/lib/containerd:/host/var/lib/containerd /var/lib/docker:/host/var/lib/docker"
	}
	tests := []struct {
		name            string
		mounts, sockets string
	}{
		{"web", "", ""}, {"drop", "", ""}, {"open", "", ""}, {"priv", "", ""}, {"joined", "", ""},
		{"sock", docker + ":/var/run/docker.sock:ro", "engine@/var/run/docker.sock"},
		{"run", "/run:/hostrun", "engine@/hostrun/docker.sock containerd@/hostrun/docker/containerd/containerd.sock"},
		{"root", root, "engine@/host/run/docker.sock containerd@/host" + ctd},
		{"vol", "/proc:/hostproc:ro /run:/x", "engine@/x/docker.sock containerd@/x/docker/containerd/containerd.sock"},
		// the volume "disguised" is mounted in the data root by then
		{"shared", "/var/lib/docker:/lib/d:shared", "engine@/lib/d/volumes/disguised/_data/docker.sock containerd@/lib/d/volumes/disguised/_data/docker/containerd/containerd.sock"},
		{"ctd", filepath.Dir(ctd) + ":/c", "containerd@/c/containerd.sock"},
	}
	for _, tt := range tests {
		var mounts, sockets []string
		for _, m := range value(t, got[tt.name].HostMounts) {
			s := m.Source + ":" + m.Destination
			if m.ReadOnly {
				s += ":ro"
			}
			if m.Shared {
				s += ":shared"
			}
			mounts = append(mounts, s)
		}
		for _, s := range value(t, got[tt.name].ControlSockets) {
			sockets = append(sockets, fmt.Sprintf("%s@%s", s.Service, s.Path))
		}
		if diff := cmp.Diff(tt.mounts, strings.Join(mounts, " ")); diff != "" {
			t.Errorf("%s: mounts (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.sockets, strings.Join(sockets, " ")); diff != "" {
			t.Errorf("%s: sockets (-want +got):\n%s", tt.name, diff)
		}
	}
}
