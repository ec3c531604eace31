package hostplace_test

import (
	"testing"

	"seawall/hostplace"
)

// TestWays: which ways a mount opens, writable and read-only.
func TestWays(t *testing.T) {
	const none = hostplace.Way(0)
	tests := []struct {
		source      string
		write, read hostplace.Way
	}{
		{"/", hostplace.Whole, hostplace.Whole},
		{"/etc", hostplace.Etc | hostplace.Keys, hostplace.Etc | hostplace.Keys},
		{"/etc/cron.d/job", hostplace.Cron, none},
		{"/etc/ssh", hostplace.Etc | hostplace.SSHKeys, hostplace.Etc | hostplace.SSHKeys},
		{"/etc/docker/plugins", hostplace.PluginSpecs, none},
		{"/usr/lib/modules/6.12", hostplace.Modules, none},
		{"/usr/lib/systemd/system", hostplace.Units, none},
		{"/usr", hostplace.Programs, none},
		{"/home", hostplace.Home | hostplace.Keys, hostplace.Home | hostplace.Keys},
		{"/home/alice/.ssh", hostplace.Home | hostplace.SSHKeys, hostplace.Home | hostplace.SSHKeys},
		{"/home/alice/.bashrc", hostplace.Home, none},
		{"/root/.docker", hostplace.RootHome | hostplace.ClientConfig, hostplace.RootHome | hostplace.ClientConfig},
		{"/srv/ci/.kube", hostplace.Cluster, hostplace.Cluster},
		{"/home/alice/project", none, none},
		{"/var/log", hostplace.Logs, none},
		{"/var/log/app", none, none},
		{"/var/spool", hostplace.Cron, none},
		{"/var/lib/docker/volumes/x/_data", hostplace.EngineData, hostplace.EngineData},
		{"/sys/fs/cgroup", hostplace.Sys, none},
		{"/run/systemd/journal/socket", none, none},
		{"/srv", none, none},
	}
	for _, tt := range tests {
		if got := hostplace.Ways(tt.source, false); got != tt.write {
			t.Errorf("%s writable: %b, want %b", tt.source, got, tt.write)
		}
		if got := hostplace.Ways(tt.source, true); got != tt.read {
			t.Errorf("%s read-only: %b, want %b", tt.source, got, tt.read)
		}
	}
}

// TestOwners: whose files are where, by convention.
func TestOwners(t *testing.T) {
	for source, want := range map[string][2]bool{
		"/": {true, false}, "/etc/shadow": {true, false}, "/run/systemd": {true, false}, "/root/.ssh": {true, false},
		"/home/alice": {false, true}, "/run/user/1000/bus": {false, true}, "/tmp/ssh-ab/agent.1": {false, true},
		"/srv/x": {false, false}, "/tmp": {false, false},
	} {
		if got := [2]bool{hostplace.OfRoot(source), hostplace.OfUsers(source)}; got != want {
			t.Errorf("%s: root's and users' %v, want %v", source, got, want)
		}
	}
}
