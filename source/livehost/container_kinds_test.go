package livehost

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/snapshot"
)

// find returns a container of a snapshot by name.
func find(t testing.TB, s *snapshot.Snapshot, name string) snapshot.Container {
	t.Helper()
	for _, e := range s.Engines {
		list, _ := e.Containers.Peek()
		for _, c := range list {
			if c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("no container %s in %d engines", name, len(s.Engines))
	return snapshot.Container{}
}

func TestContainerOfRemappedEngine(t *testing.T) {
	h := lab.New(t, lab.Options{
		Files: map[string]string{"/etc/subuid": "dockremap:200000:65536\n", "/etc/subgid": "dockremap:200000:65536\n"},
		Prepare: func(ctx context.Context, h *lab.Host) error {
			_, err := h.AddUser(ctx, "dockremap")
			return err
		},
		Flags: []string{"--userns-remap=dockremap"},
	})
	copyIn(t, h)
	h.Docker("volume", "create", "plain")
	img := h.ImportSleep()
	h.Run("--name", "web", "-v", "plain:/data", "-v", "/srv:/srv:ro", img)
	h.Run("--name", "host", "--userns", "host", "-v", "/run/docker.sock:/s", img)
	s := collectAs(t, h, "all")
	c := find(t, s, "web")
	p := value(t, c.Process)
	base := value(t, p.UIDMap)
	if len(base) == 0 || base[0].Outside != 200000 || value(t, p.UID) != int(base[0].Outside) {
		t.Errorf("uid %v, map %v", p.UID, base)
	}
	if value(t, p.Namespaces)["user"].Host {
		t.Error("web is in the host's user namespace")
	}
	if m := value(t, p.HostMounts); len(m) != 1 || m[0] != (snapshot.HostMount{Source: "/srv", Destination: "/srv", ReadOnly: true}) {
		t.Errorf("mounts %+v", m)
	}
	c = find(t, s, "host")
	p = value(t, c.Process)
	if !value(t, p.Namespaces)["user"].Host || value(t, p.UID) != 0 {
		t.Errorf("host: uid %v, namespaces %v", p.UID, p.Namespaces)
	}
	if list := value(t, p.ControlSockets); len(list) != 1 || list[0].Path != "/s" || list[0].Engine == "" {
		t.Errorf("sockets %+v", list)
	}
}

func TestContainerOfRootlessEngine(t *testing.T) {
	lab.RequireRootless(t)
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	e := h.StartRootless("alice")
	img, err := e.ImportSleep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Run(t.Context(), "--name", "web", "--network", "host", "-v", e.SockInside()+":/s", "-v", "/home/alice:/h:ro", img); err != nil {
		t.Fatal(err)
	}
	s := collectAs(t, h, "all")
	c := find(t, s, "web")
	p := value(t, c.Process)
	if uid := value(t, p.UID); uid < 1000 {
		t.Errorf("uid %d, want alice's", uid)
	}
	if n := value(t, p.Namespaces); !n["net"].Host || n["pid"].Host {
		t.Errorf("namespaces %v", n)
	}
	if m := value(t, p.HostMounts); !slices.Contains(m, snapshot.HostMount{Source: "/home/alice", Destination: "/h", ReadOnly: true}) ||
		!slices.Contains(m, snapshot.HostMount{Source: e.SockInside(), Destination: "/s", NoSUID: true, NoDev: true}) || len(m) != 2 {
		t.Errorf("mounts %+v", m)
	}
	if list := value(t, p.ControlSockets); len(list) != 1 || list[0].Path != "/s" || !strings.HasSuffix(list[0].Engine, e.SockInside()) {
		t.Errorf("sockets %+v", list)
	}
}

// TestOrdinaryUserSeesNoMore: what only root may read is a gap to others, and
// what others read is what root reads.
func TestOrdinaryUserSeesNoMore(t *testing.T) {
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	h.Run("--name", "web", "--cap-drop", "ALL", "-v", "/run:/r", h.ImportSleep())
	h.Exec("useradd", "-m", "-G", "docker", "bob")
	h.WriteFile("/etc/sudoers", "bob ALL=/usr/bin/docker\n", 0o440)
	h.WriteFile("/root/.docker/config.json", "{}", 0o600)
	rootSaw, bobSaw := collectAs(t, h, "all"), collectAs(t, h, "all", "runuser", "-u", "bob", "--")
	root := map[string]string{}
	record := func(s *snapshot.Snapshot, visit func(path, text string, f snapshot.AnyFact)) {
		c := find(t, s, "web")
		snapshot.Walk(&c, func(path string, f snapshot.AnyFact) {
			text, _ := f.(interface{ MarshalJSON() ([]byte, error) }).MarshalJSON()
			visit(path, string(text), f)
		})
	}
	record(rootSaw, func(path, text string, _ snapshot.AnyFact) { root[path] = text })
	gaps := 0
	record(bobSaw, func(path, text string, f snapshot.AnyFact) {
		switch {
		case !strings.HasPrefix(path, "Process."):
		case f.State() == snapshot.Unreadable:
			gaps++
		case text != root[path]:
			t.Errorf("%s: bob sees %s, root %s", path, text, root[path])
		}
	})
	if c := find(t, bobSaw, "web"); gaps == 0 {
		t.Errorf("bob has no gaps in %+v", c.Process)
	}
	users := value(t, rootSaw.Host.Users)
	i := slices.IndexFunc(users, func(u snapshot.User) bool { return u.Name == "bob" })
	if rules := value(t, users[i].SudoDocker); len(rules) != 1 || rules[0].Where != "/etc/sudoers:1" {
		t.Errorf("root sees sudo rules %+v", rules)
	}
	users = value(t, bobSaw.Host.Users)
	if g := users[i].SudoDocker.Gap(); g.Reason != snapshot.ReasonPermission || g.Remedy != "run as root" {
		t.Errorf("bob's gap about sudo: %+v", users[i].SudoDocker)
	}
	if list := value(t, bobSaw.Clients); slices.ContainsFunc(list, func(c snapshot.Client) bool { return c.User != "bob" }) {
		t.Errorf("bob sees clients %+v", list)
	}
	if list := value(t, rootSaw.Clients); len(list) != 1 || list[0].User != "root" {
		t.Errorf("root sees clients %+v", list)
	}
}

// TestInsideContainer: files and network of the container Seawall runs in are
// not the host's.
func TestInsideContainer(t *testing.T) {
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	img := h.ImportBusybox()
	for _, flags := range [][]string{nil, {"--pid", "host"}, {"--network", "host"}} {
		args := append([]string{"run", "--rm", "-e", inside + "=all", "-v", "/usr/local/bin/collect:/collect:ro",
			"-v", "/usr/lib:/lib:ro", "-v", "/usr/lib64:/lib64:ro", // for a test binary that needs a C library
			"-v", "/run/docker.sock:/run/docker.sock"}, flags...)
		s := decodeText(t, h.Docker(append(args, img, "/collect")...))
		name := strings.Join(flags, " ")
		for what, f := range map[string]snapshot.AnyFact{"os": &s.Host.OS, "users": &s.Host.Users, "clients": &s.Clients, "name": &s.Host.Name} {
			if g := f.Gap(); g.Reason != snapshot.ReasonNamespace || g.Remedy == "" {
				t.Errorf("%q: %s is %v %+v", name, what, f.State(), g)
			}
		}
		f := s.Host.Sysctls["net.ipv4.ip_forward"]
		if f.State() != snapshot.Unreadable {
			t.Errorf("%q: ip_forward is %v", name, f.State())
		}
		if _, ok := s.Host.Kernel.Peek(); !ok {
			t.Errorf("%q: kernel: %+v", name, s.Host.Kernel.Gap())
		}
	}
}

func TestProcessOfAnother(t *testing.T) {
	for _, pid := range []int{os.Getpid(), 1 << 30} {
		o := snapshot.At("State.Pid", "test")
		e := &snapshot.Engine{Containers: snapshot.See([]snapshot.Container{{
			ID: strings.Repeat("0f", 32), Name: "gone", Process: snapshot.See(snapshot.Process{PID: pid}, o),
		}}, o)}
		e.Daemon.Process = snapshot.See(snapshot.DaemonProcess{PID: os.Getpid()}, o)
		collectProcesses(t.Context(), ThisMachine(), e, nil)
		list, _ := e.Containers.Peek()
		if g := list[0].Process.Gap(); g.Reason != snapshot.ReasonVanished {
			t.Errorf("process %d: %+v", pid, list[0].Process)
		}
	}
}

// BenchmarkProcesses reads 300 processes: ten containers thirty times over.
func BenchmarkProcesses(b *testing.B) {
	h := lab.New(b, lab.Options{})
	img := h.ImportSleep()
	for range 10 {
		h.Run("--network", "none", "-v", "/srv:/srv", img)
	}
	m := labMachine(h)
	e := labEngine(b, h.Docker, h.DaemonPID())
	sockets := socketsOf(b, m, e)
	ten, _ := e.Containers.Peek()
	for b.Loop() {
		e.Containers = snapshot.See(slices.Repeat(ten, 30), e.Containers.Origin())
		collectProcesses(b.Context(), m, e, sockets)
	}
}

func decodeText(t testing.TB, text string) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Decode(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return s
}

// TestEngineFilesAreNoHostMounts: secrets, configs, anonymous and tmpfs
// volumes and the engine's init are not the host's files.
func TestEngineFilesAreNoHostMounts(t *testing.T) {
	h := lab.New(t, lab.Options{})
	img := h.ImportSleep()
	h.Docker("swarm", "init", "--advertise-addr", "127.0.0.1")
	h.Exec("sh", "-c", "echo x | docker secret create key -; echo y | docker config create conf -")
	h.Docker("service", "create", "--no-resolve-image", "--detach", "--name", "svc", "--secret", "key", "--config", "conf", img)
	h.Docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "mem")
	h.Run("--name", "own", "--init", "-v", "/anonymous", "-v", "mem:/mem", "--tmpfs", "/t", "--shm-size", "1m", img)
	m := labMachine(h)
	var e *snapshot.Engine
	for range 100 {
		if e = labEngine(t, h.Docker, h.DaemonPID()); len(value(t, e.Containers)) == 2 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	collectProcesses(t.Context(), m, e, socketsOf(t, m, e))
	all := processes(t, e)
	if len(all) != 2 {
		t.Fatalf("%d containers, want the service's and own", len(all))
	}
	for name, p := range all {
		if list := value(t, p.HostMounts); len(list) != 0 {
			t.Errorf("%s: host mounts %+v", name, list)
		}
	}
}
