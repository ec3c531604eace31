package attack_test

import (
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

// ask answers a question about an example.
func ask(t *testing.T, ex rule.Example, q attack.Question) *attack.Answer {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	a, err := steptest.Model(s, steps.All()).Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ids(changes []attack.CutChange) []string {
	var out []string
	for _, c := range changes {
		out = append(out, c.ID())
	}
	return out
}

// TestAlike: containers that an attacker sees no difference between are one, and a
// change to them counts as often as it must be made.
func TestAlike(t *testing.T) {
	ex := rule.Example{Run: "docker run --name a --user 0 --privileged alpine\ndocker run --name b --user 0 --privileged alpine\ndocker run --name c --user 0 --cap-add SYS_MODULE alpine\ndocker run --name d --user 0 alpine"}
	a := ask(t, ex, attack.Question{})
	var from []string
	for _, p := range a.Pairs {
		if p.To.Kind == attack.HostRoot {
			from = append(from, p.From.ID())
		}
	}
	if want := []string{"container:a", "container:c"}; !slices.Equal(from, want) {
		t.Errorf("root is reached from %v, want %v", from, want)
	}
	if names := a.Class(attack.State{Kind: attack.Container, Engine: trial.Endpoint, Name: "a"}).Names; !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("the class of a is %v", names)
	}
	weights := map[string]int64{}
	for _, c := range a.Cut.Changes {
		weights[c.Subject] = c.Weight / c.Kind.Weight
	}
	if weights["a"] != 2 || weights["c"] != 1 {
		t.Errorf("the cut is %v, made in so many places: %v", ids(a.Cut.Changes), weights)
	}
	scaled := rule.Example{Run: ex.Run, Facts: example.Engine(func(e *snapshot.Engine) {
		containers, _ := e.Containers.Peek()
		for i := range containers[:2] {
			containers[i].Project, containers[i].Service = "shop", "web"
		}
	})}
	for _, c := range ask(t, scaled, attack.Question{}).Cut.Changes {
		if c.Weight != c.Kind.Weight {
			t.Errorf("two containers of one service: %v weighs %d", c, c.Weight)
		}
	}
}

// TestAsked: what a person asks for decides what is answered.
func TestAsked(t *testing.T) {
	ex := rule.Example{Run: "docker run --name a --user 0 --cap-drop MKNOD --cap-add SYS_MODULE alpine", Facts: example.Host(func(h *snapshot.Host) {
		users, _ := h.Users.Peek()
		changed := slices.Clone(users)
		changed[0].Groups = append(slices.Clone(changed[0].Groups), "docker")
		example.Set(&h.Users, changed)
		example.Set(&h.EmptyGroups, []string(nil))
	})}
	all := ask(t, ex, attack.Question{})
	if got, want := ids(all.Cut.Changes), []string{"remove-from-group:alice:docker", "drop-capability:a:SYS_MODULE"}; !slices.Equal(got, want) || !all.Cut.Proven {
		t.Errorf("the cut is %v, want %v", got, want)
	}
	users := ask(t, ex, attack.Question{From: func(s attack.State) bool { return s.Kind == attack.LocalUser }})
	if got, want := ids(users.Cut.Changes), []string{"remove-from-group:alice:docker"}; !slices.Equal(got, want) {
		t.Errorf("from accounts, the cut is %v, want %v", got, want)
	}
	keep := ask(t, ex, attack.Question{Keep: func(c attack.Change) bool { return c.ID() == "drop-capability:a:SYS_MODULE" }})
	if got := ids(keep.Cut.Changes); slices.Contains(got, "drop-capability:a:SYS_MODULE") || !keep.Cut.Possible || keep.Cut.Cost <= all.Cut.Cost {
		t.Errorf("without the best change the cut is %v, of cost %d", got, keep.Cut.Cost)
	}
	none := ask(t, ex, attack.Question{Keep: func(attack.Change) bool { return true }})
	if none.Cut.Possible || len(none.Cut.Uncut) == 0 {
		t.Errorf("with no change allowed, the cut is %+v", none.Cut)
	}
	dear := ask(t, ex, attack.Question{Weigh: func(c attack.Change) int64 {
		if c.ID() == "drop-capability:a:SYS_MODULE" {
			return 1000
		}
		return c.Kind.Weight
	}})
	if got := ids(dear.Cut.Changes); slices.Contains(got, "drop-capability:a:SYS_MODULE") {
		t.Errorf("the cut holds a change that costs 1000: %v", got)
	}
	made := ask(t, ex, attack.Question{Made: []attack.Change{all.Cut.Changes[0].Change}})
	sure := slices.DeleteFunc(slices.Clone(made.Pairs), func(p attack.Pair) bool { return p.Possible })
	if len(sure) == 0 || len(sure) >= len(all.Pairs) || len(sure) != all.Cut.Changes[0].Left {
		t.Errorf("%d certain pairs are left of %d, the cut said %d", len(sure), len(all.Pairs), all.Cut.Changes[0].Left)
	}
	unknown := ask(t, ex, attack.Question{Made: []attack.Change{{Kind: all.Cut.Changes[0].Kind, Subject: "nobody"}}})
	if len(unknown.Undone) != 1 || len(unknown.Pairs) != len(all.Pairs) {
		t.Errorf("a change of nothing: %v, %d pairs", unknown.Undone, len(unknown.Pairs))
	}
}

// TestTogether: what one foothold alone does not reach is told with the others that
// it takes, and the cut ends it.
func TestTogether(t *testing.T) {
	ex := rule.Example{Run: "docker run --name a alpine"}
	a := ask(t, ex, attack.Question{})
	sure := slices.DeleteFunc(slices.Clone(a.Pairs), func(p attack.Pair) bool { return p.Possible })
	if len(sure) != 1 || sure[0].From.ID() != "container:a" || sure[0].To.Kind != attack.HostRoot || len(sure[0].With) != 1 || sure[0].With[0].Kind != attack.LocalUser {
		t.Fatalf("pairs %+v", sure)
	}
	if i := slices.IndexFunc(a.Paths, func(p attack.Path) bool { return len(p.From) == 2 }); i < 0 || a.Paths[i].Cost != sure[0].Cost {
		t.Errorf("paths %+v", a.Paths)
	}
	if got := ids(a.Cut.Changes); len(got) != 1 || !strings.HasPrefix(got[0], "drop-capability:a:") {
		t.Errorf("the cut is %v", got)
	}
	alone := ask(t, ex, attack.Question{From: func(s attack.State) bool { return s.Kind == attack.Container }})
	if slices.ContainsFunc(alone.Pairs, func(p attack.Pair) bool { return !p.Possible }) {
		t.Errorf("from containers alone: %+v", alone.Pairs)
	}
}
