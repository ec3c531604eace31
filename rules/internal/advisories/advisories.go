// Package advisories judges components by what package currency says of them: which
// advisories are open, and whether their branch is maintained.
package advisories

import (
	"slices"
	"strings"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// remedy is how to get newer data.
var remedy = lang.N("seawall data update, or a newer Seawall")

// named is how many advisories of a component a message names.
const named = 4

// Of are the components of some kinds that belong to an engine; to the host, where
// engine is "".
func Of(c *rule.Context, engine string, kinds ...known.Component) []*currency.Component {
	var out []*currency.Component
	r := c.Currency()
	for i := range r.Components {
		if part := &r.Components[i]; part.Engine == engine && slices.Contains(kinds, part.Kind) {
			out = append(out, part)
		}
	}
	return out
}

// Read puts down what is known of a component as evidence, and what is not as missed.
func Read(c *rule.Context, part *currency.Component) {
	for _, m := range part.Missing {
		c.Missed(m.Fact, m.Gap)
	}
	if part.Version != "" {
		c.Saw(part.Read, part.Version)
		return
	}
	if len(part.Remarks) > 0 {
		doubt(c, part.Read, "", "the version of %s is not known: %s", Name(part), lang.Semicolon(part.Remarks))
		return
	}
	doubt(c, part.Read, "", "the version of %s is not known", Name(part))
}

// doubt says that something cannot be told from facts that were read.
func doubt(c *rule.Context, o snapshot.Origin, remedy, format string, args ...any) {
	c.Missed(o, snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf(format, args...), Remedy: lang.Reword(remedy)})
}

// Open fails if an advisory is open for one of the components. Where it is not known
// of one, or where the data is too old to know of new ones, the answer is unknown.
func Open(c *rule.Context, parts []*currency.Component, lowest rule.Severity) rule.Answer {
	var found []string
	var worst *currency.Verdict
	open := map[*currency.Component][]*currency.Verdict{}
	for _, part := range parts {
		Read(c, part)
		open[part] = with(part, currency.Open)
	}
	for _, part := range parts {
		for _, v := range open[part] {
			if worst == nil || weight(v, lowest) > weight(worst, lowest) {
				worst = v
			}
		}
		if len(open[part]) > 0 {
			cite(c, part, open[part])
			found = append(found, sentence(part, open[part]))
		}
	}
	if worst != nil {
		return c.FailAs(weight(worst, lowest), reason(worst), "%s", lang.Semicolon(found))
	}
	for _, part := range parts {
		if unknown := with(part, currency.VendorUnknown, currency.Undecided); len(unknown) > 0 {
			doubt(c, part.Read, "seawall updates", "%s", undecided(part, unknown))
		}
	}
	for _, part := range parts {
		if c.Currency().FreshnessOf(part) == currency.Stale {
			doubt(c, snapshot.At("data", "known advisories"), remedy, "none is known to be open for %s by data that is more than 90 days old", label(part))
		}
	}
	return c.Pass("of the advisories up to %s none is open for %s", c.Currency().AsOf, labels(parts))
}

// Named asks about some advisories only: open if one of them is open, mended if all
// are mended or not of this version; unknown otherwise.
func Named(c *rule.Context, parts []*currency.Component, ids []string, open func(ids string) rule.Answer, mended func() rule.Answer) rule.Answer {
	var found []string
	for _, part := range parts {
		Read(c, part)
		for _, v := range part.Verdicts {
			if !slices.Contains(ids, v.Advisory.ID) {
				continue
			}
			switch v.Status {
			case currency.Open, currency.Accepted:
				found = append(found, v.Advisory.ID)
			case currency.VendorUnknown, currency.Undecided:
				doubt(c, part.Read, "", "whether %s is mended in %s cannot be told: %s", v.Advisory.ID, label(part), v.Why)
			}
		}
	}
	if len(found) > 0 {
		return open(lang.Comma(found))
	}
	return mended()
}

