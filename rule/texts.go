package rule

import "seawall/lang"

// Texts are the rule's texts for people that do not depend on a subject.
func (r *Rule) Texts() []*string { return []*string{&r.Title, &r.Why, &r.Fix.Text, &r.Fix.Breaks} }

// translated is the rule in the language that is spoken.
func (r *Rule) translated() *Rule {
	if lang.Tag() == lang.English {
		return r
	}
	t := *r
	for _, text := range t.Texts() {
		*text = lang.T(*text)
	}
	return &t
}
