package attack_test

import (
	"slices"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/trial"
)

// book has the steps that the tests here tell of: others do not change the answers.
func book() *attack.Book {
	all := steps.All()
	return attack.MustBook(all.Lookup("image-runs-as-root"), all.Lookup("privileged-container"), all.Lookup("cap-sys-module"))
}

func model(t *testing.T, run string) *attack.Model {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	return steptest.Model(s, book())
}

func answer(t *testing.T, m *attack.Model, q attack.Question) *attack.Answer {
	t.Helper()
	q.Ways = 3
	a, err := m.Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const threeContainers = "docker run --name a --privileged alpine\ndocker run --name b --privileged alpine\ndocker run --name c alpine"

// named tests for a state of a name.
func named(kind attack.Kind, name string) func(attack.State) bool {
	return func(s attack.State) bool { return s.Kind == kind && s.Name == name }
}

// change finds a change by its id.
func change(t *testing.T, m *attack.Model, id string) attack.Change {
	t.Helper()
	all := m.Changes()
	i := slices.IndexFunc(all, func(c attack.Change) bool { return c.ID() == id })
	if i < 0 {
		t.Fatalf("no change %s", id)
	}
	return all[i]
}

// TestAnswer asks about a host whose only fault is two privileged containers, which
// are alike.
func TestAnswer(t *testing.T) {
	a := answer(t, model(t, threeContainers), attack.Question{})
	if len(a.Pairs) != 1 || a.Pairs[0].From.ID() != "container:a" || a.Pairs[0].To.ID() != "host-root" || a.Pairs[0].Cost != 1 {
		t.Errorf("pairs %v", a.Pairs)
	}
	if len(a.Paths) != 2 || len(a.Paths[0].Moves) != 2 || a.Paths[1].Cost != 2 || len(a.Paths[0].Like) != 0 {
		t.Errorf("paths %+v", a.Paths)
	}
	if !a.Cut.Possible || !a.Cut.Proven || len(a.Cut.Changes) != 1 || a.Cut.Changes[0].Left != 0 {
		t.Errorf("cut %+v", a.Cut)
	}
	if class := a.Class(a.Pairs[0].From); !slices.Equal(class.Names, []string{"a", "b"}) {
		t.Errorf("class %v", class)
	}
	for _, m := range a.Slice() {
		if m.To.Name == "c" {
			t.Errorf("the slice has %v → %v", m.From, m.To)
		}
	}
}

// TestAnyOfAClass: a container that another one stands for is found, changed and
// kept by its own name.
func TestAnyOfAClass(t *testing.T) {
	m := model(t, threeContainers)
	if a := answer(t, m, attack.Question{From: named(attack.Container, "b")}); len(a.Pairs) != 1 {
		t.Errorf("from b: %v", a.Pairs)
	}
	a := answer(t, m, attack.Question{Made: []attack.Change{change(t, m, "unprivileged:b")}})
	if len(a.Pairs) != 1 || len(a.Class(a.Pairs[0].From).Names) != 1 || a.Pairs[0].From.Name != "a" {
		t.Errorf("after a change to b: %v", a.Pairs)
	}
	keep := func(c attack.Change) bool { return c.ID() != "unprivileged:a" }
	if a := answer(t, m, attack.Question{Keep: keep}); a.Cut.Possible {
		t.Errorf("cut by what is off the table: %v", a.Cut.Changes)
	}
}

// TestUndone: a change that ends no move is told.
func TestUndone(t *testing.T) {
	none := attack.Change{Kind: &attack.ChangeKind{ID: "do-nothing"}}
	if a := answer(t, model(t, threeContainers), attack.Question{Made: []attack.Change{none}}); !slices.Equal(a.Undone, []attack.Change{none}) {
		t.Errorf("undone %v", a.Undone)
	}
}

// TestLike: entries at which a path can begin as well are told with it, and those
// that get there by other paths are not.
func TestLike(t *testing.T) {
	a := answer(t, model(t, "docker run --name a --privileged alpine\ndocker run --name b --cap-add SYS_MODULE alpine"), attack.Question{})
	for _, p := range a.Paths {
		if len(p.Like) > 0 {
			t.Errorf("%v → %v also from %v", p.From, p.To, p.Like)
		}
	}
	s, err := trial.Load(steps.All().Lookup("engine-socket-open").Bad[0])
	if err != nil {
		t.Fatal(err)
	}
	open := steptest.Model(s, attack.MustBook(steps.All().Lookup("engine-socket-open")))
	if a := answer(t, open, attack.Question{}); len(a.Paths) != 1 || len(a.Paths[0].Like) != 1 {
		t.Errorf("paths %+v", a.Paths)
	}
}
