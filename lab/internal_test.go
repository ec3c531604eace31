package lab

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestParseHierarchies(t *testing.T) {
	tests := []struct {
		name, mountinfo, cgroup string
		want                    []hierarchy
	}{{
		name:      "v2",
		mountinfo: "34 24 0:29 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
		cgroup:    "0::/user.slice/session-1.scope\n",
		want:      []hierarchy{{"unified", "", "/sys/fs/cgroup", "/sys/fs/cgroup/user.slice/session-1.scope"}},
	}, {
		name: "hybrid with co-mounted controllers",
		mountinfo: "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n" +
			"32 31 0:29 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw\n" +
			"33 31 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n" +
			"34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
			"35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
		cgroup: "9:name=systemd:/a\n2:cpu,cpuacct:/\n4:memory:/b/c\n0::/a\n",
		want: []hierarchy{
			{"unified", "", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified/a"},
			{"systemd", "none,name=systemd", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/systemd/a"},
			{"cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct"},
			{"memory", "memory", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/b/c"},
		},
	}, {
		name:      "in a container without a cgroup namespace",
		mountinfo: "35 31 0:32 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
		cgroup:    "4:memory:/docker/x/y\n",
		want:      []hierarchy{{"memory", "memory", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/y"}},
	}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := parseHierarchies(test.mountinfo, test.cgroup)
			if len(got) != len(test.want) {
				t.Fatalf("got %+v, want %+v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %+v, want %+v", got[i], test.want[i])
				}
			}
		})
	}
}

func TestFindMirror(t *testing.T) {
	tests := map[string]string{
		"deb http://ftp.de.debian.org/debian bookworm main":                                  "http://ftp.de.debian.org/debian",
		"deb [arch=amd64 signed-by=/k] https://mirror.example/debian/ sid main":              "https://mirror.example/debian",
		"Types: deb\nURIs: http://deb.debian.org/debian\nSuites: trixie\n":                   "http://deb.debian.org/debian",
		"# deb http://old.example/debian sid main\ndeb http://archive.ubuntu.com/ubuntu a b": "",
		"URIs: http://deb.debian.org/debian-security":                                        "",
	}
	for list, want := range tests {
		if got := findMirror(list); got != want {
			t.Errorf("mirror in %q: %q, want %q", list, got, want)
		}
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := tryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tryLock(path); !errors.Is(err, errLocked) {
		t.Errorf("second lock: %v, want %v", err, errLocked)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait for a held lock: %v, want %v", err, context.DeadlineExceeded)
	}
	time.AfterFunc(20*time.Millisecond, func() { held.Close() })
	l, err := lock(t.Context(), path)
	if err != nil {
		t.Fatalf("wait for a lock that is let go: %v", err)
	}
	l.Close()
}