// with are the verdicts of a component that have one of the statuses.
func with(part *currency.Component, statuses ...currency.Status) []*currency.Verdict {
	var out []*currency.Verdict
	for i := range part.Verdicts {
		if slices.Contains(statuses, part.Verdicts[i].Status) {
			out = append(out, &part.Verdicts[i])
		}
	}
	return out
}

// weight is what an open advisory means here. One that attackers are known to use is
// high at least; one of which it was not seen that this host has what it takes is not
// critical.
func weight(v *currency.Verdict, lowest rule.Severity) rule.Severity {
	s, err := rule.ParseSeverity(v.Advisory.Severity.Label)
	if err != nil {
		s = rule.Medium
	}
	if v.Advisory.Exploited.Listed {
		s = max(s, rule.High)
	}
	if s == rule.Critical && !v.Holds {
		s = rule.High
	}
	return max(s, lowest)
}

// reason says why the severity is what it is.
func reason(v *currency.Verdict) string {
	text := lang.Sprintf("%s is rated %s", v.Advisory.ID, lang.T(v.Advisory.Severity.Label))
	if v.Advisory.Severity.Label == "" {
		text = lang.Sprintf("nobody was seen to rate %s", v.Advisory.ID)
	}
	if v.Advisory.Exploited.Listed {
		text = lang.Sprintf("%s, attackers are known to use it", text)
	}
	if v.Holds {
		text = lang.Sprintf("%s, and what it takes was seen on this host", text)
	}
	return text
}

// cite names what decided: the version, and the conditions that were seen.
func cite(c *rule.Context, part *currency.Component, open []*currency.Verdict) {
	c.Cite(part.Read, part.Version)
	seen := map[snapshot.Origin]bool{}
	for _, v := range open {
		for _, e := range v.Evidence {
			if !seen[e.Fact] {
				seen[e.Fact] = true
				c.Cite(e.Fact, e.Value)
			}
		}
	}
}

// sentence tells of the open advisories of a component.
func sentence(part *currency.Component, open []*currency.Verdict) string {
	text := lang.Plural(len(open), "%d advisory is open for %s: %s", "%d advisories are open for %s: %s", len(open), label(part), list(open))
	if n := part.Count(currency.VendorUnknown) + part.Count(currency.Undecided); n > 0 {
		text = lang.Sprintf("%s (of %d more it cannot be told)", text, n)
	}
	return text
}

// undecided tells of the advisories of which it is not known whether they are open.
func undecided(part *currency.Component, unknown []*currency.Verdict) string {
	n := len(unknown)
	return lang.Plural(n, "of %d advisory it cannot be told whether it is open for %s: %s (%s)",
		"of %d advisories it cannot be told whether they are open for %s: %s (%s)", n, label(part), list(unknown), unknown[0].Why)
}

// list names advisories with what mends them.
func list(verdicts []*currency.Verdict) string {
	var out []string
	for i, v := range verdicts {
		if i == named {
			out = append(out, lang.Sprintf("and %d more", len(verdicts)-named))
			break
		}
		var more []string
		if v.Advisory.Exploited.Listed {
			more = append(more, lang.T("known to be exploited"))
		}
		if v.FixedIn != "" {
			more = append(more, lang.Sprintf("mended in %s", v.FixedIn))
		}
		text := v.Advisory.ID
		if len(more) > 0 {
			text = lang.Bracket(text, lang.Comma(more))
		}
		out = append(out, text)
	}
	return lang.Comma(out)
}

// names of components in sentences.
var names = map[known.Component]string{
	known.Engine: lang.N("engine"), known.CLI: "docker", known.Containerd: "containerd", known.Runc: "runc", known.BuildKit: lang.N("its BuildKit"),
	known.Compose: "docker-compose", known.Buildx: "docker-buildx", known.Slirp4netns: "slirp4netns", known.Kernel: lang.N("kernel"),
}

// Name is what a component is called in a sentence, with the place of a client.
func Name(part *currency.Component) string {
	if part.Engine == "" && part.Path != "" {
		return part.Path
	}
	return lang.T(names[part.Kind])
}

