package trust_test

import (
	"testing"

	"seawall/access"
	"seawall/rule"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
	"seawall/trial"
)

// verdict is that of a rule about the first engine, which passes if nobody else
// can write the file.
func verdict(s *snapshot.Snapshot, f snapshot.File) rule.Result {
	r := &rule.Rule{ID: "file-writable", Severity: rule.High, Engine: func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		if grants := trust.Grants(c, access.Writers, f, trust.Engine(c, e)); len(grants) > 0 {
			return c.Fail("%s", access.Describe(grants))
		}
		return c.Pass("nobody else can write it")
	}}
	return rule.Evaluate(s, []*rule.Rule{r})[0]
}

// TestEngine: whose a rootless engine is may write its files; of another it need
// not be known who runs it.
func TestEngine(t *testing.T) {
	at := snapshot.At("process", "/proc/812")
	unseen := snapshot.Lost[snapshot.DaemonProcess](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "permission denied"}, at)
	of := func(uid int, name string) snapshot.Fact[snapshot.DaemonProcess] {
		return snapshot.See(snapshot.DaemonProcess{UID: uid, User: name}, at)
	}
	tests := []struct {
		name     string
		rootless bool
		process  snapshot.Fact[snapshot.DaemonProcess]
		owner    int
		want     rule.Verdict
	}{
		{"root's file, process unseen", false, unseen, 0, rule.Passed},
		{"a user's file beside an engine of root", false, of(0, "root"), 1000, rule.Failed},
		{"the file of the engine's user", true, of(1000, "alice"), 1000, rule.Passed},
		{"the file of another user", true, of(1000, "alice"), 1001, rule.Failed},
		{"a rootless engine of an unknown user", true, unseen, 1000, rule.Unknown},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		s.Engines[0].Settings.Rootless = snapshot.See(tt.rootless, at)
		s.Engines[0].Daemon.Process = tt.process
		if got := verdict(s, snapshot.File{Path: "/f", Type: "file", Mode: 0o644, UID: tt.owner}); got.Verdict != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, got.Verdict, got.Message, tt.want)
		}
	}
}

// TestGrants: a group without members gives nobody access; where members could
// not be read, only what needs no group is decided.
func TestGrants(t *testing.T) {
	at := snapshot.At("groups", "/etc/group")
	unread := snapshot.Lost[[]string](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "permission denied"}, at)
	empty := func(names ...string) snapshot.Fact[[]string] { return snapshot.See(names, at) }
	tests := []struct {
		name   string
		mode   snapshot.Mode
		groups snapshot.Fact[[]string]
		want   rule.Verdict
	}{
		{"empty group", 0o664, empty("staff"), rule.Passed},
		{"group with members", 0o664, empty("games"), rule.Failed},
		{"group whose members are unknown", 0o664, unread, rule.Unknown},
		{"no group may write, members unknown", 0o644, unread, rule.Passed},
		{"everyone may, members unknown", 0o666, unread, rule.Failed},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		s.Host.EmptyGroups = tt.groups
		if got := verdict(s, snapshot.File{Path: "/f", Type: "file", Mode: tt.mode, GID: 50, Group: "staff"}); got.Verdict != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, got.Verdict, got.Message, tt.want)
		}
	}
}

// TestClient: a user may write the own configuration, and so may the group that
// has the user's name.
func TestClient(t *testing.T) {
	f := snapshot.File{Path: "/f", Type: "file", Mode: 0o664, UID: 1000, Owner: "alice", GID: 1000, Group: "alice"}
	for user, want := range map[string]int{"alice": 0, "bob": 2} {
		if got := access.Writers(f, trust.Client(&snapshot.Client{User: user})); len(got) != want {
			t.Errorf("%s: %s, want %d grants", user, access.Describe(got), want)
		}
	}
}
