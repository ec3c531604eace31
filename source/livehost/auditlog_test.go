package livehost

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
)

// auditConfigOf reads auditd's files of a host with the given ones, as lines of
// rules with their places.
func auditConfigOf(t *testing.T, files map[string]string) (string, snapshot.Fact[snapshot.AuditConfig]) {
	t.Helper()
	m := hostTreeOf(t, files)
	f := vantage{m: m}.auditConfig()
	config, _ := f.Peek()
	var out []string
	for _, r := range config.Rules {
		out = append(out, r.String()+" "+r.Where)
	}
	return strings.Join(out, "\n"), f
}

// TestAuditConfig: which files count, and in which order.
func TestAuditConfig(t *testing.T) {
	const dir, file = "etc/audit/rules.d/", "etc/audit/audit.rules"
	tests := []struct {
		name  string
		files map[string]string
		want  string
		state snapshot.State
	}{
		{"none", nil, "", snapshot.Absent},
		{"an empty directory", map[string]string{dir + "README": "-w /a"}, "", snapshot.Absent},
		{"one file", map[string]string{file: "-w /etc/docker -p wa"}, "-a always,exit -F path=/etc/docker -F perm=wa /etc/audit/audit.rules:1", snapshot.Seen},
		{"a directory is watched with what is below it", map[string]string{file: "-w /etc/docker -p wa", "etc/docker/daemon.json": "{}"},
			"-a always,exit -F dir=/etc/docker -F perm=wa /etc/audit/audit.rules:1", snapshot.Seen},
		{"the directory of files is before the file that is made of it", map[string]string{file: "-w /old", dir + "9.rules": "-w /a -p w", dir + "10.rules": "\n-w /b -p w", dir + "x.conf": "-w /c"},
			"-a always,exit -F path=/a -F perm=w /etc/audit/rules.d/9.rules:1\n-a always,exit -F path=/b -F perm=w /etc/audit/rules.d/10.rules:2", snapshot.Seen},
		{"too large", map[string]string{file: strings.Repeat("#\n", maxAuditRules)}, "", snapshot.Unreadable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, f := auditConfigOf(t, tt.files)
			if diff := cmp.Diff(tt.want, got); diff != "" || f.State() != tt.state {
				t.Errorf("state %v, gap %v\n%s", f.State(), f.Gap(), diff)
			}
		})
	}
}

// TestResolveRule: links above the last element are followed, the last is told.
func TestResolveRule(t *testing.T) {
	m := hostTreeOf(t, map[string]string{"run/docker.sock": "", "etc/docker/daemon.json": ""})
	for name, to := range map[string]string{"var/run": "/run", "etc/link": "/etc/docker", "etc/broken": "/none"} {
		path := filepath.Join(m.Root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ rule, real, link string }{
		{"path /var/run/docker.sock", "/run/docker.sock", ""},
		{"path /run/docker.sock", "/run/docker.sock", ""},
		{"dir /var/run", "/var/run", "/run"},
		{"dir /etc/link", "/etc/link", "/etc/docker"},
		{"path /etc/link/daemon.json", "/etc/docker/daemon.json", ""},
		{"path /etc/broken", "/etc/broken", ""},
		{"path /var/run/new.sock", "/run/new.sock", ""},
		{"dir /var/run/new", "", ""},
		{"path /none/file", "", ""},
		{"dir /", "/", ""},
		{"exe /usr/bin/x", "", ""},
	}
	for _, tt := range tests {
		kind, target, _ := strings.Cut(tt.rule, " ")
		r := snapshot.AuditRule{}
		switch kind {
		case "path":
			r.Path = target
		case "dir":
			r.Dir = target
		}
		resolveRule(m.Files, &r)
		if r.Real != tt.real || r.LinkTo != tt.link {
			t.Errorf("%s is %q, a link to %q; want %q, %q", tt.rule, r.Real, r.LinkTo, tt.real, tt.link)
		}
	}
}

// TestAuditPaths: what of a real engine belongs in the audit log.
func TestAuditPaths(t *testing.T) {
	h := lab.New(t, lab.Options{DaemonJSON: `{"data-root": "/srv/docker"}`})
	h.Exec("sh", "-ec", "touch /etc/default/docker; mkdir -p /etc/containerd /srv/bin; echo > /etc/containerd/config.toml; mv /usr/bin/containerd-shim-runc-v2 /srv/bin; ln -s /srv/bin/containerd-shim-runc-v2 /usr/bin/")
	copyIn(t, h)
	s := collectAs(t, h, "all")
	got := map[string]string{}
	for _, p := range value(t, only(t, s).Daemon.AuditPaths) {
		got[p.Role+" "+p.Path] = p.Real + " " + p.Type
		if p.Top == "" || p.FSType == "" {
			t.Errorf("%+v: no file system", p)
		}
	}
	for name, want := range map[string]string{
		"dockerd /usr/sbin/dockerd":                                "/usr/sbin/dockerd file",
		"containerd /usr/bin/containerd":                           "/usr/bin/containerd file",
		"containerd-shim-runc-v2 /usr/bin/containerd-shim-runc-v2": "/srv/bin/containerd-shim-runc-v2 file",
		"config /etc/docker/daemon.json":                           "/etc/docker/daemon.json file",
		"config-dir /etc/docker":                                   "/etc/docker dir",
		"data-root /srv/docker":                                    "/srv/docker dir",
		"defaults /etc/default/docker":                             "/etc/default/docker file",
		"socket /run/docker.sock":                                  "/run/docker.sock socket",
		"containerd-socket /run/docker/containerd/containerd.sock": "/run/docker/containerd/containerd.sock socket",
		"state /run/docker/containerd":                             "/run/docker/containerd dir",
		"containerd-file /etc/containerd/config.toml":              "/etc/containerd/config.toml file",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	for _, absent := range []string{"defaults /etc/sysconfig/docker", "containerd-shim-runc-v1 /usr/bin/containerd-shim-runc-v1"} {
		if got[absent] != "" {
			t.Errorf("%s exists", absent)
		}
	}
	// The host has a process namespace of its own, to which the kernel does not
	// tell its rules; a kernel without an audit log says that.
	if a := s.Host.Audit; a.State() != snapshot.Absent && (a.State() != snapshot.Unreadable || a.Gap().Reason != snapshot.ReasonPermission || !strings.Contains(a.Gap().Remedy, "AUDIT_CONTROL")) {
		t.Errorf("audit log: %s", show(a))
	}
}

// TestAuditPathsOfRootless: the paths of a user's engine, and none of the
// system's.
func TestAuditPathsOfRootless(t *testing.T) {
	lab.RequireRootless(t)
	h := lab.New(t, lab.Options{NoEngine: true})
	h.StartRootless("rita")
	copyIn(t, h)
	var got []string
	for _, p := range value(t, only(t, collectAs(t, h, "all")).Daemon.AuditPaths) {
		got = append(got, p.Role+" "+p.Real)
	}
	t.Log(got)
	for _, role := range []string{"dockerd ", "runc ", "data-root /home/rita/", "socket /run/user/", "containerd-socket /run/user/", "state /run/user/"} {
		if !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, role) }) {
			t.Errorf("no %s among %v", role, got)
		}
	}
	if slices.Contains(got, "state /run/containerd") {
		t.Error("the system's containerd is not the engine's")
	}
}
