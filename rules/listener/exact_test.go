package listener_test

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules/listener"
	"seawall/snapshot"
	"seawall/trial"
)

// TestExactSockets: to whom sockets may belong, and with which permissions.
func TestExactSockets(t *testing.T) {
	tests := []struct {
		name     string
		index    int // 0 is the engine's socket, 1 containerd's
		rootless bool
		change   func(*snapshot.File)
		want     string
	}{
		{"the group docker", 0, false, func(*snapshot.File) {}, ""},
		{"the group root", 0, false, func(f *snapshot.File) { f.GID, f.Group = 0, "root" }, ""},
		{"another group", 0, false, func(f *snapshot.File) { f.GID, f.Group = 7, "ops" }, "engine-socket-owner-unusual"},
		{"a group without a name", 0, false, func(f *snapshot.File) { f.GID, f.Group = 7, "" }, "engine-socket-owner-unusual"},
		{"containerd's of the group docker", 1, false, func(f *snapshot.File) { f.GID, f.Group = 998, "docker" }, "containerd-socket-owner-unusual"},
		{"a user's", 0, false, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 1000, "alice" }, "engine-socket-owner-unusual"},
		{"a rootless user's", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 1000, "alice" }, ""},
		{"another than the rootless user's", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1001, 1000, "alice" }, "engine-socket-owner-unusual"},
		{"a rootless user's, of another group", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 7, "ops" }, "engine-socket-owner-unusual"},
		{"a rootless user's, of a group without a name", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 7, "" }, "engine-socket-owner-unusual"},
		{"a rootless user's, of a group of the engine's user namespace", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 100100, "" }, ""},
		{"a rootless user's, of the first subordinate group", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 100000, "" }, ""},
		{"a rootless user's, of a group of the host with a high number", 0, true, func(f *snapshot.File) { f.UID, f.GID, f.Group = 1000, 100100, "ops" }, "engine-socket-owner-unusual"},
		{"root's, of a group of a user namespace", 0, true, func(f *snapshot.File) { f.GID, f.Group = 100100, "" }, "engine-socket-owner-unusual"},
		{"for all", 0, false, func(f *snapshot.File) { f.Mode = 0o662 }, "engine-socket-too-open"},
		{"containerd's for all", 1, false, func(f *snapshot.File) { f.Mode = 0o661 }, "containerd-socket-too-open"},
		{"with an entry that may execute", 0, false, func(f *snapshot.File) {
			f.ACL = []snapshot.ACLEntry{{Kind: "user", ID: 1001, Perm: 7}}
		}, "engine-socket-too-open"},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		e := &s.Engines[0]
		if tt.rootless {
			e.Settings.Rootless = snapshot.See(true, e.Settings.Rootless.Origin())
			process, _ := e.Daemon.Process.Peek()
			process.UID, process.User = 1000, map[bool]string{false: "alice"}[strings.HasSuffix(tt.name, "without a name")]
			e.Daemon.Process = snapshot.See(process, e.Daemon.Process.Origin())
		}
		list, _ := e.Listeners.Peek()
		if tt.rootless { // containerd's is the user's, too
			list = list[:1]
		}
		file, _ := list[tt.index].Socket.Peek()
		tt.change(&file)
		list[tt.index].Socket = snapshot.See(file, list[tt.index].Socket.Origin())
		e.Listeners = snapshot.See(append(list, trial.TCPListener("192.0.2.10:2376")), e.Listeners.Origin())
		var got []string
		for _, r := range rule.Evaluate(s, listener.Rules()) {
			if r.Verdict == rule.Failed && (strings.HasSuffix(r.Rule, "-owner-unusual") || strings.HasSuffix(r.Rule, "-too-open")) {
				got = append(got, r.Rule)
			}
			if strings.HasSuffix(r.Rule, "-too-open") && strings.HasPrefix(r.Subject.Name, "tcp:") && r.Verdict != rule.NotApplicable {
				t.Errorf("%s judges %s: %s", r.Rule, r.Subject.Name, r.Message)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: fails %v, want %q", tt.name, got, tt.want)
		}
	}
}
