package observed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/observation"
	"seawall/snapshot"
)

const webID = "1111111111111111111111111111111111111111111111111111111111111111"

// file writes an observation of a container that used one capability.
func file(t *testing.T, name, capability string, c observation.Container) string {
	t.Helper()
	from := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	c.Capabilities = []observation.Capability{{Capability: capability, Outcome: observation.Granted, Session: observation.Workload, First: from, Count: 1}}
	o := &observation.Observation{Format: observation.Format, Host: observation.Host{Name: "shop"}, Containers: []observation.Container{c}}
	o.Sort()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := o.Encode(f); err != nil {
		t.Fatal(err)
	}
	return path
}

// shop is a snapshot of a host with three containers.
func shop() *snapshot.Snapshot {
	named := func(id, name string) snapshot.Container {
		return snapshot.Container{ID: id, Name: name, Image: snapshot.See("nginx", snapshot.At("Config.Image", "test"))}
	}
	list := []snapshot.Container{named(webID, "web"), named("2", "other"), named("3", "again")}
	return &snapshot.Snapshot{
		Host:    snapshot.Host{Name: snapshot.See("shop", snapshot.At("hostname", "test"))},
		Engines: []snapshot.Engine{{Containers: snapshot.See(list, snapshot.At("containers", "test"))}},
	}
}

// TestLay: what was seen becomes facts with the files as their origin, together where
// several tell of a container, and what was not seen a gap.
func TestLay(t *testing.T) {
	whole := observation.Container{ID: webID, Watched: observation.Watched{Seconds: 1800, Starts: 2}, Sockets: []observation.Socket{
		{Kind: observation.Listen, Protocol: "tcp", Address: "[::]:80"}, {Kind: observation.Listen, Protocol: "tcp", Address: "0.0.0.0:80"},
		{Kind: observation.Listen, Protocol: "tcp", Address: "[::1]:81"}, {Kind: observation.Connect, Protocol: "tcp", Address: "10.0.0.1:443"},
	}}
	first := file(t, "first.json", "CHOWN", whole)
	second := file(t, "second.json", "KILL", observation.Container{ID: webID, Watched: observation.Watched{Seconds: 60}})
	third := file(t, "third.json", "KILL", observation.Container{ID: "9", Name: "again", Image: "nginx", Watched: observation.Watched{Seconds: 60, Starts: 1}, Lost: observation.Lost{Sockets: 1}})
	files, err := Read([]string{first, second, third})
	if err != nil {
		t.Fatal(err)
	}
	s := shop()
	if got := files.Lay(s); got != 2 || len(s.Observations) != 3 {
		t.Errorf("%d containers were seen, by %v", got, s.Observations)
	}
	list, _ := s.Engines[0].Containers.Peek()
	web, _ := list[0].Observed.Peek()
	if got := list[0].Observed.Origin().Source; got != first+", "+second {
		t.Errorf("origin %s", got)
	}
	listened, _ := web.Listened.Peek()
	want := []snapshot.Listened{{Protocol: "tcp", Port: 80}, {Protocol: "tcp", Port: 81, Loopback: true}}
	if level, _ := web.Enough.Peek(); level != "medium" || web.Used.String() != "CHOWN KILL" || web.Starts != 2 || web.Seconds != 1860 || !cmp.Equal(want, listened) {
		t.Errorf("web: %+v, %s", web, level)
	}
	if g := list[1].Observed.Gap(); g.Detail != "it is not in what was observed" || g.Remedy == "" {
		t.Errorf("other: %+v", g)
	}
	if web.UDP.State() != snapshot.Unreadable || web.Written.State() != snapshot.Unreadable {
		t.Errorf("what was not recorded: %+v", web)
	}
	again, known := list[2].Observed.Peek()
	if !known || !strings.Contains(again.Enough.Gap().Detail, "less than ten minutes") || again.Listened.State() != snapshot.Unreadable {
		t.Errorf("again: %+v", again)
	}
}

// TestLayWritten: what was written is a fact where all of it was recorded.
func TestLayWritten(t *testing.T) {
	files, err := Read([]string{file(t, "seen.json", "CHOWN", observation.Container{
		ID: webID, Watched: observation.Watched{Starts: 1, Recorded: 1, Looked: 1},
		Written: []observation.Written{
			{Directory: "/tmp", Session: observation.Workload}, {Directory: "/run", Session: observation.Workload}, {Directory: "/etc", Session: observation.Exec},
		},
	})})
	if err != nil {
		t.Fatal(err)
	}
	s := shop()
	files.Lay(s)
	list, _ := s.Engines[0].Containers.Peek()
	web, _ := list[0].Observed.Peek()
	written, known := web.Written.Peek()
	if _, udp := web.UDP.Peek(); !udp || !known || !cmp.Equal(written, []string{"/run", "/tmp"}) {
		t.Errorf("%+v", web)
	}
}

func TestReadTells(t *testing.T) {
	if f, err := Read(nil); err != nil || f.Merged != nil {
		t.Errorf("no files: %v, %v", f, err)
	}
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{bad: "bad.json: observation format", "/nowhere.json": "/nowhere.json: cannot read the observation: no such file or directory"} {
		if _, err := Read([]string{name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
