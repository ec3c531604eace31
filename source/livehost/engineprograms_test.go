package livehost

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// TestEnginePrograms: what an engine runs from mounts of its own is a file of the host,
// or one of another system with packages of its own.
func TestEnginePrograms(t *testing.T) {
	host := tree(t, map[string]string{
		"usr/bin/runc": "#!", "usr/local/bin/docker": "#!", "opt/engine/containerd": "#!", "opt/engine/bad/containerd": "#!",
		"var/lib/dpkg/status":              stanza("runc", "1.1.5-1", "") + stanza("odd", "2-1", ""),
		"var/lib/dpkg/info/runc.list":      "/usr/bin/runc\n",
		"var/lib/dpkg/info/odd.list":       "/opt/engine/containerd\n",
		"var/lib/apt/lists/a_Packages":     "Package: odd\nVersion: 2-9\n",
		"etc/os-release":                   "ID=debian\nVERSION_ID=12\n",
		"proc/7/root/etc/os-release":       "ID=alpine\nVERSION_ID=3.22.1\n",
		"proc/7/root/usr/bin/dockerd":      "#!",
		"proc/7/root/usr/bin/runc":         "#!",
		"proc/7/root/lib/apk/db/installed": "P:docker-engine\nV:28.3.3-r0\no:docker\nF:usr/bin\nR:dockerd\n\n",
		"proc/8/root/etc/x":                "",
	})
	link := filepath.Join(host.m.Root, "proc/8/root/usr/bin/runc") // as bind mounts show it
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(host.m.Root, "usr/bin/runc"), link); err != nil {
		t.Fatal(err)
	}
	host.m.Proc = filepath.Join(host.m.Root, "proc")
	below := func(pid, path string) string { return filepath.Join(host.m.Proc, pid, "root", path) }

	s := &snapshot.Snapshot{}
	none := snapshot.See([]snapshot.RunningProgram{}, snapshot.At("exe", "/proc"))
	s.Host.Software.Programs = host.programs(none, newOwners(host.m.Files))
	files := func(list ...snapshot.File) snapshot.Engine {
		return snapshot.Engine{Kind: "docker", Daemon: snapshot.Daemon{Files: snapshot.See(list, snapshot.At("files", "stat"))}}
	}
	s.Engines = []snapshot.Engine{
		files(snapshot.File{Role: "dockerd", Path: below("7", "/usr/bin/dockerd")}, snapshot.File{Role: "runc", Path: below("7", "/usr/bin/runc")}, snapshot.File{Role: "config", Path: "/etc/docker/daemon.json"}),
		files(snapshot.File{Role: "runc", Path: below("8", "/usr/bin/runc")}, snapshot.File{Role: "containerd", Path: "/opt/engine/containerd"}, snapshot.File{Role: "dockerd", Path: below("9", "/usr/bin/dockerd")}),
		{Kind: "podman", Daemon: snapshot.Daemon{Files: snapshot.See([]snapshot.File{{Role: "runc", Path: "/opt/engine/bad/containerd"}}, snapshot.At("files", "stat"))}},
	}
	c := collector{Options: Options{Machine: host.m, Lists: true}}
	c.enginePrograms(s)

	got := map[string]string{}
	programs, _ := s.Host.Software.Programs.Peek()
	for _, p := range programs {
		pkg, _ := p.Package.Peek()
		system, _ := p.System.Peek()
		got[p.Path] = p.Name + " " + p.Real + " of " + pkg.Name + " " + pkg.Version + " " + system.ID
	}
	want := map[string]string{
		"/usr/bin/runc": "runc  of runc 1.1.5-1 ", "/usr/local/bin/docker": "docker  of   ",
		"/opt/engine/containerd":       "containerd  of odd 2-1 ",
		below("7", "/usr/bin/dockerd"): "dockerd  of docker-engine 28.3.3-r0 alpine",
		below("7", "/usr/bin/runc"):    "runc  of   alpine",
		below("8", "/usr/bin/runc"):    "runc /usr/bin/runc of runc 1.1.5-1 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The lists are read for the host's package that came to light, too.
	if lists, _ := s.Host.Software.Lists.Peek(); lists.Newest["odd"] != "2-9" {
		t.Errorf("of odd the lists have %q", lists.Newest["odd"])
	}
}
