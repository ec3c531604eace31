package observe_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
	"seawall/source/observe"
)

// TestWritten: the directories of the root file system in which a container changes
// something are seen, also where nothing of it is left; what lies on volumes, a tmpfs or
// other mounts is not, and neither is what the runtime or a look changes. Exec sessions
// stand apart.
func TestWritten(t *testing.T) {
	scripts := map[string]struct{ script, want string }{
		"made":    {"mkdir -p /tmp/a/b; echo x > /tmp/a/b/c", "/tmp /tmp/a /tmp/a/b"},
		"removed": {"echo x > /tmp/t; rm /tmp/t", "/tmp"},
		"changed": {"echo x >> /etc/passwd; chmod 600 /etc/group", "/etc"},
		"moved":   {"mv /etc/passwd /tmp/", "/etc /tmp"},
		"root":    {"touch /x", "/"},
		"mounts":  {"echo x > /data/v; echo x > /run/t; echo x > /host/h; echo x > /dev/shm/s; echo x > /etc/hosts", ""},
		"looks":   {"cat /etc/passwd; ls -lR /etc /bin >/dev/null; sleep 1", ""},
		"chroot":  {"mkdir -p /jail/bin; cp /bin/busybox /jail/bin/sh; chroot /jail /bin/sh -c 'echo x > /y'", "/ /jail /jail/bin"},
	}
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: v})
			image := h.ImportBusybox()
			h.Exec("mkdir", "-p", "/srv/host")
			w := watch(t, h.Engine(), observe.Options{})
			for name, test := range scripts {
				h.Docker("run", "--name", name, "-v", "/data", "-v", "/srv/host:/host", "--tmpfs", "/run", image, "sh", "-c", test.script)
			}
			h.Run("--name", "exec", image)
			h.Docker("exec", "exec", "touch", "/tmp/e")
			w.until("exec", func(c *observation.Container) bool { return len(c.Written) > 0 })
			o := w.stop()
			for name, test := range scripts {
				c := named(t, o, name)
				if got := directories(c, observation.Workload); got != test.want || !c.FilesKnown() {
					t.Errorf("%s: wrote in [%s], want [%s]; %+v", name, got, test.want, c.Watched)
				}
			}
			if c := named(t, o, "exec"); directories(c, observation.Exec) != "/tmp" || directories(c, observation.Workload) != "" {
				t.Errorf("exec: %+v", c.Written)
			}
			if c := named(t, o, "removed"); c.Written[0].Process != "sh" || c.Written[0].PID != 1 || c.Written[0].Count < 2 {
				t.Errorf("removed: %+v", c.Written)
			}
		})
	}
}

// directories are those in which a session changed something.
func directories(c *observation.Container, s observation.Session) string {
	var out []string
	for _, w := range c.Written {
		if w.Session == s {
			out = append(out, w.Directory)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// TestWrittenBounded: of a container that writes in more directories than there is room
// for, or too deep, what was lost is counted, and it is not taken for all.
func TestWrittenBounded(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w := watch(t, h.Engine(), observe.Options{})
	h.Docker("run", "--name", "many", image, "sh", "-c", "for i in $(seq 100); do mkdir /tmp/$i; echo x > /tmp/$i/f; done")
	h.Docker("run", "--name", "deep", image, "sh", "-c", "p=/tmp; for i in $(seq 20); do p=$p/d; mkdir $p; done; echo x > $p/f")
	h.Docker("run", "--name", "long", image, "sh", "-c", "p=/tmp/"+strings.Repeat("x", 200)+"; mkdir $p; echo x > $p/f")
	o := w.stop()
	for name, most := range map[string]int{"many": 32, "deep": 17, "long": 1} {
		c := named(t, o, name)
		if len(c.Written) == 0 || len(c.Written) > most || c.Lost.Files == 0 || c.FilesKnown() {
			t.Errorf("%s: %d directories, lost %+v", name, len(c.Written), c.Lost)
		}
	}
}

// TestListening: connections that come in are counted for the port that they come to,
// UDP ports are seen while a socket is bound to them, and both also where they were
// opened before the watch.
func TestListening(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	const script = "httpd -p 80; httpd -p 127.0.0.1:81; printf \"interface lo\\nstart 127.0.0.2\\nend 127.0.0.3\\nlease_file /tmp/leases\\n\" > /tmp/dhcp; busybox udhcpd -f /tmp/dhcp & wget -qO- http://127.0.0.1:80/etc/hostname; sleep 600"
	h.Run("--name", "before", image, "sh", "-c", script)
	time.Sleep(time.Second)
	w := watch(t, h.Engine(), observe.Options{})
	h.Run("--name", "after", image, "sh", "-c", script)
	for range 3 {
		h.Docker("exec", "before", "wget", "-qO-", "http://127.0.0.1:80/etc/hostname")
		h.Docker("exec", "before", "wget", "-qO-", "http://127.0.0.1:81/etc/hostname")
	}
	w.until("after", func(c *observation.Container) bool { return listening(c)["udp 0.0.0.0:67"] != nil })
	o := w.stop()
	for name, want := range map[string]map[string]uint64{
		"before": {"tcp [::]:80": 3, "tcp 127.0.0.1:81": 3, "udp 0.0.0.0:67": 0},
		"after":  {"tcp [::]:80": 1, "tcp 127.0.0.1:81": 0, "udp 0.0.0.0:67": 0},
	} {
		got := listening(named(t, o, name))
		if !named(t, o, name).SocketsKnown() {
			t.Errorf("%s: its sockets were not looked at", name)
		}
		for at, accepted := range want {
			if got[at] == nil || got[at].Accepted != accepted || got[at].Count != 1 || got[at].Session != observation.Workload {
				t.Errorf("%s on %s: %+v, want %d connections", name, at, got[at], accepted)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s listens on %v", name, got)
		}
	}
}

// listening are the sockets that a container listened on.
func listening(c *observation.Container) map[string]*observation.Socket {
	out := map[string]*observation.Socket{}
	for i, s := range c.Sockets {
		if s.Kind == observation.Listen {
			out[s.Protocol+" "+s.Address] = &c.Sockets[i]
		}
	}
	return out
}
