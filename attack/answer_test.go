package attack_test

import (
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/trial"
)

// TestAnswer asks about a host whose only fault is a privileged container.
func TestAnswer(t *testing.T) {
	s, err := trial.Load(rule.Example{Run: "docker run --name a --privileged alpine\ndocker run --name b --privileged alpine\ndocker run --name c alpine"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := steptest.Model(s, steps.All()).Answer(t.Context(), attack.Question{Ways: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range a.Paths {
		t.Logf("%v -> %v cost %d possible %v like %v", p.From, p.To, p.Cost, p.Possible, p.Like)
		for _, m := range p.Moves {
			t.Logf("   %s (%s) %v ends %v", m.Step.Title, m.What(), m.To, m.Ends)
		}
	}
	t.Logf("%+v", a.Cut)
	for _, m := range a.Pairs {
		t.Log(m)
	}
}
