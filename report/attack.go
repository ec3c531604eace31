package report

import (
	"cmp"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// Attack is in short how an attack could begin. What `seawall paths` tells is all
// of it.
type Attack struct {
	// Certain and Possible count the entries and targets between which there is a
	// path, and those where it rests on facts that were not seen.
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
	// Ways are the worst paths.
	Ways []AttackWay `json:"ways"`
	// Changes end all certain paths, in the order in which they do most.
	Changes []string `json:"changes"`
	// Causes are the findings that take part in the paths, by rule and subject.
	Causes []Cause `json:"causes"`
}

// AttackWay is a path in one sentence.
type AttackWay struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Cost  int      `json:"cost"`
	Steps []string `json:"steps"` // titles
}

// Cause is a finding that takes part in a path.
type Cause struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject"`
	Engine  string `json:"engine,omitempty"`
}

// waysShown is how many paths an audit tells.
const waysShown = 3

// BuildAttack sums up an answer of all entries and targets.
func BuildAttack(a *attack.Answer) *Attack {
	out := &Attack{Ways: []AttackWay{}, Changes: []string{}, Causes: []Cause{}}
	for _, p := range a.Pairs {
		if p.Possible {
			out.Possible++
		} else {
			out.Certain++
		}
	}
	causes := map[Cause]bool{}
	for i := range a.Easiest {
		p := &a.Easiest[i]
		if p.Possible {
			continue
		}
		if len(out.Ways) < waysShown {
			out.Ways = append(out.Ways, attackWay(p))
		}
		for _, m := range p.Moves {
			for _, c := range causesOf(m) {
				causes[c] = true
			}
		}
	}
	for c := range causes {
		out.Causes = append(out.Causes, c)
	}
	slices.SortFunc(out.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Engine, b.Engine), cmp.Compare(a.Subject, b.Subject))
	})
	for _, c := range a.Cut.Changes {
		out.Changes = append(out.Changes, c.String())
	}
	return out
}

func attackWay(p *attack.Path) AttackWay {
	var from []string
	for _, s := range p.From {
		from = append(from, s.String())
	}
	way := AttackWay{From: togetherWith(from), To: p.To.String(), Cost: p.Cost}
	for _, m := range p.Moves {
		if m.Step.ID != attack.TakenOverID && m.Step.Cost > 0 {
			way.Steps = append(way.Steps, m.Step.Title)
		}
	}
	return way
}

func causesOf(m *attack.Move) []Cause {
	var out []Cause
	subject := m.Subject()
	for _, id := range m.Step.Rules {
		out = append(out, Cause{id, subject.Name, subject.Engine})
	}
	return out
}

// takes reports whether one of a group's findings takes part in a path.
func (a *Attack) takes(g Group) bool {
	return a != nil && slices.ContainsFunc(g.Results, func(r *rule.Result) bool {
		return slices.Contains(a.Causes, Cause{r.Rule, r.Subject.Name, r.Subject.Engine})
	})
}

// first puts the causes of paths before others of their severity.
func (a *Attack) first(groups []Group) []Group {
	slices.SortStableFunc(groups, func(x, y Group) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), compareBool(a.takes(y), a.takes(x)))
	})
	return groups
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// attack tells how an attack could begin.
func (t *textReport) attack() {
	a := t.report.Attack
	if a == nil || len(a.Ways) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.T("HOW AN ATTACK COULD BEGIN")))
	for _, w := range a.Ways {
		t.step(2, "›", lang.Sprintf("%s → %s, effort %d: %s", w.From, w.To, w.Cost, strings.Join(w.Steps, lang.T(", then "))))
	}
	if len(a.Changes) > 0 {
		t.prose(2, lang.T("Change first: "), lang.Sentence(a.Changes[0]))
	}
	t.linef(2, "%s", t.paint(dim, lang.T("All of it, and what ends it:")+"  seawall paths"))
}
