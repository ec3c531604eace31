package livehost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/source/hostfile"
)

// unitTree makes a root with unit files; content "-> x" makes a link.
func unitTree(t *testing.T, files map[string]string) *hostfile.FS {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return hostfile.New(root)
}

func TestReadUnit(t *testing.T) {
	files := unitTree(t, map[string]string{
		"dev/null":                              "",
		"usr/lib/systemd/system/docker.service": "[Unit]\nX=1\n[Service]\nExecStart=/usr/bin/dockerd \\\n# a remark\n  -H fd://\n",
		"usr/lib/systemd/system/docker.service.d/20-b.conf":          "[Service]\nExecStart=\nExecStart=/opt/dockerd\n",
		"usr/lib/systemd/system/docker.service.d/10-a.conf":          "[Service]\nEnvironmentFile=/lower\n",
		"etc/systemd/system/docker.service.d/10-a.conf":              "[Service]\nEnvironmentFile=-/upper\n",
		"usr/lib/systemd/system/docker.service.d/30-masked.conf":     "[Service]\nUser=nobody\n",
		"run/systemd/system/docker.service.d/30-masked.conf":         "-> /dev/null",
		"etc/systemd/system/service.d/05-all.conf":                   "[Service]\nLimitCORE=0\n",
		"etc/systemd/system/docker.service.d/README":                 "no drop-in",
		"etc/systemd/system/other.service":                           "[Service]\nExecStart=/bin/x\n",
		"usr/lib/systemd/system/other.service":                       "[Service]\nExecStart=/bin/y\n",
		"etc/systemd/system/masked.service":                          "-> /dev/null",
		"lib/systemd/system/docker-extra.service":                    "[Service]\n",
		"lib/systemd/system/docker-.service.d/x.conf":                "[Service]\nA=1\n",
		"lib/systemd/system/docker-extra.service.d/not-in-here.text": "",
	})
	u, err := readUnit(files, systemUnitDirs(), "docker.service")
	if err != nil {
		t.Fatal(err)
	}
	if u.fragment != "/usr/lib/systemd/system/docker.service" {
		t.Errorf("fragment %s", u.fragment)
	}
	want := []string{"/etc/systemd/system/service.d/05-all.conf", "/etc/systemd/system/docker.service.d/10-a.conf", "/usr/lib/systemd/system/docker.service.d/20-b.conf"}
	if diff := cmp.Diff(want, u.dropIns); diff != "" {
		t.Errorf("drop-ins (-want +got):\n%s", diff)
	}
	values := map[string][]string{
		"Unit.X": {"1"}, "Service.ExecStart": {"/opt/dockerd"}, "Service.EnvironmentFile": {"-/upper"}, "Service.LimitCORE": {"0"},
	}
	if diff := cmp.Diff(values, u.values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if u, err = readUnit(files, systemUnitDirs(), "other.service"); err != nil || u.fragment != "/etc/systemd/system/other.service" {
		t.Errorf("other.service: %+v, %v", u, err)
	}
	if u, err = readUnit(files, systemUnitDirs(), "docker-extra.service"); err != nil || len(u.dropIns) != 2 {
		t.Errorf("docker-extra.service: %+v, %v", u, err)
	}
	if _, err = readUnit(files, systemUnitDirs(), "none.service"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none.service: error %v", err)
	}
}

func TestParseUnitJoinsLines(t *testing.T) {
	values := map[string][]string{}
	parseUnit([]byte("[Service]\nExecStart=/usr/bin/dockerd \\\n; a remark\n  -H fd://\n\n# x\nnothing\n"), values)
	if diff := cmp.Diff(map[string][]string{"Service.ExecStart": {"/usr/bin/dockerd  -H fd://"}}, values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseUnit(f *testing.F) {
	f.Add([]byte("[Service]\nExecStart=a \\\nb\n# c\nExecStart=\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		values := map[string][]string{}
		parseUnit(data, values)
		for key, list := range values {
			if len(list) == 0 || !strings.Contains(key, ".") {
				t.Errorf("%q: %q", key, list)
			}
		}
	})
}

func TestIsEngine(t *testing.T) {
	for _, tt := range []struct {
		p    process
		want bool
	}{
		{process{comm: "dockerd", exe: "/usr/bin/dockerd"}, true},
		{process{comm: "dockerd"}, true}, // as an ordinary user sees it
		{process{comm: "dockerd", exe: "/usr/bin/dockerd (deleted)"}, true},
		{process{comm: "renamed", exe: "/usr/bin/dockerd", args: []string{"renamed"}}, true},
		{process{comm: "exe", exe: "/usr/bin/dockerd", args: []string{"docker-untar", "/"}}, false},
		{process{comm: "docker-proxy", exe: "/usr/bin/docker-proxy"}, false},
		{process{comm: "containerd", exe: "/usr/bin/containerd"}, false},
		{process{comm: "podman", exe: "/usr/bin/podman", args: []string{"podman", "system", "service"}}, true},
		{process{comm: "podman", exe: "/usr/bin/podman", args: []string{"podman", "run", "x"}}, false},
		{process{comm: "dockerd-28", exe: "/opt/dockerd-28"}, true},
		{process{comm: "dockerd-rootles", exe: "/usr/bin/dash", args: []string{"/bin/sh", "dockerd-rootless.sh"}}, false},
		{process{comm: "haproxy", exe: "/usr/sbin/haproxy"}, false},
	} {
		if got := tt.p.isEngine(); got != tt.want {
			t.Errorf("%+v: %v, want %v", tt.p, got, tt.want)
		}
	}
}
