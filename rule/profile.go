package rule

import "strings"

// Profile is a named selection of rules.
type Profile struct {
	Name string
	// About says in one line what it selects.
	About   string
	Selects func(*Rule) bool
}

// Profiles lists the built-in profiles.
func Profiles() []Profile {
	return []Profile{
		{"all", "every rule", func(*Rule) bool { return true }},
		{"essential", "the rules whose finding is critical or high", func(r *Rule) bool { return r.Severity >= High }},
		{"guide", "the rules that answer a question of docs/guide.md", func(r *Rule) bool { return r.Refs.Guide != "" }},
		cisProfile("1.8"), cisProfile("1.7"), cisProfile("1.6"),
	}
}

func cisProfile(release string) Profile {
	return Profile{
		Name:    "cis-" + release,
		About:   "the rules that decide recommendations of the CIS Docker Benchmark " + release + ".0",
		Selects: func(r *Rule) bool { return len(r.Refs.CISNumbers(release)) > 0 },
	}
}

// LookupProfile finds a profile. For an unknown name the error names the
// nearest match.
func LookupProfile(name string) (Profile, error) {
	names := []string{}
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, unknownName("profile", name, names, "seawall rules --help")
}

// Select gives the rules of the book that the profile selects.
func (b *Book) Select(p Profile) []*Rule {
	var rules []*Rule
	for _, r := range b.rules {
		if p.Selects(r) {
			rules = append(rules, r)
		}
	}
	return rules
}

// Match gives the rules that a pattern names: an id, or a shell pattern such
// as "container-*". A pattern that matches none is an error.
func (b *Book) Match(pattern string) ([]*Rule, error) {
	if !strings.ContainsAny(pattern, "*?[") {
		r, err := b.Lookup(pattern)
		if err != nil {
			return nil, err
		}
		return []*Rule{r}, nil
	}
	var rules []*Rule
	for _, r := range b.rules {
		if MatchName(pattern, r.ID) {
			rules = append(rules, r)
		}
	}
	if len(rules) == 0 {
		return nil, unknownName("rule", pattern, nil, "seawall rules")
	}
	return rules, nil
}
