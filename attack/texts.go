package attack

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
)

// Texts are the step's texts for people that do not depend on a site.
func (s *Step) Texts() []*string {
	return []*string{&s.Title, &s.Why, &s.CostReason, &s.Proof, &s.Permanent}
}

// Conds are the conditions of the step, whose texts are for people too.
func (s *Step) Conds() []*Cond { return append(slices.Concat(s.Needs...), s.Harder...) }

// Shown are texts that are translated where they are shown: examples that are said in words.
func (s *Step) Shown() []string { return rule.ShownOf(s.Good, s.Bad) }

// translated is the step in the language that is spoken.
func (s *Step) translated() *Step {
	if lang.Tag() == lang.English {
		return s
	}
	t := *s
	for _, text := range t.Texts() {
		*text = lang.T(*text)
	}
	return &t
}
