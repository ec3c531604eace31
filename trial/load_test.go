package trial

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/rule"
	"seawall/snapshot"
)

func TestLoad(t *testing.T) {
	s, err := Load(rule.Example{
		Run: "docker run --name db --network app -v data:/data \\\n  db:1\n\n" +
			"docker run --name web --network app -p 80:80 web:2\n",
		Daemon: `{"icc": true}`,
		Config: `{"credsStore": "pass"}`,
		Facts:  func(s *snapshot.Snapshot) { s.Tool = "changed" },
	})
	if err != nil {
		t.Fatal(err)
	}
	e := &s.Engines[0]
	var got []string
	for _, c := range peek(e.Containers) {
		got = append(got, "container "+c.Name)
	}
	for _, n := range peek(e.Networks) {
		for _, c := range peek(n.Containers) {
			got = append(got, "network "+n.Name+" "+c)
		}
	}
	for _, v := range peek(e.Volumes) {
		got = append(got, "volume "+v.Name)
	}
	for _, i := range peek(e.Images) {
		got = append(got, "image "+i.Name())
	}
	want := []string{"container db", "container web", "network app db", "network app web", "volume data", "image db:1", "image web:2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if icc, _ := e.Settings.ICC.Peek(); !icc || s.Tool != "changed" {
		t.Errorf("icc %t, tool %q: want what the example sets", icc, s.Tool)
	}
	if helpers := peek(s.Clients)[0].Config; peek(helpers).Helpers[""] != "pass" {
		t.Errorf("client configuration %+v", peek(helpers))
	}
}

func peek[T any](f snapshot.Fact[T]) T {
	v, _ := f.Peek()
	return v
}

// TestNothingUncollected: an example has every fact that a rule may read, so
// that unknown is never the answer for want of one.
func TestNothingUncollected(t *testing.T) {
	s, err := Load(rule.Example{Run: "docker run alpine", Daemon: `{}`, Config: `{}`})
	if err != nil {
		t.Fatal(err)
	}
	snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.NotCollected {
			t.Errorf("%s was not collected", path)
		}
	})
}

func TestLoadFails(t *testing.T) {
	for _, ex := range []rule.Example{{Run: "docker run --no-such-flag x"}, {Run: "docker ps"}, {Daemon: `{"icc": `}} {
		if _, err := Load(ex); err == nil {
			t.Errorf("%+v loads", ex)
		}
	}
}
