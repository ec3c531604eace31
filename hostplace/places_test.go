package hostplace_test

import (
	"strings"
	"testing"

	"seawall/hostpath"
	"seawall/hostplace"
)

// FuzzOf: no path makes it panic, being read-only never makes a mount worse,
// and a mount of all of the host is as bad as any.
func FuzzOf(f *testing.F) {
	for _, path := range []string{"/", "/etc/shadow", "/home/a/.ssh", "/dev/sda1", "/var/run/docker.sock", "", "//", "/..", "relative", "/home/.docker"} {
		f.Add(path)
	}
	_, all := hostplace.Of("/", false)
	f.Fuzz(func(t *testing.T, path string) {
		path = hostpath.Clean(path)
		_, write := hostplace.Of(path, false)
		_, read := hostplace.Of(path, true)
		if read > write || write > all {
			t.Errorf("%q: writable %d, read-only %d, all of the host %d", path, write, read, all)
		}
		if d := hostplace.DeviceOf(path); d.Severity > all {
			t.Errorf("%q: a device worse than all of the host", path)
		}
	})
}

func TestWithin(t *testing.T) {
	tests := []struct {
		path, dir string
		want      bool
	}{
		{"/etc", "/etc", true}, {"/etc/shadow", "/etc", true}, {"/etcetera", "/etc", false},
		{"/", "/etc", false}, {"/etc", "/", true}, {"/var/run", "/var/run/x", false},
	}
	for _, tt := range tests {
		if got := hostpath.Within(tt.path, tt.dir); got != tt.want {
			t.Errorf("hostpath.Within(%q, %q) = %t", tt.path, tt.dir, got)
		}
	}
	for in, want := range map[string]string{"/var/run/docker.sock": "/run/docker.sock", "/var/run": "/run", "/var/runner": "/var/runner", "/a/../etc/": "/etc"} {
		if got := hostpath.Clean(in); got != want {
			t.Errorf("hostpath.Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if !strings.HasPrefix(hostplace.DataRoot("/srv/docker").Gives, "it holds") {
		t.Error("the data root says nothing")
	}
}

// TestServiceOf: sockets are told from what lies beside them.
func TestServiceOf(t *testing.T) {
	for source, want := range map[string]bool{
		"/run/dbus/system_bus_socket": true, "/tmp/ssh-XYZ/agent.12": true, "/run/user/1000": true, "/run/user/1000/bus": true,
		"/run/libvirt/libvirt-sock": true, "/run/libvirt/libvirt-sock-ro": false, "/run/mysqld/mysqld.sock": false,
		"/run": false, "/tmp": false, "/run/user": false, "/run/systemd/journal/socket": false, "": false,
	} {
		if s, got := hostplace.ServiceOf(source); got != want {
			t.Errorf("%q: %t (%s), want %t", source, got, s.Name, want)
		}
	}
}

// TestServiceWithin: directories in which a service may have its socket.
func TestServiceWithin(t *testing.T) {
	for _, tt := range []struct {
		source string
		kind   hostplace.ServiceKind
		want   bool
	}{
		{"/run/systemd", hostplace.Init, true}, {"/run/systemd", hostplace.Agent, false}, {"/tmp", hostplace.Agent, true}, {"/tmp", hostplace.Desktop, true},
		{"/run/user", hostplace.Session, true}, {"/var/lib/lxd", hostplace.Runtime, true}, {"/srv", hostplace.Runtime, false}, {"/tmp/other", hostplace.Agent, false}, {"/run", "", true}, {"/srv", "", false},
	} {
		if _, got := hostplace.ServiceWithin(tt.source, tt.kind); got != tt.want {
			t.Errorf("%s, %s: %t, want %t", tt.source, tt.kind, got, tt.want)
		}
	}
}
