// Package outline tells what a step does in general, as its own examples show it:
// between which kinds of states it leads, and which kinds of changes end it.
package outline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/trial"
)

// Of is the outline of a step.
func Of(s *attack.Step) (*attack.Outline, error) {
	b, err := attack.NewBook(s)
	if err != nil {
		return nil, err
	}
	o := &attack.Outline{}
	for _, n := range s.Needs {
		o.Needs = append(o.Needs, says(n))
	}
	for _, c := range s.Harder {
		o.Harder = append(o.Harder, c.String())
	}
	for i, ex := range s.Bad {
		facts, err := trial.Load(ex)
		if err != nil {
			return nil, fmt.Errorf("step %s: bad example %d: %w", s.ID, i+1, err)
		}
		m := attack.Build(facts, b, func() *matrix.Matrix { return matrix.NewPlan(facts, matrix.ForPaths).Matrix() })
		moves := m.Moves()
		for i := range moves {
			if move := &moves[i]; move.Step.ID == s.ID {
				add(o, move)
			}
		}
	}
	slices.SortFunc(o.Changes, func(a, b attack.OutlineChange) int { return cmp.Compare(a.ID, b.ID) })
	return o, nil
}

func says(n attack.Need) string {
	var alternatives []string
	for _, c := range n {
		alternatives = append(alternatives, c.String())
	}
	return strings.Join(alternatives, lang.T(", or "))
}

func add(o *attack.Outline, m *attack.Move) {
	var from []string
	for _, s := range m.From {
		from = append(from, s.Kind.General())
	}
	o.From = once(o.From, strings.Join(from, lang.T(" together with ")))
	o.To = once(o.To, m.To.Kind.General())
	for _, c := range m.Ends {
		if next := general(c); !slices.Contains(o.Changes, next) {
			o.Changes = append(o.Changes, next)
		}
	}
}

func once(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// general is a change without the names of what it is made to.
func general(c attack.Change) attack.OutlineChange {
	of := attack.Change{Kind: c.Kind}
	if c.Subject != "" {
		of.Subject = "NAME"
	}
	if c.Detail != "" {
		of.Detail = "DETAIL"
	}
	return attack.OutlineChange{ID: of.ID(), Text: of.String(), Weight: c.Kind.Weight}
}
