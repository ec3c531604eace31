package rule

import (
	"strings"

	"seawall/cis"
	"seawall/lang"
)

// Profile is a named selection of rules.
type Profile struct {
	Name string
	// About says in one line what it selects.
	About   string
	Selects func(*Rule) bool
	// Benchmark is what the results are to be set against; zero for none.
	Benchmark cis.Selection
}

// DefaultProfile is what an audit judges by unless it is told otherwise.
const DefaultProfile = "default"

// Profiles lists the built-in profiles.
func Profiles() []Profile {
	list := []Profile{
		{Name: DefaultProfile, About: lang.T("every rule whose finding is a fault by itself"), Selects: func(r *Rule) bool { return !r.Exact }},
		{Name: "all", About: lang.T("every rule, those that only a benchmark asks for included"), Selects: func(*Rule) bool { return true }},
		{Name: "essential", About: lang.T("the rules whose finding is critical or high"), Selects: func(r *Rule) bool { return r.Severity >= High }},
		{Name: "guide", About: lang.T("the rules that answer a question of docs/guide.md"), Selects: func(r *Rule) bool { return r.Refs.Guide != "" }},
	}
	for _, release := range cis.Releases() {
		list = append(list, cisProfile(release, 2), cisProfile(release, 1))
	}
	return list
}

func cisProfile(release cis.Release, level int) Profile {
	p := Profile{
		Name:      "cis-" + string(release),
		About:     lang.Sprintf("the CIS Docker Benchmark %s.0, with a table of its recommendations", release),
		Benchmark: cis.Selection{Release: release, Level: level},
	}
	if level == 1 {
		p.Name, p.About = p.Name+"-l1", lang.Sprintf("level 1 of the CIS Docker Benchmark %s.0, with a table", release)
	}
	p.Selects = func(r *Rule) bool { return decidesAny(r, p.Benchmark) }
	return p
}

// decidesAny reports whether the rule decides a recommendation of the selection.
func decidesAny(r *Rule, s cis.Selection) bool {
	for number := range strings.FieldsSeq(r.Refs.CIS) {
		if recommendation, ok := cis.Lookup(number); ok && s.Holds(recommendation) {
			return true
		}
	}
	return false
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

// Holds reports whether the profile holds a rule: one that it selects, or one
// that a person brought, for whoever brings a rule wants it asked. A benchmark's
// profile holds of those only the ones that decide a recommendation of it.
func (p Profile) Holds(r *Rule) bool {
	return p.Selects(r) || r.Where != "" && p.Benchmark.IsZero()
}

// Select gives the rules of the book that the profile holds.
func (b *Book) Select(p Profile) []*Rule {
	var rules []*Rule
	for _, r := range b.rules {
		if p.Holds(r) {
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
