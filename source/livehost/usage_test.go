package livehost

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// usageInside prints what a container of this machine uses, and which images' files were
// read.
func usageInside(name string) int {
	s, err := Collect(context.Background(), Options{Tool: "test", Deep: DeepUsed, DeepFor: []string{name}})
	if err != nil || len(s.Engines) != 1 {
		fmt.Fprintln(os.Stderr, "collect:", err)
		return 1
	}
	e := &s.Engines[0]
	containers, _ := e.Containers.Peek()
	at := slices.IndexFunc(containers, func(c snapshot.Container) bool { return c.Is(name) })
	if at < 0 {
		fmt.Fprintln(os.Stderr, "no container", name)
		return 1
	}
	lister := NewLister(nil)
	defer lister.Close()
	out := usageSeen{Usage: lister.Usage(context.Background(), e.Name, &containers[at], nil)}
	images, _ := e.Images.Peek()
	for _, i := range images {
		if i.SetIDFiles.State() == snapshot.Seen {
			out.Read = append(out.Read, i.Name())
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

type usageSeen struct {
	snapshot.Usage
	Read []string
}

// TestUsage: what a container wrote, in which directories, and how many processes it has,
// as each engine and way of keeping files tells; and only its image's files are read.
func TestUsage(t *testing.T) {
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: store.version, Flags: store.flags, DaemonJSON: store.json})
			copyIn(t, h)
			h.ImportSleep()
			image := h.ImportBusybox()
			h.Run("--name", "other", lab.SleepRef)
			h.Docker("run", "-d", "--name", "web", "-v", "/srv/data", image, "sh", "-c",
				"mkdir -p /var/own/deep; touch /var/own/deep/f /srv/data/g /etc/new; rm /etc/group; mkdir /tmp/d; chown 33:34 /tmp/d; touch /tmp/d/x; sleep 1000 & sleep 1000")
			var got usageSeen
			for range 100 { // until it has written
				got = usageSeen{}
				out := h.Exec("sh", "-c", "docker exec web true; "+inside+"='usage of web' /usr/local/bin/collect")
				if err := json.Unmarshal([]byte(out), &got); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if list, _ := got.Changes.Peek(); slices.Contains(list, snapshot.Change{Path: "/tmp/d/x", Kind: snapshot.ChangeAdded}) {
					break
				}
			}
			changes, _ := got.Changes.Peek()
			for _, want := range []snapshot.Change{
				{Path: "/etc", Kind: snapshot.ChangeModified}, {Path: "/etc/new", Kind: snapshot.ChangeAdded}, {Path: "/etc/group", Kind: snapshot.ChangeDeleted},
				{Path: "/var/own/deep/f", Kind: snapshot.ChangeAdded}, {Path: "/tmp/d", Kind: snapshot.ChangeAdded},
			} {
				if !slices.Contains(changes, want) {
					t.Errorf("no %+v in %+v (%+v)", want, changes, got.Changes.Gap())
				}
			}
			if slices.ContainsFunc(changes, func(c snapshot.Change) bool { return c.Path == "/srv/data/g" }) {
				t.Errorf("a file of a volume is among %+v", changes)
			}
			directories, _ := got.Directories.Peek()
			at := slices.IndexFunc(directories, func(d snapshot.Directory) bool { return d.Path == "/tmp/d" })
			if at < 0 {
				t.Fatalf("no /tmp/d in %+v (%+v)", directories, got.Directories.Gap())
			}
			if diff := cmp.Diff(snapshot.Directory{Path: "/tmp/d", Mode: 0o755, UID: 33, GID: 34}, directories[at]); diff != "" {
				t.Error(diff)
			}
			at = slices.IndexFunc(directories, func(d snapshot.Directory) bool { return d.Path == "/etc" })
			if at < 0 || directories[at].Kept == 0 || directories[at].Kept > 9 || directories[at].Below != nil {
				t.Errorf("/etc: %+v", directories)
			}
			if n, _ := got.Pids.Peek(); n != 2 {
				t.Errorf("%d processes, want 2 (%+v)", n, got.Pids.Gap())
			}
			if n, _ := got.Memory.Peek(); n < 4096 || n > 64<<20 {
				t.Errorf("%d bytes of memory (%+v)", n, got.Memory.Gap())
			}
			if diff := cmp.Diff([]string{image}, got.Read); diff != "" {
				t.Error(diff)
			}
		})
	}
}