// label is the name with the version.
func label(part *currency.Component) string {
	return strings.TrimSpace(Name(part) + " " + part.Version)
}

func labels(parts []*currency.Component) string {
	var out []string
	for _, part := range parts {
		out = append(out, label(part))
	}
	return lang.Comma(out)
}

// Unmaintained fails if the branch of a component gets no more mends, from whoever
// built it: the makers of the releases, or the distribution whose package it is.
func Unmaintained(c *rule.Context, parts []*currency.Component) rule.Answer {
	var dead, alive []string
	unknown := unknowns{}
	for _, part := range parts {
		Read(c, part)
		state, words := maintained(part)
		switch state {
		case currency.Unmaintained:
			c.Cite(part.Read, part.Version)
			dead = append(dead, label(part)+": "+words)
		case currency.StillMaintained:
			alive = append(alive, label(part)+": "+words)
		default:
			if part.Version != "" {
				unknown.add(part, words)
			}
		}
	}
	for _, u := range unknown {
		doubt(c, u.parts[0].Read, remedyOf(u.parts[0]), "%s: %s", labels(u.parts), u.words)
	}
	if len(dead) > 0 {
		return c.Fail("%s", lang.Semicolon(dead))
	}
	return c.Pass("%s", lang.Semicolon(alive))
}

// unknowns are the reasons for which it is not known whether parts are maintained, each
// told once.
type unknowns []struct {
	words string
	parts []*currency.Component
}

func (u *unknowns) add(part *currency.Component, words string) {
	for i := range *u {
		if (*u)[i].words == words {
			(*u)[i].parts = append((*u)[i].parts, part)
			return
		}
	}
	*u = append(*u, struct {
		words string
		parts []*currency.Component
	}{words, []*currency.Component{part}})
}

// remedyOf is how to learn more of a component's support. Newer data says nothing of
// Debian unstable, which has no support that could end.
func remedyOf(part *currency.Component) string {
	if part.Origin.Ecosystem == known.Debian {
		return lang.T("use packages of a release of Debian")
	}
	return remedy
}

// maintained is whether a component still gets mends, and why. For a distribution's
// package its support counts, not that of the upstream branch.
func maintained(part *currency.Component) (currency.Maintained, string) {
	switch {
	case part.Support.Name != "":
		return part.Support.State, supportWords(part.Support)
	case part.Origin.FromUpstream():
		return part.Branch.State, branchWords(part.Branch)
	case part.Branch.State == currency.StillMaintained && part.Origin.Builder == currency.BuiltUnknown:
		return currency.NotKnown, lang.T("who built it is not known")
	}
	return currency.NotKnown, lang.Sprintf("how long %s is supported is not known here", part.Origin.Words())
}

func supportWords(s currency.Support) string {
	if s.Name == currency.Unstable {
		return lang.Sprintf("%s has no time of support: how long this version is mended is not known, flaws go with the next one", lang.T(s.Name))
	}
	switch s.State {
	case currency.Unmaintained:
		return lang.Sprintf("%s has had no support since %s", s.Name, s.LongTermEnds)
	case currency.StillMaintained:
		return lang.Sprintf("%s is supported until %s", s.Name, s.LongTermEnds)
	}
	return lang.Sprintf("how long %s is supported is not known here", s.Name)
}

func branchWords(b currency.Branch) string {
	switch {
	case b.Name == "":
		return lang.T("which branch it is of is not known")
	case b.State == currency.Unmaintained && b.Ends != "":
		return lang.Sprintf("branch %s is not maintained since %s", b.Name, b.Ends)
	case b.State == currency.Unmaintained:
		return lang.Sprintf("branch %s is not maintained (%s)", b.Name, b.Status)
	case b.State == currency.StillMaintained && b.Ends != "":
		return lang.Sprintf("branch %s is maintained until %s", b.Name, b.Ends)
	case b.State == currency.StillMaintained:
		return lang.Sprintf("branch %s is maintained", b.Name)
	}
	return lang.Sprintf("whether branch %s is maintained is not known", b.Name)
}
