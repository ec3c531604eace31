package matrix

import (
	"slices"

	"seawall/lang"
	"seawall/reach/filter"
)

// reached is who gets to a target, by name.
type reached struct {
	in, stopped, unknown []string
	rule                 filter.Step // that lets the first in
	// why they get in, each reason once, and why it is not known of the first.
	reasons []string
	why     string
}

// reachedBy sorts some sources by what they get to.
func (j *judge) reachedBy(target int, meant func(*Source) bool) reached {
	var out reached
	for i := range j.m.Sources {
		s, c := &j.m.Sources[i], &j.m.Cells[i][target]
		if !meant(s) {
			continue
		}
		switch w := c.through(s, true); {
		case w != nil:
			if len(out.in) == 0 {
				out.rule = j.decider(w)
			}
			out.in, out.reasons = append(out.in, s.Name), adding(out.reasons, j.reason(w))
		case c.closed(s, &j.m.Targets[target], true):
			out.stopped = append(out.stopped, s.Name)
		default:
			if len(out.unknown) == 0 {
				out.why = j.whyOf(c)
			}
			out.unknown = append(out.unknown, s.Name)
		}
	}
	return out
}

// whyOf says why a cell is not known.
func (j *judge) whyOf(c *Cell) string {
	if best := c.Best(); c.Why == "" && best != nil {
		return j.reason(best)
	}
	return c.Why
}

// policy is a sentence of who gets to something.
func (r reached) policy(topic Topic, target string, words reachedWords) Policy {
	p := Policy{Topic: topic, Target: target, Verdict: Stopped, Sources: r.stopped, Words: words.closed}
	switch {
	case len(r.in) > 0:
		reasons := r.reasons[0]
		if len(r.reasons) > 1 {
			reasons = lang.Sprintf("%s, and others", reasons)
		}
		p.Verdict, p.Sources, p.Rule = LetIn, r.in, r.rule
		p.Words = words.open(names(r.in), reasons)
		if len(r.stopped) > 0 {
			p.Words = lang.Sprintf("%s, and closed to %s", p.Words, names(r.stopped))
		}
	case len(r.unknown) > 0:
		p.Verdict, p.Sources, p.Words = NotKnown, r.unknown, words.unknown
	}
	if len(r.unknown) > 0 {
		p.Words = lang.Sprintf("%s; of %s it is not known (%s)", p.Words, names(r.unknown), r.why)
	}
	p.Words = lang.Sentence(p.Words)
	return p
}

// reachedWords say of something that it is closed to all, not known to be, or open to
// some, for a reason.
type reachedWords struct {
	closed, unknown string
	open            func(to, reason string) string
}

// apis say who reaches the listeners of the API, besides the host itself.
func (j *judge) apis() {
	for _, t := range j.targets(API) {
		name := j.m.Targets[t].Name
		who := j.reachedBy(t, func(s *Source) bool { return s.Kind != Host })
		j.say(who.policy(APIs, name, reachedWords{
			closed:  lang.Sprintf("The API at %s is closed to all but the host itself", name),
			unknown: lang.Sprintf("The API at %s is not known to be closed", name),
			open: func(to, reason string) string {
				return lang.Sprintf("The API at %s is open to %s (%s)", name, to, reason)
			},
		}))
	}
}

// containers say whether ports that are not published are open to those outside
// and to containers on other networks.
func (j *judge) containers() {
	for _, t := range j.targets(OtherContainer) {
		network := j.m.Targets[t].Network
		who := j.reachedBy(t, func(s *Source) bool { return s.Kind != Host && !slices.Contains(s.Networks, network) })
		j.say(who.policy(Unpublished, network, reachedWords{
			closed:  lang.Sprintf("Ports on the network %s that are not published are closed to all outside and on other networks", network),
			unknown: lang.Sprintf("Ports on the network %s that are not published are not known to be closed", network),
			open: func(to, reason string) string {
				return lang.Sprintf("Ports on the network %s that are not published are open to %s (%s)", network, to, reason)
			},
		}))
	}
}

// published says which published ports are let in where other ports are stopped.
func (j *judge) published() {
	var ports []string
	var from []string
	var rule filter.Step
	stops, unknown := false, false
	for _, other := range j.targets(OtherHost) {
		for _, i := range j.outside() {
			for _, f := range families {
				verdict, by := j.summary(j.m.Cells[i][other].waysOf(f.ipv6))
				if by == nil || verdict != Stopped {
					continue
				}
				stops = true
				for _, t := range j.targets(Published) {
					verdict, by := j.summary(j.m.Cells[i][t].waysOf(f.ipv6))
					switch {
					case by == nil || verdict == Stopped:
					case verdict == NotKnown:
						unknown = true
					default:
						if len(ports) == 0 {
							rule = j.decider(by)
						}
						ports, from = adding(ports, j.m.Targets[t].Name), adding(from, j.m.Sources[i].Name)
					}
				}
			}
		}
	}
	p := Policy{Topic: Bypasses, Targets: ports, Sources: from, Rule: rule}
	switch {
	case !stops || len(j.targets(Published)) == 0:
		return
	case len(ports) > 0:
		p.Verdict, p.Words = LetIn, lang.Sprintf("Published ports get past %s: %s from %s.", j.guard(), list(ports), names(from))
	case unknown:
		p.Verdict, p.Words = NotKnown, lang.Sprintf("Whether published ports get past %s is not known.", j.guard())
	default:
		p.Verdict, p.Words = Stopped, lang.Sprintf("No published port gets past %s.", j.guard())
	}
	j.say(p)
}

func adding(to []string, name string) []string {
	if slices.Contains(to, name) {
		return to
	}
	return append(to, name)
}

// guard is what stops other ports: a front end, if one is active.
func (j *judge) guard() string {
	for _, p := range j.out {
		if p.Topic == FrontEnds && p.Verdict == Active {
			return lang.Sprintf("%s, which stops other ports", p.Target)
		}
	}
	return lang.T("the rules that stop other ports")
}
