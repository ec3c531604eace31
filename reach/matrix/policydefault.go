package matrix

import "seawall/lang"

// defaults say what becomes of connections from outside to a port that no rule is
// for.
func (j *judge) defaults() {
	for _, t := range j.targets(OtherHost) {
		for _, f := range families {
			j.defaultsOf(t, f.name, f.ipv6)
		}
	}
}

// defaultsOf says it of a family. Sources that meet the same end are one sentence.
func (j *judge) defaultsOf(target int, family string, ipv6 bool) {
	known := map[string]int{} // by what is said of them, in out
	for _, i := range j.outside() {
		ways := j.m.Cells[i][target].waysOf(ipv6)
		for _, w := range ways {
			verdict, name := j.judgement(w), j.m.Sources[i].Name
			if j.mixed(ways) {
				name = lang.Sprintf("a part of %s", name)
			}
			key := string(verdict) + j.reason(w)
			at, ok := known[key]
			if !ok {
				at = len(j.out)
				known[key] = at
				j.say(Policy{Topic: Defaults, Family: family, Verdict: verdict, Rule: j.decider(w), Words: j.reason(w)})
			}
			if p := &j.out[at]; len(p.Sources) == 0 || p.Sources[len(p.Sources)-1] != name {
				p.Sources = append(p.Sources, name)
			}
		}
	}
	for _, at := range known {
		p := &j.out[at]
		p.Words = j.defaultWords(family, names(p.Sources), p.Verdict, p.Words)
	}
}

// mixed says whether ways of a cell are judged differently.
func (j *judge) mixed(ways []*Way) bool {
	for _, w := range ways {
		if j.judgement(w) != j.judgement(ways[0]) {
			return true
		}
	}
	return false
}

// defaultWords say what becomes of connections to a port that no rule is for.
func (j *judge) defaultWords(family, from string, verdict Judgement, reason string) string {
	switch verdict {
	case LetIn:
		return lang.Sprintf("Over %s, connections from %s to any other port of %s are let in: %s.", family, from, j.space, reason)
	case Stopped:
		return lang.Sprintf("Over %s, connections from %s to any other port of %s are stopped: %s.", family, from, j.space, reason)
	}
	return lang.Sprintf("Over %s, connections from %s to any other port of %s may get in or not: %s.", family, from, j.space, reason)
}

// families say where IPv4 and IPv6 are judged differently.
func (j *judge) families() {
	compared, unknown := false, false
	for _, kind := range []TargetKind{OtherHost, API, Published} {
		for _, t := range j.targets(kind) {
			c, u := j.compare(t)
			compared, unknown = compared || c, unknown || u
		}
	}
	different := false
	for _, p := range j.out {
		different = different || p.Topic == Families
	}
	switch {
	case different || !compared:
	case unknown:
		j.say(Policy{Topic: Families, Verdict: NotKnown, Words: lang.Sprintf("Whether %s lets in the same over IPv4 and IPv6 is not known in full; no difference was found.", j.space)})
	default:
		j.say(Policy{Topic: Families, Verdict: Same, Words: lang.Sprintf("%s lets in the same over IPv4 and IPv6.", lang.Capital(j.space))})
	}
}

// compare sets the families side by side for a target that has addresses of both.
func (j *judge) compare(target int) (compared, unknown bool) {
	t := j.m.Targets[target].Name
	known := map[string]int{} // by what is said, in out
	for _, i := range j.outside() {
		four, by4 := j.summary(j.m.Cells[i][target].waysOf(false))
		six, by6 := j.summary(j.m.Cells[i][target].waysOf(true))
		switch {
		case by4 == nil || by6 == nil:
			continue
		case four == NotKnown || six == NotKnown:
			unknown = true
		case four == LetIn && six == Stopped:
			j.differ(known, j.m.Sources[i].Name, Policy{Target: t, Family: "IPv4", Rule: j.decider(by4), Words: j.reason(by6)})
		case four == Stopped && six == LetIn:
			j.differ(known, j.m.Sources[i].Name, Policy{Target: t, Family: "IPv6", Rule: j.decider(by6), Words: j.reason(by4)})
		}
		compared = true
	}
	for _, at := range known {
		p := &j.out[at]
		other := map[string]string{"IPv4": "IPv6", "IPv6": "IPv4"}[p.Family]
		p.Words = lang.Sprintf("Over %s, %s is let in from %s, over %s it is stopped: %s.", p.Family, t, names(p.Sources), other, p.Words)
	}
	return compared, unknown
}

// differ notes a source for which the families differ: several are one sentence.
func (j *judge) differ(known map[string]int, source string, p Policy) {
	key := p.Family + p.Words
	at, ok := known[key]
	if !ok {
		at = len(j.out)
		known[key] = at
		p.Topic, p.Verdict = Families, Different
		j.say(p)
	}
	j.out[at].Sources = append(j.out[at].Sources, source)
}
