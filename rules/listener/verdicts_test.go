package listener

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// judged is the result of one rule for one listener of the
// example, changed: 0 is the engine's unix socket, 1 containerd's.
func judged(t *testing.T, id string, i int, changes ...func(*snapshot.Snapshot)) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(s)
	}
	rules := Rules()
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	list, _ := s.Engines[0].Listeners.Peek()
	for _, result := range rule.Evaluate(s, rules[at:at+1]) {
		if strings.Contains(result.Subject.Name, list[i].Name) {
			return result
		}
	}
	t.Fatalf("%s: no result about %s", id, list[i].Name)
	return rule.Result{}
}

func TestSockets(t *testing.T) {
	unreadableProcess := example.Engine(func(e *snapshot.Engine) {
		e.Daemon.Process.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission})
	})
	for _, tt := range []struct {
		name, rule string
		changes    []func(*snapshot.Snapshot)
		want       rule.Verdict
	}{
		{"members of a group that may not connect", "engine-socket-group-members",
			[]func(*snapshot.Snapshot){members("bob"), example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o600 })}, rule.Passed},
		{"alice in the group of her own rootless engine", "engine-socket-group-members",
			[]func(*snapshot.Snapshot){rootlessSocket, members("alice")}, rule.Passed},
		{"bob in the group of alice's rootless engine", "engine-socket-group-members",
			[]func(*snapshot.Snapshot){rootlessSocket, members("bob"), example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o660 })}, rule.Failed},
		{"who runs dockerd matters for a rootless engine only", "engine-socket-group-members",
			[]func(*snapshot.Snapshot){members(), unreadableProcess}, rule.Passed},
		{"who runs dockerd does not matter without an ACL", "engine-socket-acl",
			[]func(*snapshot.Snapshot){rootlessSocket, unreadableProcess}, rule.Passed},
		{"root's socket, whoever runs the rootless engine", "engine-socket-not-owned-by-root",
			[]func(*snapshot.Snapshot){example.Engine(example.Rootless), unreadableProcess}, rule.Passed},
		{"the mode lets everybody in, not the ACL", "engine-socket-acl",
			[]func(*snapshot.Snapshot){socketEntry(4), example.EngineSocket(func(f *snapshot.File) { f.Mode = 0o666 })}, rule.Passed},
	} {
		if got := judged(t, tt.rule, 0, tt.changes...); got.Verdict != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, got.Verdict, got.Message, tt.want)
		}
	}
}

// Rules about the engine's socket say nothing about containerd's.
func TestSocketOfContainerd(t *testing.T) {
	open := listener(1, func(l *snapshot.Listener) {
		f, _ := l.Socket.Peek()
		f.Mode = 0o666
		example.Set(&l.Socket, f)
	})
	if got := judged(t, "engine-socket-world-accessible", 1, open); got.Verdict != rule.NotApplicable {
		t.Errorf("containerd's socket: %s (%s), want not applicable", got.Verdict, got.Message)
	}
}

func TestSocketGroupWithoutName(t *testing.T) {
	got := judged(t, "engine-socket-group-members", 0, members("bob"), example.EngineSocket(func(f *snapshot.File) { f.Group, f.GID = "", 1234 }))
	if !strings.Contains(got.Message, "group 1234 ") {
		t.Errorf("message %q does not name the group 1234", got.Message)
	}
}
