package livehost

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// dindID is the id of a container that an engine of the test seems to run in.
const dindID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestSeveralEngines(t *testing.T) {
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	h.StartEngine("second", `{"debug": true}`)
	// One with a network namespace and mounts of its own, and no socket that
	// other mount namespaces see.
	h.Exec("sh", "-c", `mkdir -p /var/lib/third && mount -t tmpfs lab /var/lib/third
for d in /sys/fs/cgroup/*/; do mkdir -p $d/docker/`+dindID+` && echo 0 >$d/docker/`+dindID+`/cgroup.procs; done 2>/dev/null
setsid unshare --net --mount sh -c 'ip link set lo up; mount -t tmpfs lab /run; exec dockerd --bridge=none --iptables=false --data-root /var/lib/third --pidfile /run/third.pid -H unix:///run/third.sock -H tcp://127.0.0.1:2375' >/var/log/third.log 2>&1 </dev/null &
for i in $(seq 200); do grep -q "API listen on /run/third" /var/log/third.log && exit; sleep 0.1; done; cat /var/log/third.log; exit 1`)
	want := []string{"unix:///run/docker.sock", "unix:///proc/PID/root/run/third.sock", "unix:///run/docker-second.sock"}
	if lab.RootlessAvailable() == nil {
		h.StartRootless("carol")
		want = append(want, "unix:///run/user/UID/docker.sock")
	}
	h.Exec("sh", "-c", "mkdir -p /srv && touch /srv/x.sock && mount --bind /run/docker.sock /srv/x.sock")
	s := collectAs(t, h, "all")
	got := map[string]*snapshot.Engine{}
	for i := range s.Engines {
		got[plain(s.Engines[i].Name)] = &s.Engines[i]
		t.Log(s.Engines[i].Name, s.Engines[i].FoundBy)
	}
	if s.Engines[0].Name != want[0] || len(s.Engines) != len(want) {
		t.Errorf("engines %v, want %v", names(s), want)
	}
	for _, name := range want {
		if got[name] == nil {
			t.Fatalf("no engine %s among %v", name, names(s))
		}
	}
	if c := value(t, findListener(t, got[want[0]], want[0]).Copies); !slices.Equal(c, []string{"/srv/x.sock"}) {
		t.Errorf("copies of the socket: %v", c)
	}
	second := got["unix:///run/docker-second.sock"]
	unexpectedGaps(t, second)
	if c := value(t, second.Daemon.Config); c.Path != "/etc/docker-second/daemon.json" || !value(t, second.Settings.Debug) {
		t.Errorf("second: config %+v, debug %s", c, show(second.Settings.Debug))
	}
	third := got["unix:///proc/PID/root/run/third.sock"]
	if !strings.HasSuffix(third.FoundBy, " in container "+dindID[:12]) || value(t, third.Daemon.Process).Start != "container" {
		t.Errorf("third: found by %s, started by %s", third.FoundBy, value(t, third.Daemon.Process).Start)
	}
	if p := value(t, third.Daemon.Process); !slices.Contains(p.OwnNamespaces, "net") || !slices.Contains(p.OwnNamespaces, "mnt") {
		t.Errorf("third: namespaces %v", p.OwnNamespaces)
	}
	if l := findListener(t, third, "tcp://127.0.0.1:2375"); !value(t, l.Handshake).Anonymous {
		t.Errorf("third: %s", show(l.Handshake))
	}
	if rootless := got["unix:///run/user/UID/docker.sock"]; rootless != nil {
		p := value(t, rootless.Daemon.Process)
		if p.User != "carol" || p.Start != "rootlesskit" || !slices.Contains(p.OwnNamespaces, "user") {
			t.Errorf("rootless: %+v", p)
		}
		if !value(t, rootless.Settings.Rootless) {
			t.Error("rootless: not known as such")
		}
		unexpectedGaps(t, rootless, "Listeners[1].Copies") // containerd's, in mounts of its own
	}
	t.Run("as an ordinary user", func(t *testing.T) {
		s := collectAs(t, h, "all", "runuser", "-u", "nobody", "--")
		if len(s.Engines) != len(want) {
			t.Errorf("engines %v, want as many as root sees: %v", names(s), want)
		}
		for _, e := range s.Engines {
			t.Log(e.Name, e.FoundBy, e.API.Gap())
			if g := e.API.Gap(); g.Detail == "" || g.Reason != snapshot.ReasonPermission {
				t.Errorf("%s: %+v", e.Name, g)
			}
		}
	})
}

// plain replaces numbers that differ from run to run.
func plain(name string) string {
	parts := strings.Split(name, "/")
	for i := 1; i < len(parts); i++ {
		switch parts[i-1] {
		case "proc":
			parts[i] = "PID"
		case "user":
			parts[i] = "UID"
		}
	}
	return strings.Join(parts, "/")
}

