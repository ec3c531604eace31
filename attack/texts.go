package attack

import "seawall/lang"

// Texts are the step's texts for people that do not depend on a site.
func (s *Step) Texts() []*string {
	return []*string{&s.Title, &s.Why, &s.CostReason, &s.Proof, &s.Permanent}
}

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
