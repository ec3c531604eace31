package cis_test

import (
	"testing"

	"seawall/cis"
	"seawall/snapshot"
	"seawall/trial"
)

// TestReleases: the number of recommendations by release, level and status
// (1.8.0: 118, of which 87 are of level 1 and 23 automated).
func TestReleases(t *testing.T) {
	for release, want := range map[cis.Release]int{cis.V18: 118, cis.V17: 117, cis.V16: 117} {
		numbers := map[string]bool{}
		for _, r := range (cis.Selection{Release: release, Level: 2}).Recommendations() {
			numbers[cis.NumberIn(r.Number, release)] = true
			if r.Title == "" || cis.Section(r.Number) == "" {
				t.Errorf("%s: no title or no section", r.Number)
			}
		}
		if len(numbers) != want {
			t.Errorf("%s has %d recommendations, want %d", release, len(numbers), want)
		}
	}
	automated := 0
	for _, r := range (cis.Selection{Release: cis.V18, Level: 2}).Recommendations() {
		if r.Automated {
			automated++
		}
	}
	first := len(cis.Selection{Release: cis.V18, Level: 1}.Recommendations())
	if automated != 23 || first != 87 {
		t.Errorf("%d automated, %d of level 1; want 23 and 87", automated, first)
	}
}

// TestNumbers: what moved between releases, and what did not.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ number, v17, v16 string }{
		{"2.6", "2.6", "2.6"}, {"2.7", "", ""}, {"2.8", "2.7", "2.7"}, {"2.19", "2.18", "2.18"},
		{"1.1.9", "1.1.9", ""}, {"1.6:1.1.9", "", "1.1.9"}, {"5.5", "5.5", "5.5"}, {"3.10", "3.10", "3.10"},
	} {
		if got := cis.NumberIn(tt.number, cis.V17); got != tt.v17 {
			t.Errorf("%s is %q in 1.7, want %q", tt.number, got, tt.v17)
		}
		if got := cis.NumberIn(tt.number, cis.V16); got != tt.v16 {
			t.Errorf("%s is %q in 1.6, want %q", tt.number, got, tt.v16)
		}
	}
	if got := cis.NumberIn("1.6:1.1.9", cis.V18); got != "" {
		t.Errorf("1.8 has the socket unit as %q", got)
	}
}

// TestQuestionsNeverSettleInTheDark: without facts every question stays open,
// whatever would settle it otherwise.
func TestQuestionsNeverSettleInTheDark(t *testing.T) {
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "made unreadable by a test"}
	dark := trial.Baseline()
	snapshot.Walk(dark, func(_ string, f snapshot.AnyFact) { f.Blind(gap) })
	for _, r := range cis.All() {
		if r.Question == nil {
			continue
		}
		if facts, settled, _ := r.Question.Ask(dark); settled != cis.Open || len(facts) == 0 {
			t.Errorf("%s is settled as %d without any fact, with %v", r.Number, settled, facts)
		}
		if _, settled, _ := r.Question.Ask(&snapshot.Snapshot{}); settled != cis.Open {
			t.Errorf("%s is settled although no engine was found", r.Number)
		}
	}
}

// TestSettled: what the facts alone answer.
func TestSettled(t *testing.T) {
	at := snapshot.At("x", "y")
	ports := func(ports ...snapshot.Port) func(*snapshot.Engine) {
		return func(e *snapshot.Engine) {
			e.Containers = snapshot.See([]snapshot.Container{{Name: "web", State: snapshot.See("running", at), Ports: snapshot.See(ports, at), Ulimits: snapshot.See([]string(nil), at)}}, at)
		}
	}
	nothing := func(*snapshot.Engine) {}
	image := func(files snapshot.Fact[[]snapshot.ImageFile]) func(*snapshot.Engine) {
		return func(e *snapshot.Engine) {
			e.Images = snapshot.See([]snapshot.Image{{ID: "sha256:0", ImageContents: snapshot.ImageContents{SetIDFiles: files}}}, at)
		}
	}
	members := func(e *snapshot.Engine) {
		list, _ := e.Listeners.Peek()
		list[0].GroupMembers = snapshot.See([]string{"alice"}, at)
	}
	inSwarm := func(e *snapshot.Engine) { e.Swarm = snapshot.See(snapshot.Swarm{NodeID: "n"}, at) }
	tests := []struct {
		name, number string
		change       func(*snapshot.Engine)
		want         cis.Settled
	}{
		{"nobody in the group", "1.1.2", nothing, cis.Met},
		{"somebody in the group", "1.1.2", members, cis.Open},
		{"no images", "4.2", nothing, cis.Void},
		{"no containers", "5.9", nothing, cis.Void},
		{"no ports", "5.9", ports(), cis.Met},
		{"a port", "5.9", ports(snapshot.Port{HostPort: "80", Port: 80, Protocol: "tcp"}), cis.Open},
		{"an image without setuid files", "4.8", image(snapshot.See([]snapshot.ImageFile(nil), at)), cis.Met},
		{"an image with setuid files", "4.8", image(snapshot.See([]snapshot.ImageFile{{Path: "/bin/su", Mode: 0o4755}}, at)), cis.Open},
		{"an image whose files were not read", "4.8", image(snapshot.Lost[[]snapshot.ImageFile](snapshot.Gap{Detail: "not asked for"}, at)), cis.Open},
		{"no images with files", "4.8", nothing, cis.Void},
		{"nothing runs", "5.23", nothing, cis.Void},
		{"a container runs", "5.23", ports(), cis.Open},
		{"limits of containers", "5.19", ports(), cis.Open},
		{"swarm is off", "7.8", nothing, cis.Void},
		{"swarm is on", "7.8", inSwarm, cis.Open},
		{"the release", "1.2.2", nothing, cis.Open},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := trial.Baseline()
			tt.change(&s.Engines[0])
			r, ok := cis.Lookup(tt.number)
			if !ok || r.Question == nil {
				t.Fatalf("%s is not a person's", tt.number)
			}
			facts, settled, reason := r.Question.Ask(s)
			if settled != tt.want || settled != cis.Open && reason == "" {
				t.Errorf("settled as %d (%s), want %d; facts %v", settled, reason, tt.want, facts)
			}
		})
	}
}