func TestWhatAnOrdinaryUserSees(t *testing.T) {
	h := lab.New(t, lab.Options{DaemonJSON: `{"icc": false}`})
	copyIn(t, h)
	h.Exec("useradd", "-m", "alice")
	h.Exec("useradd", "-m", "-G", "docker", "bob")
	h.Exec("setfacl", "-m", "u:alice:r", "/run/docker.sock")
	root := only(t, collectAs(t, h, "all"))
	l := findListener(t, root, "unix:///run/docker.sock")
	if f := value(t, l.Socket); len(f.ACL) != 1 || f.ACL[0].Who() != "user alice" || f.Mode != 0o660 {
		t.Errorf("socket %s, ACL %+v", f, f.ACL)
	}
	if m := value(t, l.GroupMembers); !slices.Equal(m, []string{"bob"}) {
		t.Errorf("members %v", m)
	}
	for user, may := range map[string]bool{"nobody": false, "alice": false, "bob": true} {
		t.Run(user, func(t *testing.T) {
			e := only(t, collectAs(t, h, "all", "runuser", "-u", user, "--"))
			if _, ok := e.API.Peek(); ok != may {
				t.Errorf("API: %+v", e.API.Gap())
			}
			if !may && (e.API.Gap().Reason != snapshot.ReasonPermission || e.API.Gap().Remedy == "") {
				t.Errorf("gap %+v", e.API.Gap())
			}
			compareFacts(t, root, e)
		})
	}
}

// compareFacts fails for every fact of which an ordinary user got a value that
// root does not see.
func compareFacts(t *testing.T, root, user *snapshot.Engine) {
	t.Helper()
	seen := map[string]string{}
	line := func(f snapshot.AnyFact) string {
		data, err := f.(interface{ MarshalJSON() ([]byte, error) }).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	snapshot.Walk(root, func(path string, f snapshot.AnyFact) { seen[path] = line(f) })
	gaps := 0
	snapshot.Walk(user, func(path string, f snapshot.AnyFact) {
		switch {
		case f.State() == snapshot.Unreadable:
			gaps++
			if f.Gap().Reason == snapshot.ReasonNotCollected {
				t.Errorf("%s: nobody asked for it", path)
			}
		case path == "Listeners": // one of root's, whose facts are compared
		case path == "Daemon.Process": // the executable and namespaces are missing
		case strings.HasPrefix(path, "Settings."):
			if value := strings.SplitN(seen[path], `,"path"`, 2)[0]; !strings.HasPrefix(line(f), value) {
				t.Errorf("%s: %s, root sees %s", path, line(f), seen[path])
			}
		default:
			if diff := cmp.Diff(seen[path], line(f)); diff != "" {
				t.Errorf("%s: differs from what root sees:\n%s", path, diff)
			}
		}
	})
	t.Logf("%d gaps", gaps)
}

func TestInsideAContainer(t *testing.T) {
	h := lab.New(t, lab.Options{})
	copyIn(t, h)
	img := h.ImportBusybox()
	run := func(t *testing.T, args ...string) *snapshot.Snapshot {
		all := slices.Concat([]string{"docker", "run", "--rm", "--network", "none", "-e", inside + "=all",
			"-v", "/run/docker.sock:/var/run/docker.sock", "-v", "/usr/local/bin/collect:/collect"}, args, []string{img, "/collect"})
		return decode(t, h.Command(t.Context(), all...))
	}
	t.Run("own processes", func(t *testing.T) {
		e := only(t, run(t))
		if _, ok := e.API.Peek(); !ok {
			t.Errorf("API: %+v", e.API.Gap())
		}
		for name, f := range map[string]snapshot.AnyFact{"process": &e.Daemon.Process, "config": &e.Daemon.Config, "unit": &e.Daemon.Unit,
			"files": &e.Daemon.Files, "listeners": &e.Listeners, "all listeners": &e.AllListeners, "userland-proxy": &e.Settings.UserlandProxy} {
			if f.State() != snapshot.Unreadable || f.Gap().Reason != snapshot.ReasonNamespace || !strings.Contains(f.Gap().Remedy, "--pid host") {
				t.Errorf("%s: %+v", name, f.Gap())
			}
		}
	})
	t.Run("the host's processes", func(t *testing.T) {
		s := run(t, "--pid", "host", "--privileged")
		e := only(t, s)
		if p := value(t, e.Daemon.Process); p.Start != "by-hand" {
			t.Errorf("process %+v", p)
		}
		// The files are the host's, by the names they have there.
		if got := value(t, e.Daemon.Files)[0].Path; got != "/etc/docker" {
			t.Errorf("the first of the daemon's files is %s", got)
		}
		if os := value(t, s.Host.OS); os.ID != "debian" {
			t.Errorf("operating system %+v is not the host's", os)
		}
		if all, _ := s.AllEngines.Peek(); !all {
			t.Errorf("not all engines are seen: %+v", s.AllEngines.Gap())
		}
		t.Log(e.Name, show(e.Settings.UserlandProxy), listenerNames(t, e))
	})
	t.Run("the processes of another container", func(t *testing.T) {
		h.Run("--name", "other", img)
		s := run(t, "--pid", "container:other", "--privileged")
		if s.Host.OS.State() != snapshot.Unreadable || s.AllEngines.State() != snapshot.Unreadable {
			t.Errorf("another container is taken for the host: %+v", s.Host.OS)
		}
	})
	t.Run("a socket by a name of its own", func(t *testing.T) {
		all := []string{"docker", "run", "--rm", "--network", "none", "--pid", "host", "--cap-add", "SYS_PTRACE", "-e", inside + "=unix:///s",
			"-v", "/run/docker.sock:/s", "-v", "/usr/local/bin/collect:/collect", img, "/collect"}
		e := only(t, decode(t, h.Command(t.Context(), all...)))
		if got := listenerNames(t, e); !slices.Contains(got, "engine unix:///run/docker.sock") {
			t.Errorf("listeners %v: the host's name of the socket is not among them", got)
		}
	})
}
