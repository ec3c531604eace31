package attack_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// dangers are options that give an attacker a move, in any mixture.
var dangers = strings.Fields("--privileged --cap-add=SYS_ADMIN --cap-add=SYS_PTRACE --cap-add=SYS_MODULE --cap-add=DAC_READ_SEARCH --pid=host --network=host --ipc=host --user=1000 " +
	"--security-opt=seccomp=unconfined --security-opt=apparmor=unconfined --security-opt=systempaths=unconfined --userns=host -v=/:/host -v=/etc:/etc -v=/var/run/docker.sock:/s:ro -v=/home/alice:/a -v=data:/data --device=/dev/sda")

// blockers are options that take moves away, and no other.
var blockers = []string{"--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=1000", "--cap-drop=NET_RAW"}

// host is a random host: the options of its containers, and what else is wrong.
type host struct {
	containers [][]string
	facts      []func(*snapshot.Snapshot)
}

func randomHost(r *rand.Rand) host {
	var h host
	for range 1 + r.IntN(4) {
		var options []string
		for _, d := range dangers {
			if r.IntN(8) == 0 {
				options = append(options, d)
			}
		}
		h.containers = append(h.containers, options)
	}
	faults := []func(*snapshot.Snapshot){
		example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.AppArmor, false) }),
		example.Engine(func(e *snapshot.Engine) { example.Set(&e.Swarm, snapshot.Swarm{NodeID: "n", Manager: true}) }),
		example.Host(func(h *snapshot.Host) {
			users, _ := h.Users.Peek()
			changed := slices.Clone(users)
			changed[0].Groups = append(slices.Clone(changed[0].Groups), "docker")
			example.Set(&h.Users, changed)
			example.Set(&h.EmptyGroups, []string{"staff"})
		}),
	}
	for _, f := range faults {
		if r.IntN(2) == 0 {
			h.facts = append(h.facts, f)
		}
	}
	return h
}

func (h host) load(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	var lines []string
	for i, options := range h.containers {
		lines = append(lines, "docker run --name c"+string(rune('0'+i))+" "+strings.Join(options, " ")+" alpine")
	}
	s, err := trial.Load(rule.Example{Run: strings.Join(lines, "\n"), Facts: example.Together(h.facts...)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reached are the pairs of an answer, every container by itself: true for those
// that are certain.
func reached(t *testing.T, m *attack.Model, q attack.Question) map[[2]attack.State]bool {
	t.Helper()
	a, err := m.Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := map[[2]attack.State]bool{}
	for _, p := range a.Pairs {
		if len(p.With) > 0 {
			continue // which of several entries it names means nothing
		}
		for _, from := range members(a, p.From) {
			out[[2]attack.State{from, p.To}] = !p.Possible
		}
	}
	return out
}

func members(a *attack.Answer, s attack.State) []attack.State {
	class := a.Class(s)
	if class == nil {
		return []attack.State{s}
	}
	var out []attack.State
	for _, name := range class.Names {
		out = append(out, attack.State{Kind: s.Kind, Engine: s.Engine, Name: name})
	}
	return out
}

// eachHost tries many random hosts.
func eachHost(t *testing.T, try func(t *testing.T, r *rand.Rand, h host)) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 150 {
		if try(t, r, randomHost(r)); t.Failed() {
			return
		}
	}
}

// within fails if a host has a path that another one does not have.
func within(t *testing.T, what string, small, large map[[2]attack.State]bool) {
	t.Helper()
	for pair, certain := range small {
		if was, had := large[pair]; !had || certain && !was {
			t.Errorf("%s adds a path from %v to %v (certain: %t)", what, pair[0], pair[1], certain)
		}
	}
}

// TestRemovingContainer: a container less is no path more.
func TestRemovingContainer(t *testing.T) {
	eachHost(t, func(t *testing.T, _ *rand.Rand, h host) {
		s := h.load(t)
		before := reached(t, steptest.Model(s, steps.All()), attack.Question{})
		containers, _ := s.Engines[0].Containers.Peek()
		for i := range containers {
			example.Set(&s.Engines[0].Containers, slices.Delete(slices.Clone(containers), i, i+1))
			within(t, "removing "+containers[i].Name, reached(t, steptest.Model(s, steps.All()), attack.Question{}), before)
		}
	})
}

// TestAddingBlocker: an option that only takes away adds no path.
func TestAddingBlocker(t *testing.T) {
	eachHost(t, func(t *testing.T, r *rand.Rand, h host) {
		before := reached(t, steptest.Model(h.load(t), steps.All()), attack.Question{})
		i, blocker := r.IntN(len(h.containers)), blockers[r.IntN(len(blockers))]
		h.containers[i] = append(slices.Clone(h.containers[i]), blocker)
		within(t, blocker, reached(t, steptest.Model(h.load(t), steps.All()), attack.Question{}), before)
	})
}

// TestUnknownHidesNothing: what could not be read takes no path away, unless it is
// told that a whole list could not be read.
func TestUnknownHidesNothing(t *testing.T) {
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "made unreadable by a test"}
	r := rand.New(rand.NewPCG(3, 5))
	for range 4 {
		s := randomHost(r).load(t)
		before := reached(t, steptest.Model(s, steps.All()), attack.Question{})
		snapshot.BlindEach(s, gap, func(path string) {
			m := steptest.Model(s, steps.All())
			if len(m.Gaps) > 0 {
				return
			}
			after := reached(t, m, attack.Question{})
			for pair := range before {
				if !still(after, pair) {
					t.Errorf("without %s there is no path from %v to %v", path, pair[0], pair[1])
				}
			}
		})
	}
}

// still reports whether there is a pair like one: a hidden fact may take names.
func still(pairs map[[2]attack.State]bool, want [2]attack.State) bool {
	for pair := range pairs {
		if like(pair[0], want[0]) && like(pair[1], want[1]) {
			return true
		}
	}
	return false
}

func like(s, want attack.State) bool { return s == want || s.Kind == want.Kind && s.Name == "" }

// TestCutCuts: after the changes of the cut no certain path is left, and leaving
// out any one of them leaves one.
func TestCutCuts(t *testing.T) {
	eachHost(t, func(t *testing.T, _ *rand.Rand, h host) {
		m := steptest.Model(h.load(t), steps.All())
		a, err := m.Answer(t.Context(), attack.Question{})
		if err != nil {
			t.Fatal(err)
		}
		if !a.Cut.Possible {
			t.Fatalf("%v: no cut", h.containers)
		}
		made := func(without int) []attack.Change {
			var out []attack.Change
			for i := range a.Cut.Changes {
				if i != without {
					out = append(out, a.Cut.Changes[i].All()...)
				}
			}
			return out
		}
		if n := sure(t, m, attack.Question{Made: made(-1)}); n > 0 {
			t.Errorf("%v: %d pairs are left after %v", h.containers, n, made(-1))
		}
		for i := range a.Cut.Changes {
			if sure(t, m, attack.Question{Made: made(i)}) == 0 {
				t.Errorf("%v: %v is needless", h.containers, a.Cut.Changes[i])
			}
		}
	})
}

// sure is how many certain pairs there are, those that take several entries too.
func sure(t *testing.T, m *attack.Model, q attack.Question) int {
	t.Helper()
	a, err := m.Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range a.Pairs {
		if !p.Possible {
			n++
		}
	}
	return n
}
