package steps_test

import (
	"slices"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steps/scene"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// movesOf are the moves of a book in an example.
func movesOf(t *testing.T, b *attack.Book, ex rule.Example) []attack.Move {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	return steptest.Model(s, b).Moves()
}

// alone is a book of one step.
func alone(t *testing.T, id string) *attack.Book {
	t.Helper()
	s := steps.All().Lookup(id)
	if s == nil {
		t.Fatalf("no step %s", id)
	}
	return attack.MustBook(s)
}

// TestChecksAreWhole: whatever a step gives to be looked at is of a kind that is
// known, and says what it is about.
func TestChecksAreWhole(t *testing.T) {
	of := map[attack.CheckKind]func(attack.Check) bool{}
	for _, k := range attack.CheckKinds() {
		of[k] = func(attack.Check) bool { return true }
	}
	for _, k := range []attack.CheckKind{attack.ReadsPath, attack.WritesPath, attack.OwnsPath, attack.OpensSocket, attack.HasSudoRule} {
		of[k] = func(c attack.Check) bool { return c.Path != "" }
	}
	for _, k := range []attack.CheckKind{attack.HasCapability, attack.SharesNamespace, attack.OpensAddress, attack.InGroup, attack.SettingIs} {
		of[k] = func(c attack.Check) bool { return c.Name != "" }
	}
	seen := map[attack.CheckKind]bool{}
	for _, s := range steps.All().Steps() {
		for _, ex := range s.Bad {
			for _, move := range movesOf(t, attack.MustBook(s), ex) {
				checks, unchecked := move.Checks()
				for _, c := range checks {
					seen[c.Kind] = true
					if whole := of[c.Kind]; whole == nil || !whole(c) {
						t.Errorf("%s: %+v", s.ID, c)
					}
				}
				if slices.Contains(unchecked, "") {
					t.Errorf("%s: something without a name cannot be looked at", s.ID)
				}
			}
		}
	}
	for _, k := range attack.CheckKinds() {
		if !seen[k] {
			t.Errorf("no step looks at %q", k)
		}
	}
}

// TestChecks: who is asked, and about what.
func TestChecks(t *testing.T) {
	for _, tt := range []struct {
		step string
		ex   rule.Example
		want attack.Check
	}{
		{"docker-sock-mount", rule.Example{Run: "docker run -v /run:/x:ro alpine"}, attack.Check{Kind: attack.OpensSocket, Path: "/x/docker.sock", Value: "/run/docker.sock", API: true, Root: true}},
		{"docker-sock-gid-in-container", rule.Example{Run: "docker run --user 1000 --group-add 998 -v /run/docker.sock:/s alpine"}, attack.Check{Kind: attack.OpensSocket, Path: "/s", Value: "/run/docker.sock", API: true}},
		{"engine-socket-group", rule.Example{Facts: scene.InGroup("alice", "docker")}, attack.Check{Kind: attack.OpensSocket, Path: "/run/docker.sock", API: true, OnHost: true, User: "alice"}},
		{"cap-sys-module", rule.Example{Run: "docker run --cap-add SYS_MODULE alpine"}, attack.Check{Kind: attack.SettingIs, Name: "kernel.modules_disabled", Value: "0"}},
		{"root-equivalent-group", rule.Example{Facts: scene.InGroup("alice", "lxd")}, attack.Check{Kind: attack.InGroup, Name: "lxd", OnHost: true, User: "alice"}},
		{"volume-shared-rw", rule.Example{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v data:/d:ro alpine"}, attack.Check{Kind: attack.WritesPath, Path: "/d"}},
	} {
		moves := movesOf(t, alone(t, tt.step), tt.ex)
		if len(moves) == 0 {
			t.Errorf("%s: no move", tt.step)
			continue
		}
		if checks, _ := moves[0].Checks(); !slices.Contains(checks, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.step, checks, tt.want)
		}
	}
}

// TestChecksOfUnknown: a condition of which nobody knows whether it holds is not
// taken as read.
func TestChecksOfUnknown(t *testing.T) {
	unseen := example.Host(func(h *snapshot.Host) {
		o := h.Sysctls["kernel.modules_disabled"].Origin()
		h.Sysctls["kernel.modules_disabled"] = snapshot.Lost[string](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted"}, o)
	})
	moves := movesOf(t, alone(t, "cap-sys-module"), rule.Example{Run: "docker run --cap-add SYS_MODULE alpine", Facts: unseen})
	if len(moves) != 1 {
		t.Fatalf("%d moves, want one", len(moves))
	}
	if _, unchecked := moves[0].Checks(); !slices.Contains(unchecked, "the kernel loads modules") {
		t.Errorf("unchecked: %q", unchecked)
	}
}
